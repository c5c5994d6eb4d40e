// SPDX-License-Identifier: Apache-2.0
// Who gets in, what a role may, two people at one configuration, and a box that goes away under the page and comes back.
import assert from 'node:assert/strict';

import { charge } from '../e2e/lib/charging.mjs';
import { centralSystem, charger, serialBus } from '../e2e/lib/daemon.mjs';
import { own_password } from '../e2e/lib/browser.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { story } from './box.mjs';

/** A box with one charger and people; its configuration file is what the pages change. */
async function small(plugIn, made) {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }) });
    const box = await plugIn({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: [charger('CP1')] });
    await box.staffed();
    return { box, sim, central };
}

async function logIn(visitor, password) {
    await visitor.fill('User name', 'installer');
    await visitor.fill('Password', password);
    await visitor.press('Log in');
}

story('a wrong password is refused in words, many of them wait, the right one opens', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const phone = await box.visit();
    phone.expected.push(/\b429\b.*\/session$/);
    await phone.open();
    await phone.heading('Log in');
    await logIn(phone, 'wrong');
    await phone.sees('User name and password do not go together.');
    await phone.look('login-refused');
    for (let n = 0; n < 12 && !(await phone.text('Too many attempts').isVisible()); ++n) {
        await phone.press('Log in');
        await until('an answer', () => phone.page.getByRole('button', { name: 'Log in' }).isEnabled());
    }
    await phone.sees('Too many attempts');
    await phone.look('login-throttled');
    const inside = phone.page.getByRole('heading', { level: 1, name: 'Overview' });
    const waits = phone.page.getByText('Too many attempts');
    await until(
        'the throttle to give way',
        async () => {
            await logIn(phone, own_password);
            await inside.or(waits).first().waitFor();
            return inside.isVisible();
        },
        60_000,
    );
    await phone.open('more');
    await phone.press('Log out');
    await phone.heading('Log in');
});

/** As a script of the pages would ask. */
const asked = (visitor, method, path, body = {}) =>
    visitor.page.evaluate(
        async ([verb, where, what]) => {
            const headers = { 'X-Busbar': '1', 'Content-Type': 'application/json' };
            const { status } = await fetch(`/api/v1${where}`, { method: verb, headers, ...(verb !== 'GET' && { body: JSON.stringify(what) }) });
            return status;
        },
        [method, path, body],
    );

story('a viewer and an owner are offered what they may, and the box refuses the rest', async (plugIn, made) => {
    const { box, central } = await small(plugIn, made);
    await central.status('Available');
    const [viewer, owner] = [await box.visit({ role: 'viewer', width: 1280 }), await box.visit({ role: 'owner', width: 1280 })];
    for (const person of [viewer, owner]) {
        person.expected.push(/\b403\b/);
        await person.open('charger/CP1');
        await person.heading('CP1');
        await person.sees('Ready for the next car.');
    }
    const menu = async (visitor) => (await visitor.page.getByRole('navigation', { name: 'Main menu' }).first().getByRole('link').allInnerTexts()).map((text) => text.trim());
    assert.deepEqual(await menu(viewer), ['Overview', 'Settings']);
    assert.deepEqual(await menu(owner), ['Overview', 'Connection doctor', 'Settings']);
    for (const name of ['Pause', 'Set the limit', 'Start anew']) assert.equal(await viewer.count('button', name), 0, name);
    assert.equal(await owner.count('button', 'Pause'), 1);
    assert.equal(await owner.count('button', 'Start anew'), 0);
    for (const [method, path] of [['POST', '/chargers/CP1/actions/pause'], ['GET', '/users'], ['GET', '/configuration'], ['POST', '/diagnostics/connection']])
        assert.equal(await asked(viewer, method, path), 403, `viewer ${method} ${path}`);
    for (const [method, path] of [['POST', '/chargers/CP1/actions/unlock'], ['GET', '/configuration'], ['PUT', '/setup'], ['GET', '/trace/ocpp']])
        assert.equal(await asked(owner, method, path), 403, `owner ${method} ${path}`);
    for (const place of ['find', 'trace', 'setup', 'commissioning/CP1']) {
        await owner.open(place);
        await owner.sees('Not for your role');
    }
    await viewer.open('settings');
    await viewer.heading('Settings');
    assert.deepEqual(await viewer.page.locator('main').getByRole('link').locator('strong').allInnerTexts(), ['My account', 'Network', 'Time and charging hours', 'Certificates', 'Update', 'About']);
});

story('of two phones that edit the configuration the second is told, and neither change is lost', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const [one, two] = [await box.visit({ role: 'installer' }), await box.visit({ role: 'installer' })];
    two.expected.push(/\b412\b.*\/configuration$/);
    for (const phone of [one, two]) {
        await phone.open('settings/central');
        await phone.text('More settings').click();
    }
    const was = await one.page.getByLabel('File of trusted certificates').inputValue();
    await one.fill('Address', 'wss://first.example/ocpp');
    await two.fill('File of trusted certificates', '/etc/ssl/certs/ca-certificates.crt');
    await one.press('Save');
    await one.sees('Saved and in force.');
    await two.press('Save');
    await two.sees('Somebody else changed the configuration meanwhile.');
    await two.look('settings-central-refused');
    assert.equal(await two.page.getByLabel('Address').inputValue(), 'wss://first.example/ocpp', 'the change of the first');
    assert.equal(await two.page.getByLabel('File of trusted certificates').inputValue(), '/etc/ssl/certs/ca-certificates.crt', 'what the second typed');
    await two.press('Save');
    await two.sees('Saved and in force.');
    const { json } = await box.manager.api('GET', '/configuration');
    assert.equal(json.central_system.url, 'wss://first.example/ocpp');
    assert.equal(json.central_system.ca_file, '/etc/ssl/certs/ca-certificates.crt');
    assert.notEqual(was, json.central_system.ca_file);
});

story('when the box restarts under the page it says so, and goes on by itself where it was', async (plugIn, made) => {
    const { box, sim, central } = await small(plugIn, made);
    await charge({ sim, central });
    const phone = await box.visit({ role: 'installer' });
    phone.expected.push(/net::ERR_/, /\b401\b/);
    let loads = 0;
    await phone.open('charger/CP1');
    await phone.sees('Charging');
    phone.page.on('domcontentloaded', () => ++loads);
    await box.daemon.kill();
    await phone.sees('No news from the gateway.', 30_000);
    await phone.look('away');
    box.daemon.start();
    await phone.heading('Log in');
    await logIn(phone, own_password);
    await phone.heading('CP1');
    await sim.unplug();
    await phone.sees('Ready for the next car.');
    await phone.text('No news from the gateway.').waitFor({ state: 'hidden' });
    assert.equal(loads, 0, 'nobody reloaded the page');

    // Who opens the pages while the box is away is let in by itself, too.
    await phone.open('more');
    await phone.press('Log out');
    await phone.heading('Log in');
});
