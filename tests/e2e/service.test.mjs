// SPDX-License-Identifier: Apache-2.0
// As a service of systemd: what busbard tells it, and listening on the sockets that it passes.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ask, newPassword, opened } from './lib/browser.mjs';
import { charger, tcpBus } from './lib/daemon.mjs';
import { freePort } from './lib/free_port.mjs';
import { Program } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };
const listener = fileURLToPath(new URL('lib/notify_socket.py', import.meta.url));

/// A daemon started by a service manager of ours; what it was told so far is in `told.output`.
async function supervised(made, configuration) {
    const socket = join(made.dir, 'notify');
    const told = new Program('/usr/bin/python3', [listener, socket]);
    made.keep(told, () => told.kill());
    await told.says(/listening/);
    const daemon = made.daemon(configuration);
    daemon.wrap = ['/usr/bin/env', `NOTIFY_SOCKET=${socket}`, 'WATCHDOG_USEC=1200000'];
    return { daemon, told };
}

bench('systemd hears ready, a status, signs of life while all goes well, and the end', async (made) => {
    const sim = await made.simulator({ pty: false, boxes: ['heidelberg:1'] });
    const { daemon, told } = await supervised(made, { ...idle, buses: [tcpBus(sim)], chargers: [charger('CP1')] });
    daemon.start();
    await told.says(/READY=1/);
    await told.says(/STATUS=0 of 1 charge points connected, 0 charging/);
    await until('signs of life', () => told.output.split('WATCHDOG=1').length > 4);
    assert.equal(await daemon.stop(), 0);
    await told.says(/STOPPING=1/);
});

bench('the reason for not starting is told', async (made) => {
    const { daemon, told } = await supervised(made, { ...idle, chargers: 7 });
    daemon.start();
    assert.equal((await daemon.program.end()).code, 78);
    await told.says(/STATUS=.*\/chargers: .*list/);
    assert.doesNotMatch(told.output, /READY/);
});

bench('ports that systemd opened are served, and outlive a change of the configuration', async (made) => {
    const [https, http] = [await freePort(), await freePort()];
    const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: 443, http_port: 0 } });
    const sockets = ['-l', `127.0.0.1:${https}`, '-l', `127.0.0.1:${http}`, '--fdname=https:http'];
    daemon.wrap = ['/usr/bin/systemd-socket-activate', ...sockets];
    daemon.start();
    await until('the first connection, which starts it', () => ask(https, 'GET', '/api/v1/health').catch(() => undefined));
    const browser = await opened(daemon, https);
    assert.equal((await browser.logIn('installer', await newPassword(daemon))).status, 200);
    const redirect = await fetch(`http://127.0.0.1:${http}/somewhere`, { redirect: 'manual' });
    assert.equal(redirect.headers.get('location'), `https://127.0.0.1:${https}/somewhere`);
    assert.equal((await daemon.status()).web.https_port, https);

    daemon.configure({ ...idle, web: { listen: '127.0.0.1', https_port: 8443, host_names: ['box.example'] } });
    daemon.program.child.kill('SIGHUP');
    await until('the new name', async () => (await ask(https, 'GET', '/api/v1/health', { host: 'box.example' })).status === 200);
});
