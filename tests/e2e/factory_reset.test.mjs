// SPDX-License-Identifier: Apache-2.0
// Back to the factory: who may ask, what is gone, what a power cut in the middle leaves, and that the chargers are left paused.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ask } from './lib/api.mjs';
import { ask as askPages, installer, own_password } from './lib/browser.mjs';
import { charge } from './lib/charging.mjs';
import { freePort } from './lib/free_port.mjs';
import { Program, run } from './lib/processes.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };
const marker = (daemon) => join(daemon.state_dir, 'factory-reset');

/// All below a folder, without what the daemon itself holds open.
const names = (folder) => (existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : []);

/// Everything that a file below the folder says.
const everything = (folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.path, entry.name), 'latin1'))
        .join('\n');

const started = (daemon, times) => until('the daemon', () => daemon.events('started').length >= times);
const certificate = async (daemon) => (await ask(daemon, 'GET', '/certificate')).body.sha256;

bench('an operator says the password once more, and the box begins as a new one', async (made) => {
    const port = await freePort();
    const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port } });
    daemon.start();
    const browser = await installer(daemon, port);
    const before = await certificate(daemon);
    assert.equal((await browser.api('POST', '/factory-reset', { password: own_password })).status, 403, 'an installer may not');

    await ask(daemon, 'POST', '/users', { name: 'fleet', role: 'operator' });
    const first = (await ask(daemon, 'PATCH', '/users/fleet', { reset_password: true })).body.password;
    browser.cookie = undefined;
    await browser.logIn('fleet', first);
    assert.equal((await browser.api('POST', '/session/password', { old: first, new: own_password })).status, 204);
    assert.equal((await browser.api('POST', '/factory-reset', {})).json.code, 'bad_request');
    assert.equal((await browser.api('POST', '/factory-reset', { password: 'wrong-Password-1' })).json.code, 'wrong_credentials');
    assert.equal(existsSync(marker(daemon)), false, 'nothing has begun');
    await until('the throttle lets us', async () => (await browser.api('POST', '/factory-reset', { password: own_password })).status === 202, 20_000);

    await started(daemon, 2);
    assert.equal(daemon.events('factory_reset_done').length, 1);
    await until('the pages', () => daemon.events('web_listening').length > 1);
    assert.notEqual(await certificate(daemon), before, 'another certificate');
    const accounts = (await ask(daemon, 'GET', '/users')).body.users;
    assert.deepEqual(accounts.map(({ name, password_change_required }) => [name, password_change_required]), [['installer', true]]);
    assert.equal((await askPages(port, 'GET', '/api/v1/health')).status, 200);
    assert.equal(existsSync(marker(daemon)), false);
});

bench('the configuration in the state directory goes too, and the first one takes its place', async (made) => {
    const daemon = made.daemon(idle);
    daemon.config_file = join(daemon.state_dir, 'config.json');
    daemon.configure({ ...idle, chargers: [], mqtt: { host: '127.0.0.1', tls: false, user: 'secret-user', password: 'planted-secret' } });
    daemon.start();
    await started(daemon, 1);
    mkdirSync(join(daemon.state_dir, 'profiles', 'deep'), { recursive: true });
    writeFileSync(join(daemon.state_dir, 'profiles', 'deep', 'own.json'), 'planted-secret');
    const outside = join(made.dir, 'outside');
    writeFileSync(outside, 'not ours');
    symlinkSync(outside, join(daemon.state_dir, 'link'));

    const said = await run('busbarctl', ['--socket', daemon.socket, 'factory-reset', '--yes']);
    assert.equal(said.code, 0, said.output);
    await started(daemon, 2);
    assert.ok(!everything(daemon.state_dir).includes('planted-secret'));
    assert.ok(!names(daemon.state_dir).some((name) => /profiles|link/.test(name)), names(daemon.state_dir).join());
    assert.match(readFileSync(daemon.config_file, 'utf8'), /central-system\.invalid/);
    assert.equal(readFileSync(outside, 'utf8'), 'not ours', 'a link is removed, not followed');
});

bench('without yes nothing happens', async (made) => {
    const daemon = made.daemon(idle);
    daemon.start();
    await started(daemon, 1);
    const said = await run('busbarctl', ['--socket', daemon.socket, 'factory-reset']);
    assert.equal(said.code, 1, said.output);
    assert.match(said.output, /Type yes/);
    assert.equal(existsSync(marker(daemon)), false);
});

bench('wherever the power is cut, the next start ends in an erased box', async (made) => {
    const daemon = made.daemon(idle);
    const block = Buffer.alloc(1 << 20, 'planted-secret ');
    for (let cut = 0; cut < 6; ++cut) {
        // As a cut leaves it: the marker, and the files that were not removed yet.
        mkdirSync(join(daemon.state_dir, 'web'), { recursive: true });
        for (let n = 0; n < 40; ++n) writeFileSync(join(daemon.state_dir, n % 2 ? 'web' : '.', `file-${n}`), block);
        writeFileSync(join(daemon.state_dir, 'busbar.db'), 'planted-secret, and no database');
        writeFileSync(marker(daemon), '');
        const program = new Program('busbard', daemon.arguments());
        await new Promise((resolve) => setTimeout(resolve, 15 * cut));
        await program.kill('SIGKILL');
        const left = names(daemon.state_dir).filter((name) => /file-|busbar\.db$/.test(name));
        assert.ok(existsSync(marker(daemon)) || left.length === 0 || !everything(daemon.state_dir).includes('planted-secret'), 'the marker goes last');
    }
    daemon.start();
    await started(daemon, 1);
    assert.ok(!everything(daemon.state_dir).includes('planted-secret'));
    assert.equal(existsSync(marker(daemon)), false);
});

scenario('the chargers are left paused, also in the middle of a transaction', { start: false }, async ({ sim, central, daemon }) => {
    const text = readFileSync(daemon.config_file, 'utf8');
    daemon.config_file = join(daemon.state_dir, 'config.json');
    daemon.configure(text);
    daemon.start();
    await charge({ sim, central });
    await sim.limit(16);
    assert.equal((await ask(daemon, 'POST', '/factory-reset')).status, 202);
    await sim.limit(0);
    await until('the erasure', () => daemon.events('factory_reset_done').length > 0, 20_000);
    await started(daemon, 2);
    assert.equal((await sim.currents()).at(-1), 0);
    assert.deepEqual((await daemon.status()).charge_points, []);
});
