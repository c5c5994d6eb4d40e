// SPDX-License-Identifier: Apache-2.0
// The secure link: the load balancer's TLS, and one log line with the right cause for each way it can fail.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

import { load_balancer_suites, load_balancer_tls } from './lib/central_system.mjs';
import { centralSystem, charger, password } from './lib/daemon.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { never, until } from './lib/wait.mjs';

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

const wrong_servers = {
    unknown_ca: (made) => ({ trusts: made.authority('another'), certificate: made.authority().issue() }),
    expired: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue({ from_days: -9, until_days: -1 }) }),
    not_yet_valid: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue({ from_days: 1, until_days: 9 }) }),
    host_mismatch: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue({ names: ['DNS:other.example'] }) }),
    cipher: (made, authority = made.authority()) => ({
        trusts: authority,
        certificate: authority.issue({ key: 'rsa' }),
        tls: { ...load_balancer_tls, ciphers: load_balancer_suites.filter((suite) => suite.startsWith('AES')).join(':') },
    }),
    tls_version: (made, authority = made.authority()) => ({
        trusts: authority,
        certificate: authority.issue({ key: 'rsa' }),
        tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    }),
    subprotocol: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue(), admit: () => false }),
    http_401: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue(), admit: () => 401 }),
    http_404: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue(), admit: () => 404 }),
    http_other: (made, authority = made.authority()) => ({ trusts: authority, certificate: authority.issue(), admit: () => 503 }),
};

/// One log line a streak, with this cause, while the dials go on.
async function failsOnceWith(cause, daemon) {
    daemon.start();
    await until(`a line with cause=${cause}`, () => daemon.events('link_failed').length > 0);
    await never('a second line', () => daemon.events('link_failed').length > 1, 1500);
    assert.equal(daemon.events('link_failed', 'charge_point=CP1', `cause=${cause}`).length, 1, daemon.log);
    assert.match(JSON.stringify(await daemon.status()), new RegExp(`"${cause}"`));
    assert.ok(!daemon.log.includes(password), 'no password in the log');
}

const configuration = (central_system) => ({ central_system, buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }], chargers: [charger('CP1')] });

for (const [cause, make] of Object.entries(wrong_servers)) {
    bench(`a server that is wrong by ${cause}: one line that says so`, async (made) => {
        const { trusts, ...server } = make(made);
        const central = await made.central(server);
        await failsOnceWith(cause, made.daemon(configuration(centralSystem(central, trusts))));
        assert.equal(central.calls.length, 0);
    });
}

/// A server of `made` on TCP alone that does `serve` with each connection.
async function plainServer(made, serve) {
    const server = net.createServer((socket) => {
        socket.on('error', () => {});
        serve(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return made.keep({ url: `wss://localhost:${server.address().port}/ocpp` }, () => server.close());
}

const wrong_networks = {
    dns: async () => ({ url: 'wss://no-such-host.invalid/ocpp' }),
    refused: async () => ({ url: 'wss://127.0.0.1:1/ocpp' }),
    closed: (made) => plainServer(made, (socket) => socket.end()),
};

for (const [cause, make] of Object.entries(wrong_networks)) {
    bench(`no server by ${cause}: one line that says so`, async (made) => {
        await failsOnceWith(cause, made.daemon(configuration(centralSystem(await make(made), made.authority()))));
    });
}

bench('a wrong password is one line, and the next streak after a success is a new one', async (made) => {
    const authority = made.authority();
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
    let refuse = true;
    central.admitBy(() => (refuse ? 401 : undefined));
    const daemon = made.daemon(configuration(centralSystem(central, authority)));
    await failsOnceWith('http_401', daemon);
    refuse = false;
    await central.next('BootNotification');
    await settled(central);
    refuse = true;
    const before = central.upgrades.length;
    central.cut();
    await until('the next refusal', () => central.upgrades.length > before);
    assert.deepEqual(daemon.events('link_failed').map((line) => line.match(/cause=(\w+)/)[1]), ['http_401', 'closed']);
});
