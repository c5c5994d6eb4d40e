// SPDX-License-Identifier: Apache-2.0
// The daemon's part of an update: a bundle comes in over the API and busbarctl, waits for its hour, goes to the real helper
// on a machine below a folder, and everybody hears how it ended.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

import { architecture, install, release } from '../update/lib/installed.mjs';
import { bundleOf, keyPair } from '../update/lib/machine.mjs';
import { ask, get } from './lib/api.mjs';
import { ask as askPages, installer, user } from './lib/browser.mjs';
import { charge } from './lib/charging.mjs';
import { freePort } from './lib/free_port.mjs';
import { run } from './lib/processes.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };
/// A test with a machine and a daemon without chargers: body({machine, daemon, made, port}).
const gateway = (name, body) =>
    bench(name, async (made) => {
        const port = await freePort();
        const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port } });
        const machine = install(made, daemon);
        daemon.start();
        await until('the daemon', () => daemon.events('started').length > 0);
        await body({ machine, daemon, made, port });
    });

/// PUT of a bundle over the control socket; `sent` of its bytes.
function upload(daemon, bytes, sent = bytes.length) {
    return new Promise((resolve, reject) => {
        const headers = { 'Content-Length': bytes.length, 'Content-Type': 'application/octet-stream' };
        const request = http.request({ socketPath: daemon.socket, method: 'PUT', path: '/api/v1/update/bundle', agent: false, headers }, (response) => {
            let text = '';
            response.on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
        });
        request.on('error', reject);
        if (sent === bytes.length) return request.end(bytes);
        request.write(bytes.subarray(0, sent));
        setTimeout(() => request.destroy(), 300);
    });
}

const update = (daemon) => get(daemon, '/update');
const inState = (daemon, state) => until(state, async () => (await update(daemon)).state === state);

gateway('busbarctl brings a bundle, the helper installs it, and all hear of it', async ({ machine, daemon, made }) => {
    const file = join(made.dir, 'new.bundle');
    writeFileSync(file, machine.bundle('0.2.0'));
    assert.equal((await update(daemon)).rollback_copy, false);
    const said = await run('busbarctl', ['--socket', daemon.socket, 'update', file]);
    assert.equal(said.code, 0, said.output);
    assert.match(said.output, /Bundle: 0\.2\.0 of 2026-11-23, signed by the current key/);
    await inState(daemon, 'handed_over');
    assert.equal((await upload(daemon, machine.bundle('0.3.0'))).body.code, 'update_running');
    const { code, output } = await machine.help(8);
    assert.equal(code, 0, output);
    assert.equal(machine.version, '0.2.0', output);
    const done = await until('the outcome', async () => {
        const now = await update(daemon);
        return now.state === 'none' && now.last?.outcome === 'installed' && now;
    });
    assert.deepEqual([done.bundle, done.plan, done.job, done.last.from, done.last.to], [null, null, null, '0.1.0', '0.2.0']);
    assert.equal(daemon.events('update_finished', 'outcome=installed', 'to=0.2.0').length, 1);
    const status = await run('busbarctl', ['--socket', daemon.socket, 'update', 'status']);
    assert.match(status.output, /Last: installed, from 0\.1\.0 to 0\.2\.0/);
    assert.equal(done.rollback_copy, true, 'the helper has kept the release');
    assert.match(status.output, /Rollback copy: kept/);
});

gateway('what is not signed, damaged or old never reaches the helper', async ({ machine, daemon }) => {
    const good = machine.bundle('0.2.0');
    const damaged = Buffer.from(good);
    damaged[damaged.length - 4] ^= 1;
    const cases = [
        [machine.bundle('0.2.0', keyPair().privateKey), 'bad_signature'],
        [damaged, 'wrong_hash'],
        [good.subarray(0, 300), 'bad_bundle'],
        [Buffer.alloc(100_000, 1), 'bad_bundle'],
        [machine.bundle('0.1.0'), 'not_newer'],
        [bundleOf(release('0.2.0'), machine.current.privateKey, { version: '0.2.0', architecture: 'sparc' }), 'wrong_architecture'],
    ];
    for (const [bytes, code] of cases) {
        const { status, body } = await upload(daemon, bytes);
        assert.deepEqual([status, body.code], [422, code]);
    }
    assert.equal((await upload(daemon, Buffer.alloc(65 * 1024 * 1024), 0).catch(() => ({ status: 413 }))).status, 413);
    assert.equal((await ask(daemon, 'POST', '/update/install', {})).body.code, 'no_bundle');
    assert.equal((await update(daemon)).state, 'none');
    for (const name of ['bundle', 'incoming', 'request']) assert.ok(!machine.exists(`var/lib/busbar/update/${name}`), name);
});

gateway('an upload that breaks off leaves nothing, and a bundle outlives the daemon', async ({ machine, daemon }) => {
    await upload(daemon, machine.bundle('0.2.0'), 200).catch(() => {});
    await until('it is forgotten', () => !machine.exists('var/lib/busbar/update/incoming'));
    const taken = await upload(daemon, machine.bundle('0.2.0'));
    assert.equal(taken.status, 201, JSON.stringify(taken.body));
    assert.equal(taken.body.state, 'available');
    const at = new Date(Date.now() + 3_600_000).toISOString();
    assert.equal((await ask(daemon, 'POST', '/update/install', { at })).status, 202);
    await daemon.kill();
    daemon.start();
    await until('the daemon', async () => (await update(daemon).catch(() => ({}))).state === 'scheduled');
    const { plan, bundle } = await update(daemon);
    assert.equal(Date.parse(plan.at), Date.parse(at));
    assert.equal(bundle.version, '0.2.0');
    assert.equal((await ask(daemon, 'POST', '/update/postpone', { hours: 2 })).body.plan.not_before > at, true);
    assert.equal((await ask(daemon, 'DELETE', '/update')).body.state, 'none');
    assert.ok(!machine.exists('var/lib/busbar/update/bundle'));
});

gateway('wishes that make no sense are told so', async ({ machine, daemon }) => {
    assert.equal((await upload(daemon, machine.bundle('0.2.0'))).status, 201);
    for (const body of [{ when: 'soon' }, { when: 'at' }, { at: 'tomorrow' }, { at: 5 }, { when: 'now', at: '2030-01-01T00:00:00Z' }])
        assert.equal((await ask(daemon, 'POST', '/update/install', body)).body.code, 'bad_request', JSON.stringify(body));
    assert.equal((await ask(daemon, 'POST', '/update/install', { at: '2026-01-01T00:00:00Z' })).body.code, 'past');
    for (const body of [{}, { hours: 0 }, { hours: 337 }, { hours: '2' }, { hours: 1.5 }])
        assert.equal((await ask(daemon, 'POST', '/update/postpone', body)).body.code, 'bad_request', JSON.stringify(body));
    assert.equal((await ask(daemon, 'POST', '/update/postpone', { hours: 1 })).body.code, 'no_plan');
    rmSync(machine.path('usr/libexec/busbar/busbar-update'));
    assert.equal((await ask(daemon, 'POST', '/update/install', {})).body.code, 'no_update_helper');
});

gateway('over the network an owner may, a viewer may look, a form of another site may not', async ({ machine, daemon, port }) => {
    const browser = await installer(daemon, port);
    const viewer = await user(browser, port, 'viewer');
    const bytes = machine.bundle('0.2.0');
    const put = (cookie, headers = {}) =>
        askPages(port, 'PUT', '/api/v1/update/bundle', { body: bytes, headers: { 'X-Busbar': '1', 'Content-Type': 'application/octet-stream', Cookie: cookie, ...headers } });
    assert.equal((await viewer.api('GET', '/update')).status, 200);
    assert.equal((await put(viewer.cookie)).json.code, 'role_required');
    assert.equal((await put(browser.cookie, { 'X-Busbar': '0' })).json.code, 'cross_site');
    assert.equal((await put(browser.cookie, { 'Content-Type': 'application/json' })).json.code, 'content_type');
    assert.equal((await browser.api('POST', '/update/install', {}, { 'Content-Type': 'application/octet-stream' })).json.code, 'content_type');
    assert.equal((await put(browser.cookie)).status, 201);
});

scenario('an update waits for the car to leave', {}, async ({ sim, central, daemon, made }) => {
    await daemon.stop();
    const machine = install(made, daemon);
    daemon.start();
    await charge({ sim, central });
    assert.equal((await upload(daemon, machine.bundle('0.2.0'))).status, 201);
    assert.equal((await ask(daemon, 'POST', '/update/install', { when: 'idle' })).status, 202);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    assert.equal((await update(daemon)).state, 'scheduled');
    await sim.unplug(1);
    await inState(daemon, 'handed_over');
    await until('the job', async () => (await get(daemon, '/jobs')).jobs.some(({ kind, state }) => kind === 'update' && state === 'running'));
    assert.deepEqual(JSON.parse(machine.read('var/lib/busbar/update/baseline.json')), { connected: ['CP1'], reading: ['CP1'] });
});
