// SPDX-License-Identifier: Apache-2.0
// Bad and many clients of the pages: each is answered or hung up on, memory stays bounded, and charging notices nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';

import { ask, installer, opened, own_password } from './lib/browser.mjs';
import { charge, limitTo } from './lib/charging.mjs';
import { centralSystem, charger, serialBus } from './lib/daemon.mjs';
import { freePort } from './lib/free_port.mjs';
import { programs } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const sanitized = readFileSync(join(programs, 'busbard')).includes('__asan_init');
const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };

function pages(name, body, within_ms) {
    bench(
        name,
        async (made) => {
            const port = await freePort();
            const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port } });
            daemon.start();
            await opened(daemon, port);
            await body({ daemon, port });
        },
        within_ms,
    );
}

/// A TLS connection that keeps what it hears: {socket, heard, closed}.
async function dial(port) {
    const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    const peer = { socket, heard: '', closed: false };
    socket.on('data', (part) => (peer.heard += part));
    socket.on('error', () => (peer.closed = true)).on('close', () => (peer.closed = true)).on('end', () => (peer.closed = true));
    await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]).catch(() => {});
    return peer;
}

/// What the server says to these bytes, until it hangs up or has said something.
async function says(port, bytes) {
    const peer = await dial(port);
    peer.socket.write(bytes);
    await until('an answer', () => peer.closed || peer.heard.includes('\r\n\r\n'));
    peer.socket.destroy();
    return peer.heard;
}

const memory = (daemon) => Number(readFileSync(`/proc/${daemon.program.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;
const descriptors = (daemon) => Number(readFileSync(`/proc/${daemon.program.child.pid}/status`, 'utf8').match(/FDSize:\s+(\d+)/)[1]);

pages('no path reaches the file system', async ({ port }) => {
    const paths = ['/../../etc/passwd', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/../../users.json', '//etc/passwd', '/etc/passwd', '/..\\..\\etc\\passwd', '/index.html%00.js'];
    for (const path of paths) {
        const heard = await says(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
        assert.match(heard, /^HTTP\/1\.1 (400|404) /, path);
        assert.doesNotMatch(heard, /root:|argon2/);
    }
});

pages('what is no request, or too large a one, is answered once and hung up on', async ({ daemon, port }) => {
    const table = [
        ['nonsense\r\n\r\n', 400],
        ['GET / HTTP/1.1\r\n\r\n', 400],
        ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n', 400],
        [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
        [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 431],
        [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${'X: y\r\n'.repeat(5000)}\r\n`, 431],
        ['POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Busbar: 1\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n', 413],
        [`POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Busbar: 1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n${'x'.repeat(0x200000)}\r\n`, 413],
        ['POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
        ['PUT /api/v1/certificate HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Busbar: 1\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n', 401],
        [`POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Busbar: 1\r\nContent-Type: application/json\r\nContent-Length: 8000\r\n\r\n${'['.repeat(8000)}`, 400],
    ];
    for (const [bytes, status] of table) {
        assert.match(await says(port, bytes), new RegExp(`^HTTP/1\\.1 ${status} `), bytes.slice(0, 120));
    }
    assert.equal(daemon.program.running, true);
});

pages('old TLS and weak ciphers are refused, plain HTTP at the port is hung up on', async ({ port }) => {
    const shakes = (options) =>
        new Promise((resolve) => {
            const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => resolve(socket.getProtocol()) ?? socket.destroy());
            socket.on('error', (error) => resolve(error.code));
        });
    assert.equal(await shakes({ minVersion: 'TLSv1.3' }), 'TLSv1.3');
    assert.equal(await shakes({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
    assert.match(await shakes({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), /^E/);
    assert.match(await shakes({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:AES128-SHA' }), /^E/);
    const plain = net.connect(port, '127.0.0.1').on('error', () => {});
    const closed = new Promise((resolve) => plain.on('close', resolve));
    plain.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await closed;
});

pages('a request that trickles in, and a handshake that never ends, are given up', async ({ port }) => {
    const silent = net.connect(port, '127.0.0.1').on('error', () => {});
    const hung = once(silent, 'close');
    const slow = await dial(port);
    const began = Date.now();
    slow.socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => slow.socket.writable && slow.socket.write('X: y\r\n'), 500);
    await hung;
    assert.ok(Date.now() - began < 15_000, 'the handshake');
    await until('the end of patience', () => slow.closed, 45_000);
    clearInterval(drip);
    assert.ok(Date.now() - began > 25_000 && Date.now() - began < 40_000, `${Date.now() - began} ms`);
    assert.match(slow.heard, /^HTTP\/1\.1 408 /);
}, 90_000);

pages('two people behind one address, whose browsers keep all their connections, are both served', async ({ port }) => {
    const standing = [];
    for (let n = 0; n < 16; ++n) standing.push(await dial(port));
    for (let n = 0; n < 4; ++n) assert.equal((await ask(port, 'GET', '/api/v1/health')).status, 200);
    const gone = () => standing.filter(({ closed }) => closed).length;
    await until('the oldest to have given way', () => gone() > 0);
    assert.ok(gone() <= 4, `${gone()} had to go`);
    for (const { socket } of standing) socket.destroy();
});

pages('hundreds of connections of one address leave room for another, and memory bounded', async ({ daemon, port }) => {
    await ask(port, 'GET', '/api/v1/health');
    const before = memory(daemon);
    const crowd = [];
    for (let n = 0; n < 500; ++n) crowd.push(net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' }).on('error', () => {}));
    const asked = Date.now();
    const other = await new Promise((resolve, reject) => {
        const socket = tls.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2', rejectUnauthorized: false }, () => socket.write('GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'));
        socket.once('data', (part) => resolve(String(part)) ?? socket.destroy()).on('error', reject);
        socket.setTimeout(25_000, () => reject(new Error('the other address was not served')));
    });
    assert.match(other, /^HTTP\/1\.1 200 /);
    assert.ok(Date.now() - asked < 5000, `the other address waited ${Date.now() - asked} ms`);
    await sleep(2000);
    if (!sanitized) assert.ok(memory(daemon) - before < 10, `grown by ${memory(daemon) - before} MB`);
    assert.ok(descriptors(daemon) <= 256);
    for (const socket of crowd) socket.destroy();
}, 90_000);

bench('charging goes on while the pages are flooded', async (made) => {
    const port = await freePort();
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1,battery_wh=100000'] });
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: 'wallbox-secret-01' } });
    const daemon = made.daemon({
        central_system: centralSystem(central, authority),
        buses: [serialBus(sim)],
        chargers: [charger('CP1', { configuration: { MeterValueSampleInterval: '1' } })],
        web: { listen: '127.0.0.1', https_port: port },
    });
    daemon.start();
    const boss = await installer(daemon, port);
    const { transactionId } = await charge({ sim, central });
    await until('samples', () => central.select('MeterValues').length > 0);
    let flooding = true;
    const flood = async (n) => {
        while (flooding) {
            await ask(port, 'POST', '/api/v1/session', { body: JSON.stringify({ user: 'installer', password: `guess-${n}` }), headers: { 'X-Busbar': '1', 'Content-Type': 'application/json' } }).catch(() => sleep(20));
        }
    };
    const floods = Array.from({ length: 30 }, (_, n) => flood(n));
    for (const amps of [11, 9, 13]) {
        await sleep(2000);
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(amps, { transactionId })), { status: 'Accepted' });
        await sim.limit(amps);
    }
    flooding = false;
    await Promise.all(floods);
    const times = central.select('MeterValues').map((call) => call.at);
    const gaps = times.slice(1).map((time, n) => time - times[n]);
    assert.ok(Math.max(...gaps) < 6000, `a gap in the samples: ${gaps}`);
    assert.equal((await until('a quiet moment', () => boss.api('GET', '/status').catch(() => false))).status, 200);
    const back = await until('the login', async () => {
        const answer = await boss.logIn('installer', own_password).catch(() => ({}));
        return answer.status === 200 && answer;
    }, 70_000);
    assert.equal(back.json.user, 'installer');
}, 150_000);
