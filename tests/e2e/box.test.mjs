// SPDX-License-Identifier: Apache-2.0
// The box around the gateway: LEDs and the button through files of a hardware profile, the label, and remote support through a
// real SSH server.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { ask, get } from './lib/api.mjs';
import { opened, own_password } from './lib/browser.mjs';
import { freePort } from './lib/free_port.mjs';
import { run } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { SshServer, through } from './lib/ssh_server.mjs';
import { until } from './lib/wait.mjs';

const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };

/// A box whose pins are files: {set(name, level), level(name), file}.
function box(dir) {
    const pin = (name) => join(dir, name);
    for (const name of ['status', 'alarm', 'charging']) writeFileSync(pin(name), '0');
    for (const name of ['button', 'tamper']) writeFileSync(pin(name), '1'); // a contact that is open
    /// As the kernel's files are never empty in between.
    const set = (name, level) => {
        const file = openSync(pin(name), 'r+');
        writeSync(file, String(level), 0);
        closeSync(file);
    };
    const file = join(dir, 'hardware.json');
    writeFileSync(file, `// The box of a test.\n${JSON.stringify({
        model: 'Test box',
        serial_ports: [{ name: 'RS485 A', device: '/dev/ttyS0' }],
        leds: { status: { file: pin('status') }, alarm: { file: pin('alarm') }, charging: { file: pin('charging') } },
        button: { file: pin('button') },
        tamper: { file: pin('tamper') },
    })}`);
    return { file, set, level: (name) => readFileSync(pin(name), 'utf8').trim() };
}

/// The daemon runs anew, and its pages are there.
async function restart(daemon) {
    await daemon.kill();
    const before = daemon.events('web_listening').length;
    daemon.start();
    await until('the pages', () => daemon.events('web_listening').length > before);
}

const started = (daemon, times = 1) => until('the daemon', () => daemon.events('started').length >= times);

bench('LEDs, tamper switch and button are what the hardware profile says, and ten seconds at the button erase the box', async (made) => {
    const panel = box(made.dir);
    const daemon = made.daemon({ ...idle, hardware: panel.file });
    daemon.start();
    await started(daemon);
    await until('the status LED', () => panel.level('status') === '1');
    assert.equal(panel.level('alarm'), '0');
    panel.set('tamper', 0);
    await until('the tamper event', () => daemon.events('tamper', 'open=true').length === 1);

    panel.set('button', 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    panel.set('button', 1);
    await until('the short press', () => daemon.events('set_up_refused').length === 1);
    panel.set('button', 0);
    await until('the warning of the LEDs', () => panel.level('alarm') === '1', 6_000);
    assert.equal(daemon.events('factory_reset').length, 0);
    await until('the reset', () => daemon.events('factory_reset_done').length === 1, 20_000);
    await started(daemon, 2);
});

bench('a hardware profile with a mistake is told with its place', async (made) => {
    const file = join(made.dir, 'hardware.json');
    writeFileSync(file, '{"leds": {"status": {"chip": "gpiochip0"}}}');
    const { code, output } = await made.daemon({ ...idle, hardware: file }).run('--check');
    assert.equal(code, 78);
    assert.match(output, /hardware\.json: \/leds\/status\/line: is missing/);
});

bench('the label tells the first password until somebody changes it', async (made) => {
    const port = await freePort();
    const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port } });
    daemon.start();
    const browser = await opened(daemon, port);
    const label = await ask(daemon, 'GET', '/label');
    assert.equal(label.headers['cache-control'], 'no-store');
    assert.match(label.body.address, new RegExp(`^https://.+\\.local:${port}/$`));
    assert.equal(label.body.access_point, null);
    assert.equal((await browser.logIn('installer', label.body.setup_password)).status, 200);
    assert.equal((await browser.api('GET', '/label')).json.code, 'password_change_required');
    const said = await run('busbarctl', ['--socket', daemon.socket, 'label']);
    assert.ok(said.output.includes(label.body.setup_password), said.output);
    assert.equal((await browser.api('POST', '/session/password', { old: label.body.setup_password, new: own_password })).status, 204);
    assert.equal((await browser.api('GET', '/label')).status, 200, 'the electrician sticks it on');
    assert.equal((await get(daemon, '/label')).setup_password, null);
    assert.equal(existsSync(join(daemon.state_dir, 'web', 'first_password')), false);
    const svg = await ask(daemon, 'GET', '/label.svg');
    assert.equal(svg.headers['content-type'], 'image/svg+xml');
    assert.match(svg.text, /^<svg [\s\S]+was changed by its owner[\s\S]+<\/svg>\n$/);
    assert.ok((await get(daemon, '/security-log')).entries.filter(({ event }) => event === 'label_shown').length >= 4);
});

async function supported(made, change = (settings) => settings) {
    const server = await SshServer.start(made);
    const port = await freePort();
    const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port }, support: change(server.settings()) });
    daemon.start();
    await opened(daemon, port);
    const key = await until('the key', async () => (await get(daemon, '/support')).public_key);
    server.welcome(key);
    return { server, daemon };
}

bench('support reaches the pages while the owner lets it, over a restart too, and not after', async (made) => {
    const { server, daemon } = await supported(made);
    assert.equal((await ask(daemon, 'POST', '/support', { minutes: 481 })).status, 400);
    const said = await run('busbarctl', ['--socket', daemon.socket, 'support', 'on', '30']);
    assert.equal(said.code, 0, said.output);
    await until('the tunnel', async () => (await through(server)) === 200, 20_000);
    assert.ok(Date.parse((await daemon.status()).support_until) > Date.now() + 29 * 60_000);

    await daemon.kill();
    await until('the tunnel goes with the daemon', async () => (await through(server)) === undefined);
    await restart(daemon);
    await until('the tunnel again', async () => (await through(server)) === 200, 30_000);

    assert.equal((await ask(daemon, 'DELETE', '/support')).body.active, false);
    await until('its end', async () => (await through(server)) === undefined);
    const noted = (await get(daemon, '/security-log')).entries.map(({ event }) => event);
    assert.deepEqual(noted.filter((event) => event.startsWith('support')), ['support_on', 'support_off']);
    assert.equal((await daemon.status()).support_until, undefined);
});

bench('the time is over by itself, also when it passed while the daemon was away', async (made) => {
    const { server, daemon } = await supported(made);
    await ask(daemon, 'POST', '/support', { minutes: 1 });
    await until('the tunnel', async () => (await through(server)) === 200, 20_000);
    const file = join(daemon.state_dir, 'support', 'until');
    await daemon.kill();
    writeFileSync(file, `${new Date(Date.now() + 15_000).toISOString()}\n`);
    await restart(daemon);
    await until('the tunnel again', async () => (await through(server)) === 200, 10_000);
    await until('its end', async () => (await get(daemon, '/support')).active === false, 20_000);
    await until('the tunnel is gone', async () => (await through(server)) === undefined);
    assert.equal(existsSync(file), false);
    assert.deepEqual((await get(daemon, '/security-log')).entries.filter(({ event }) => event === 'support_off').map(({ from }) => from), ['box']);

    writeFileSync(file, `${new Date(Date.now() - 1000).toISOString()}\n`);
    await restart(daemon);
    await until('it is over', async () => (await get(daemon, '/support')).active === false);
    assert.equal(await through(server), undefined);
});

bench('a server with another key is not talked to', async (made) => {
    const other = join(made.dir, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    const host_key = readFileSync(`${other}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
    const { server, daemon } = await supported(made, (settings) => ({ ...settings, host_key }));
    await ask(daemon, 'POST', '/support', { minutes: 5 });
    await until('the refusal', () => daemon.events('support_failed').some((line) => /Host key verification failed/i.test(line)), 20_000);
    assert.equal(await through(server), undefined);
    assert.ok(!/Accepted publickey/.test(server.program.output));
});
