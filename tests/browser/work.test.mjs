// SPDX-License-Identifier: Apache-2.0
// An electrician's and an owner's work on a charger: pause, limit, release; read what was said; prove that it works.
import assert from 'node:assert/strict';

import { charge, limitTo } from '../e2e/lib/charging.mjs';
import { centralSystem, charger, serialBus } from '../e2e/lib/daemon.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { story } from './box.mjs';

/** One box, one charger, one central system; a car charges, unless it `waits`. */
async function charging(plugIn, made, { box: model = 'heidelberg:1', bus, waits, ...more } = {}) {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: [model], speed: 20 });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }) });
    const box = await plugIn({ central_system: centralSystem(central, authority), buses: [bus?.(sim) ?? serialBus(sim)], chargers: [charger('CP1', more)] });
    await box.staffed();
    const { transactionId } = waits ? {} : await charge({ sim, central });
    return { box, sim, central, transactionId };
}

story('an owner pauses, resumes and limits, the charger obeys, and the page says why', async (plugIn, made) => {
    const { box, sim, central } = await charging(plugIn, made);
    const phone = await box.visit({ role: 'owner' });
    await phone.open('charger/CP1');
    await phone.press('Pause');
    await phone.sees('Paused here, by a person');
    await sim.limit(0);
    await phone.look('charger-paused');
    await phone.press('Resume');
    await phone.sees('Resumed.');
    await sim.limit(16);
    await phone.page.getByRole('slider').fill('8');
    await phone.press('Set the limit');
    await phone.sees('Limited to 8 A here, by a person.');
    await sim.limit(8);
    await until('the power of 8 A', async () => /^5\.\d kW/.test(await phone.page.locator('.big').innerText()));
    await phone.press('Remove the limit');
    await phone.sees('The limit is removed');
    await sim.limit(16);
    assert.equal(await phone.count('button', 'Start anew'), 0, 'that is for an installer');
    assert.equal(central.select('StopTransaction').length, 0);
});

story('an installer releases the cable, but not while a car charges, and starts the charge point anew', async (plugIn, made) => {
    const { box, sim, central } = await charging(plugIn, made, {
        box: 'openevse:1,socket_lock=1,battery_wh=100000',
        bus: (line) => ({ id: 'line', kind: 'serial', device: line.device }),
        profile: 'openevse-rapi',
        phases: 1,
        lost_after_s: 10,
    });
    const phone = await box.visit({ role: 'installer' });
    phone.expected.push(/\b409\b.*\/actions\/unlock$/);
    await phone.open('charger/CP1');
    const release = async () => {
        await phone.press('Release the cable');
        await phone.sees('Somebody should stand beside it');
        await phone.page.getByRole('dialog').getByRole('button', { name: 'Release the cable' }).click();
    };
    await release();
    await phone.sees('Not while a car is charging.');
    await sim.unplug();
    await central.next('StopTransaction');
    await release();
    await phone.sees('The charger has released the cable.');
    await phone.press('Start anew');
    await phone.look('charger-ask');
    await phone.page.getByRole('dialog').getByRole('button', { name: 'Start anew' }).click();
    await until('the second BootNotification', () => central.select('BootNotification').length === 2);
});

story('an installer corrects the password of a charger, and takes it out', async (plugIn, made) => {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }), passwords: { CP1: 'the-right-one-01' } });
    const box = await plugIn({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: [charger('CP1')] });
    await box.staffed();
    const phone = await box.visit({ role: 'installer' });
    await phone.open('charger/CP1');
    await phone.page.getByRole('main').getByRole('link', { name: 'Settings' }).click();
    await phone.fill('Password at the central system', 'the-right-one-01');
    await phone.fill('Most current, A', '10');
    await phone.press('Save');
    await phone.sees('Saved and in force.');
    await central.next('BootNotification');
    const settings = async () => (await box.manager.api('GET', '/configuration')).json.chargers;
    assert.equal((await settings())[0].max_current_a, 10);
    await phone.press('Remove CP1');
    await phone.sees('CP1 goes when you save.');
    await phone.look('charger-removed');
    await phone.press('Discard');
    await phone.press('Remove CP1');
    await phone.press('Save');
    await phone.sees('Saved and in force.');
    assert.deepEqual(await settings(), []);
});

story('messages stand with their answers and the registers they wrote; they are filtered, held and saved', async (plugIn, made) => {
    const { box, sim, central, transactionId } = await charging(plugIn, made);
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { transactionId }));
    await sim.limit(9);
    const desk = await box.visit({ role: 'installer', width: 1280 });
    await desk.open('trace');
    const messages = desk.page.locator('details.message');
    const wish = messages.filter({ hasText: 'Asks connector 1 to go no higher than 9 A.' });
    await wish.click();
    await wish.getByText('"status": "Accepted"').waitFor();
    await wish.getByText(/Wrote unit 1, address 261: limit = 9/).waitFor();
    await desk.look('trace-open');

    await desk.page.getByLabel('Kind').selectOption('SetChargingProfile');
    await until('one message', async () => (await messages.count()) === 1);
    await desk.fill('Search', 'nothing says this');
    await desk.sees('Nothing fits');
    await desk.fill('Search', '');

    await desk.press('Pause');
    await central.call('CP1', 'SetChargingProfile', limitTo(7, { transactionId }));
    await sim.limit(7);
    await desk.page.waitForTimeout(1500);
    assert.equal(await messages.count(), 1, 'held');
    await desk.press('Go on');
    await until('both messages', async () => (await messages.count()) === 2);

    const { name, text } = await desk.download(() => desk.press('Save'));
    assert.match(name, /^busbar-messages-\d{4}-\d\d-\d\d\.jsonl$/);
    const lines = text.trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(lines.map(({ action }) => action), ['SetChargingProfile', 'SetChargingProfile']);
    await desk.page.getByLabel('Kind').selectOption('');
    await desk.sees('Charging has begun at connector 1');
    assert.ok(!(await desk.page.locator('main').innerText()).includes('FREE01'), 'card numbers are masked');
});

story('the checklist ticks itself beside a car that charges, and keeps what the electrician says', async (plugIn, made) => {
    const { box, sim } = await charging(plugIn, made);
    const phone = await box.visit({ role: 'installer' });
    await phone.open('commissioning/CP1');
    await phone.press('Run');
    const row = (title) => phone.page.getByRole('listitem').filter({ hasText: title });
    for (const title of ['The charger answers', 'The central system accepts it', 'The meter counts', 'It obeys 16 A', 'It obeys 6 A', 'It pauses', 'It resumes'])
        await row(title).getByText('Passed').waitFor({ timeout: 100_000 });
    await phone.button('Run').waitFor({ timeout: 100_000 });
    await sim.limit(16);
    await row('Labels are in place').getByRole('button', { name: 'In order', exact: false }).first().click();
    await row('Labels are in place').getByText('Passed').waitFor();
    await row('Labels are in place').getByRole('textbox').fill('F12, north wall');
    await phone.page.keyboard.press('Tab');
    await phone.look('checklist-done');
    await phone.page.reload();
    await row('It resumes').getByText('Passed').waitFor();
    assert.equal(await row('Labels are in place').getByRole('textbox').inputValue(), 'F12, north wall');
}, 240_000);
