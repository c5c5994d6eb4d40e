// SPDX-License-Identifier: Apache-2.0
// The secure link: the load balancer's TLS, who we are, and what comes after success.

import assert from 'node:assert/strict';

import { load_balancer_suites } from './lib/central_system.mjs';
import { centralSystem, charger, password } from './lib/daemon.mjs';
import { failsWith } from './lib/failing_link.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

/// A session that ends within 2 s of its upgrade is taken for a refused duplicate; this one has outlived that.
const settled = (central) => until('a session of 2 s', () => Date.now() - central.upgrades.at(-1).at > 2500);

for (const key of ['ec', 'rsa']) {
    scenario(`a TLS 1.2 server with exactly the load balancer's 18 suites is accepted with an ${key} key`, { key }, async ({ central }) => {
        assert.equal(load_balancer_suites.length, 18);
        await central.status('Available');
        assert.equal(central.handshakes.at(-1).protocol, 'TLSv1.2');
        assert.match(central.handshakes.at(-1).cipher, /^ECDHE-.*-GCM-/);
        assert.equal(central.handshakes.at(-1).servername, 'localhost');
    });
}

scenario('TLS 1.3 is taken where the server has it', { tls: { minVersion: 'TLSv1.3' } }, async ({ central }) => {
    await central.status('Available');
    assert.equal(central.handshakes.at(-1).protocol, 'TLSv1.3');
});

scenario('a central system named by its address is checked against that address', { start: false }, async ({ central, daemon, authority, sim }) => {
    const config = { central_system: { ...centralSystem(central, authority), url: central.url.replace('localhost', '127.0.0.1') }, buses: [{ id: 'line', kind: 'rtu', device: sim.device, parity: 'none' }], chargers: [charger('CP1')] };
    daemon.configure(config);
    daemon.start();
    await central.status('Available');
});

scenario('an odd charge point id is percent-encoded in the path and plain in Basic Auth', { chargers: [charger('RDAM 1/%')] }, async ({ central }) => {
    await central.next('BootNotification', { chargePoint: 'RDAM 1/%' });
});

scenario('a hex password is sent as the bytes it stands for', { chargers: [charger('CP1', { password: '00ff10', password_encoding: 'hex' })], system: { passwords: undefined } }, async ({ central }) => {
    await central.next('BootNotification');
    assert.equal(central.upgrades[0].password.toString('hex'), '00ff10');
});

scenario('a link that is cut is up again at once, without a new BootNotification', {}, async ({ central }) => {
    await central.status('Available');
    await settled(central);
    central.cut();
    await until('the second upgrade', () => central.upgrades.length === 2, 5000);
    await central.call('CP1', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
    await central.next('Heartbeat');
    assert.equal(central.select('BootNotification').length, 1);
});

bench('a wrong password is one line, and the next streak after a success is a new one', async (made) => {
    const authority = made.authority();
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
    let refuse = true;
    central.admitBy(() => (refuse ? 401 : undefined));
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }], chargers: [charger('CP1')] });
    await failsWith('http_401', daemon);
    refuse = false;
    await central.next('BootNotification');
    await settled(central);
    refuse = true;
    const before = central.upgrades.length;
    central.cut();
    await until('the next refusal', () => central.upgrades.length > before);
    assert.deepEqual(daemon.events('link_failed').map((line) => line.match(/cause=(\w+)/)[1]), ['http_401', 'closed']);
});
