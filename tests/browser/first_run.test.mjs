// SPDX-License-Identifier: Apache-2.0
// From an empty box to a car that charges, as a new electrician goes: by the pages alone, on a phone.
import assert from 'node:assert/strict';

import { get } from '../e2e/lib/api.mjs';
import { newPassword, own_password } from '../e2e/lib/browser.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { story } from './box.mjs';

const secret = 'from-the-central-system-7';

async function addCharger(phone, unit, { id, fill }) {
    const card = phone.page.locator('.found').filter({ hasText: `Unit ${unit} at` });
    await card.getByRole('button', { name: 'Add', exact: true }).click();
    await phone.heading(`Add unit ${unit}`, 3);
    await phone.fill('Charge point id', id);
    await phone.fill('Password at the central system', secret);
    await fill?.();
    await phone.press('Add charger');
    await phone.page.getByText(id, { exact: true }).waitFor();
}

const next = (phone, name = 'Next') => phone.press(name);

async function comesIn(phone, box) {
    await phone.open();
    await phone.heading('Log in');
    await phone.look('login');
    const first = await newPassword(box.daemon);
    await phone.fill('User name', 'installer');
    await phone.fill('Password', first);
    await phone.press('Log in');
    await phone.heading('Choose your own password');
    assert.equal(await phone.count('navigation'), 0, 'nothing else is possible');
    await phone.look('new-password');
    await phone.fill('Present password', first);
    await phone.fill('New password', own_password);
    await phone.fill('New password once more', own_password);
    await phone.press('Change password');
}

async function answersQuestions(phone, { central, authority }) {
    await phone.heading('Password', 2);
    await phone.look('setup-password');
    await next(phone);
    await phone.heading('Network', 2);
    await phone.look('setup-network');
    await next(phone);
    await phone.heading('Time', 2);
    await phone.sees('Against this device');
    await phone.look('setup-time');
    await next(phone);
    await phone.heading('Central system', 2);
    await phone.fill('Address', central.url);
    await phone.text('More settings').click();
    await phone.fill('File of trusted certificates', authority.file);
    await phone.look('setup-central');
    await next(phone);
}

async function findsChargers(phone, { line }) {
    await phone.heading('Chargers', 2);
    await phone.text('A charger on the network').click();
    await phone.fill('Address', `127.0.0.1:${line.port}`);
    await phone.page.getByRole('radio', { name: 'RS485 behind a network converter' }).check();
    await phone.look('setup-chargers');
    await phone.press('Use this address');
    await phone.text('Options').click();
    await phone.fill('Only these unit ids', '1-2');
    await phone.press('Search now');
    await phone.sees('The search is complete', 90_000);
    await phone.press('Show live values');
    await phone.sees('Serial number');
    await phone.look('setup-found');
    await addCharger(phone, 1, { id: 'GARAGE-1', fill: () => phone.look('setup-add') });
    await phone.sees('Already added');
    await addCharger(phone, 2, { id: 'GARAGE-2', fill: () => phone.page.getByLabel('Copy from another charger').selectOption('GARAGE-1') });
}

async function putsInForce(phone, { central, box }) {
    await phone.page.reload();
    await phone.heading('Chargers', 2);
    assert.equal(central.upgrades.length, 0, 'nothing is in force yet');
    const { buses = [], chargers = [], central_system } = await get(box.daemon, '/configuration');
    assert.deepEqual([buses, chargers, central_system.url], [[], [], 'wss://csms.example/ocpp'], 'not even the line that was searched');
    await next(phone);
    await phone.heading('Check', 2);
    await phone.sees('everything is sound');
    await phone.look('setup-check');
    await next(phone, 'Put in force');
    await phone.sees('The chargers connect now', 60_000);
    await central.status('Available', { chargePoint: 'GARAGE-1' });
    await phone.press('Test the connection');
    await phone.sees('Copy as text', 60_000);
    await phone.look('setup-connected');
    await next(phone);
    await phone.heading('Hand-over', 2);
    await phone.look('setup-handover');
    await next(phone, 'To the overview');
    await phone.heading('Overview');
}

story('an electrician with a phone sets an empty box up, and sees the first car charge', async (plugIn, made) => {
    const authority = made.authority();
    const line = await made.simulator({ tunnel: true, boxes: ['heidelberg:1', 'heidelberg:2'], speed: 20 });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }), passwords: { 'GARAGE-1': secret, 'GARAGE-2': secret } });
    const box = await plugIn({ central_system: { url: 'wss://csms.example/ocpp' } });
    const phone = await box.visit();
    await comesIn(phone, box);
    await answersQuestions(phone, { central, authority });
    await findsChargers(phone, { line });
    await putsInForce(phone, { central, box });

    await central.status('Available', { chargePoint: 'GARAGE-2' });
    await line.plug(1);
    const started = await central.next('StartTransaction', { chargePoint: 'GARAGE-1' });
    assert.ok(started.params.meterStart > 0);
    await phone.sees('1 of 2 chargers charging');
    await until('the power on the overview', async () => /^11\.\d kW/.test(await phone.page.locator('.big').innerText()));
    await phone.look('overview-first-car');
}, 300_000);
