// SPDX-License-Identifier: Apache-2.0
// What is set of the box by its pages: programs that listen, the way out, a charger's place; who may help, the label, and nothing of it any more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { get } from '../e2e/lib/api.mjs';
import { own_password } from '../e2e/lib/browser.mjs';
import { centralSystem, charger, serialBus } from '../e2e/lib/daemon.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { story } from './box.mjs';

const gsm = { id: 'gsm', interface: 'nosuch0', kind: 'gsm', priority: 2, pin: '1234' };
const helper = { host: '127.0.0.1', port: 1, user: 'busbar', host_key: 'ssh-ed25519 AAAA', remote_port: 20_007 };

async function small(plugIn, made, more = {}) {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1', 'heidelberg:2'] });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }) });
    const uplinks = [{ id: 'lan', interface: 'lo', kind: 'ethernet' }, gsm];
    const box = await plugIn({ central_system: centralSystem(central, authority), network: { manager: 'none' }, uplinks, buses: [serialBus(sim)], chargers: [charger('CP1')], ...more });
    await box.staffed();
    await central.status('Available');
    return { box, sim, central };
}

const saved = async (phone) => {
    await phone.press('Save');
    await phone.sees('Saved and in force.', 30_000);
};
const inForce = async ({ daemon }) => get(daemon, '/configuration');
/** With its secrets. */
const kept = ({ daemon }) => JSON.parse(readFileSync(daemon.config_file, 'utf8'));

story('MQTT and metrics are switched on and off, and nothing else of the configuration changes', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const before = await inForce(box);
    const phone = await box.visit({ role: 'installer' });
    // The gateway's own door is made anew with `web`.
    phone.expected.push(/net::ERR_/);
    await phone.open('settings/figures');
    await phone.fill('MQTT broker', '127.0.0.1');
    await phone.page.getByRole('checkbox', { name: /^Encrypted/ }).uncheck();
    await phone.fill('User name', 'busbar');
    await phone.fill('Password', 'of-the-broker');
    await phone.page.getByRole('checkbox', { name: /^Metrics/ }).check();
    await saved(phone);
    assert.deepEqual(await inForce(box), { ...before, mqtt: { host: '127.0.0.1', tls: false, user: 'busbar', password: null }, web: { ...before.web, metrics: true } });
    await phone.sees('Empty: the present one stays.');
    await phone.look('settings-figures-on');
    await phone.fill('Port', '70000');
    await phone.press('Save');
    await phone.page.waitForTimeout(300);
    assert.equal((await inForce(box)).mqtt.port, undefined, 'a port that cannot be is not sent');
    await phone.fill('Port', '1884');
    await saved(phone);
    assert.deepEqual([kept(box).mqtt.port, kept(box).mqtt.password], [1884, 'of-the-broker'], 'the password stays');
    await phone.fill('MQTT broker', '');
    await phone.page.getByRole('checkbox', { name: /^Metrics/ }).uncheck();
    await saved(phone);
    assert.deepEqual(await inForce(box), before);
});

story('APN and DNS of a way change, its PIN stays, and of two phones the second is told', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const [one, two] = [await box.visit({ role: 'installer' }), await box.visit({ role: 'installer' })];
    two.expected.push(/\b412\b.*\/configuration$/);
    for (const phone of [one, two]) {
        await phone.open('settings/network');
        await phone.page.locator('summary', { hasText: /^gsm$/ }).click();
    }
    await one.sees('Empty: the present one stays.');
    await one.fill('APN', 'internet.example');
    await two.page.locator('details[open]').getByLabel('DNS servers').fill('10.64.0.1, 10.64.0.2');
    await saved(one);
    await two.press('Save');
    await two.sees('Somebody else changed the configuration meanwhile.');
    await saved(two);
    assert.deepEqual(kept(box).uplinks[1], { ...gsm, apn: 'internet.example', dns: ['10.64.0.1', '10.64.0.2'] });
    await one.page.reload();
    await one.page.locator('summary', { hasText: /^gsm$/ }).click();
    await one.fill('PIN of the SIM', '98');
    await one.press('Save');
    await one.page.waitForTimeout(300);
    assert.equal(kept(box).uplinks[1].pin, '1234', 'two digits are no PIN');
    await one.fill('PIN of the SIM', '9876');
    await saved(one);
    assert.equal(kept(box).uplinks[1].pin, '9876');
});

story('a charger is moved to another unit id, and stays the same charge point', async (plugIn, made) => {
    const { box, sim, central } = await small(plugIn, made);
    const phone = await box.visit({ role: 'installer' });
    await phone.open('charger/CP1/settings');
    await phone.fill('Unit id', '2');
    await saved(phone);
    assert.deepEqual(kept(box).chargers.map(({ id, bus, unit_id }) => [id, bus, unit_id]), [['CP1', 'line', 2]]);
    await sim.plug(2);
    await central.next('StartTransaction', { chargePoint: 'CP1' });
});

story('an owner lets a helper in, everybody sees it, and ends it', async (plugIn, made) => {
    const { box } = await small(plugIn, made, { support: helper });
    const [owner, viewer] = [await box.visit({ role: 'owner' }), await box.visit({ role: 'viewer' })];
    await viewer.open();
    await owner.open('settings/support');
    await owner.press('Allow for one hour');
    await owner.sees('Remote support is on until');
    const until_s = Date.parse((await box.daemon.status()).support_until) - Date.now();
    assert.ok(Math.abs(until_s - 3_600_000) < 60_000, `${until_s} ms`);
    await owner.look('settings-support-on');
    await viewer.sees('Remote support is on until');
    await viewer.look('overview-support-on');
    await owner.open('settings/support');
    await owner.press('End it now');
    await until('its end', async () => (await box.daemon.status()).support_until === undefined);
    await owner.button('Allow for one hour').waitFor();
    const bundle = await (async () => {
        await owner.press('Make the bundle');
        return owner.download(() => owner.page.getByRole('link', { name: 'Save the bundle' }).click({ timeout: 30_000 }));
    })();
    assert.ok(!bundle.text.includes(own_password) && bundle.text.includes('CP1'), bundle.name);
});

story('an installer prints the label, which the security log knows, and an owner does not', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const [installer, owner] = [await box.visit({ role: 'installer' }), await box.visit({ role: 'owner' })];
    await installer.open('settings/about');
    await installer.page.getByRole('link', { name: 'Print the label' }).click();
    await installer.heading('Label of the box');
    await until('the picture', () => installer.page.locator('img').evaluate((image) => image.complete && image.naturalWidth > 100));
    await installer.page.emulateMedia({ media: 'print' });
    assert.equal(await installer.page.getByRole('heading', { level: 1 }).isVisible(), false, 'on paper stands the label alone');
    await installer.page.emulateMedia({ media: null });
    await owner.open('label');
    await owner.sees('Not for your role');
    const { entries } = await get(box.daemon, '/security-log');
    assert.equal(entries.filter(({ event }) => event === 'label_shown').length, 1);
});

story('an operator erases the box with the password, and it begins as a new one', async (plugIn, made) => {
    const { box } = await small(plugIn, made);
    const [operator, installer] = [await box.visit({ role: 'operator' }), await box.visit({ role: 'installer' })];
    operator.expected.push(/net::ERR_/, /\b401\b/, /\b429\b.*\/factory-reset$/);
    await installer.open('settings/backup');
    await installer.heading('Restore', 2);
    assert.equal(await installer.count('button', 'Erase everything'), 0);
    await operator.open('settings/backup');
    const erase = async (password) => {
        await operator.fill('Present password', password);
        await operator.press('Erase everything');
        await operator.page.getByRole('dialog').getByRole('button', { name: 'Erase everything' }).click();
    };
    await erase('wrong-Password-1');
    await operator.sees('User name and password do not go together.');
    assert.equal(box.daemon.events('factory_reset_done').length, 0);
    const begun = operator.page.getByText('The box erases itself and starts anew.');
    // Who has just guessed waits; the chargers are paused before the answer.
    await until(
        'the throttle lets us',
        async () => {
            if (await begun.isVisible()) return true;
            if (await operator.button('Erase everything').first().isEnabled({ timeout: 500 }).catch(() => false)) await erase(own_password);
            return false;
        },
        40_000,
    );
    await operator.shot('settings-erased');
    await until('the box is new', () => box.daemon.events('factory_reset_done').length === 1, 30_000);
    installer.complaints.length = 0;
});
