// SPDX-License-Identifier: Apache-2.0
// Brokers that lie: each is left, memory stays bounded, and the API answers meanwhile.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';

import { programs } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const plain = (broker) => ({ host: '127.0.0.1', port: broker.port, tls: false, client_id: 'box' });
const idle = (mqtt) => ({ central_system: { url: 'wss://127.0.0.1:1/ocpp' }, mqtt });
const notConnected = (daemon, detail) => until(() => `no connection for ${detail}`, async () => {
    const { mqtt } = await daemon.status().catch(() => ({}));
    return mqtt && !mqtt.connected && detail.test(mqtt.detail);
}, 30_000);

/// A server that lets everybody in (CONNACK), then does what `then(socket)` does.
async function liar(made, then, welcome = Buffer.from([0x20, 2, 0, 0])) {
    const sockets = new Set();
    let visits = 0;
    const server = net.createServer((socket) => {
        sockets.add(socket);
        ++visits;
        socket.on('error', () => {}).once('data', () => {
            socket.write(welcome);
            then(socket);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    made.keep(server, async () => (sockets.forEach((socket) => socket.destroy()), server.close()));
    return { port: server.address().port, get visits() { return visits; } };
}

const sanitized = readFileSync(join(programs, 'busbard')).includes('__asan_init');
const kilobytes = (daemon) => Number(readFileSync(`/proc/${daemon.program.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

bench('one that sends a message without end is left, and its memory with it', async (made) => {
    const endless = Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x61]), Buffer.alloc(1 << 20, 0x61)]);
    const address = await liar(made, (socket) => {
        const more = () => { while (!socket.destroyed && socket.write(endless)); };
        socket.on('drain', more);
        more();
    });
    const daemon = made.daemon(idle(plain(address)));
    daemon.start();
    await until('it is left', () => daemon.events('mqtt_lost').some((line) => line.includes('more than')));
    await until('and again', () => address.visits >= 3, 30_000);
    assert.equal(daemon.events('mqtt_lost').length, 1, 'said once');
    if (!sanitized) assert.ok(kilobytes(daemon) < 60_000, `${kilobytes(daemon)} kB`);
});

bench('one that speaks nonsense, or says nothing, is left; the API answers meanwhile', async (made) => {
    const nonsense = await liar(made, (socket) => socket.write(Buffer.alloc(4096, 0xff)));
    const daemon = made.daemon(idle(plain(nonsense)));
    daemon.start();
    await until('left', () => daemon.events('mqtt_lost').length > 0);
    const mute = await liar(made, () => {}, Buffer.alloc(0));
    daemon.configure(idle(plain(mute)));
    daemon.program.child.kill('SIGHUP');
    await notConnected(daemon, /not let us in within 15 s/);
    daemon.configure(idle({ host: 'nowhere.invalid' }));
    daemon.program.child.kill('SIGHUP');
    await notConnected(daemon, /nowhere\.invalid is not found/);
    const began = Date.now();
    assert.equal(await daemon.stop(), 0);
    assert.ok(Date.now() - began < 5000);
}, 90_000);
