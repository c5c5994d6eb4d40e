// SPDX-License-Identifier: Apache-2.0
// The connection doctor at real failures: where the way ends, in words, and what to do.
import assert from 'node:assert/strict';

import { charger, password, tcpBus } from '../e2e/lib/daemon.mjs';
import { charge } from '../e2e/lib/charging.mjs';
import { freePort } from '../e2e/lib/free_port.mjs';
import { story } from './box.mjs';

const nobody = { id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 };

/** The doctor's page for CP1, after its test. */
async function examined(box, names) {
    const phone = await box.visit({ role: 'owner' });
    await phone.open('doctor/CP1');
    await phone.press('Test the connection');
    await phone.sees('Copy as text', 40_000);
    if (names) await phone.look(names);
    return phone;
}

/** What, the step that fails, its sentence, the cure; options({authority, made}) of the central system, or the address. */
const failures = [
    ['a name that nobody knows', 'Name', 'Nobody knows no-such-host.invalid.', 'for typing mistakes', () => ({ url: 'wss://no-such-host.invalid/ocpp' })],
    ['a port where nobody listens', 'Connection', 'refuses the connection', 'Check the port', async () => ({ url: `wss://localhost:${await freePort()}/ocpp` })],
    ["another host's certificate", 'Certificate', 'The certificate is not for localhost.', 'Check the address', ({ authority }) => ({ certificate: authority.issue({ names: ['DNS:other.example'] }) })],
    ['the certificate of an unknown authority', 'Certificate', 'Nobody we trust vouches for it.', 'ask for an exception', ({ made }) => ({ certificate: made.authority('stranger').issue() })],
    ['an expired certificate', 'Certificate', 'The certificate has expired.', 'renew its certificate', ({ authority }) => ({ certificate: authority.issue({ from_days: -9, until_days: -1 }) })],
    ['a wrong password', 'Web socket', 'were not accepted (401)', 'letter by letter', ({ good }) => ({ certificate: good, passwords: { CP1: 'another' } })],
    ['an unknown charge point', 'Web socket', 'does not know this charge point', 'Create the charge point', ({ good }) => ({ certificate: good, admit: () => 404 })],
    ['another subprotocol', 'OCPP version', 'did not agree to OCPP 1.6', 'OCPP 2 only', ({ good }) => ({ certificate: good, admit: () => false })],
    ['a rejected registration', 'Registration', 'does not accept the charge point', 'Somebody must accept', ({ good }) => ({ certificate: good, rejects: true })],
];

for (const [what, step, sentence, cure, options] of failures) {
    story(`the doctor finds ${what}, and says what to do`, async (plugIn, made) => {
        const authority = made.authority();
        const { url, rejects, ...rest } = await options({ authority, made, good: authority.issue({ until_days: 90 }) });
        const central = url ? undefined : await made.central(rest);
        if (rejects) central.answer('BootNotification', () => ({ status: 'Rejected', currentTime: new Date().toISOString(), interval: 60 }));
        const box = await plugIn({ central_system: { url: url ?? central.url, ca_file: authority.file }, buses: [nobody], chargers: [charger('CP1')] });
        await box.staffed();
        const phone = await examined(box, `doctor-${what.replace(/\W+/g, '-')}`);
        await phone.sees('The connection does not come about');
        const failed = phone.page.locator('li.fail');
        assert.equal(await failed.count(), 1, 'one step is the one to cure');
        const text = await failed.innerText();
        for (const part of [step, sentence, 'What to do:', cure]) assert.ok(text.includes(part), `${part} in: ${text}`);
        const page = await phone.page.locator('body').innerText();
        assert.ok(!page.includes(password), 'no password on the page');
        assert.doesNotMatch(page, /^, |\(\)|undefined|null/m, 'no gap in a sentence');
    });
}

story('the doctor passes every step of a connection that works, and leaves it alone', async (plugIn, made) => {
    const authority = made.authority();
    const sim = await made.simulator({ tcp: true, boxes: ['amperfied:1'] });
    const central = await made.central({ certificate: authority.issue({ until_days: 90 }) });
    const box = await plugIn({ central_system: { url: central.url, ca_file: authority.file }, buses: [tcpBus(sim)], chargers: [charger('CP1', { profile: 'amperfied-connect' })] });
    await box.staffed();
    await charge({ sim, central });
    const phone = await examined(box);
    await phone.sees('Everything is as it should be.');
    assert.equal(await phone.page.locator('li.pass').count(), 9);
    await phone.sees('127.0.0.1, port');
    await phone.sees('Of central system, vouched for by ca');
    assert.equal(central.upgrades.length, 1, 'one connection, as before');
    assert.equal(central.select('BootNotification').length, 1);
    assert.ok(central.connected('CP1'));
});
