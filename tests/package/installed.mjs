// SPDX-License-Identifier: Apache-2.0
// The installed gateway of a machine, from outside: its package, its updates, its databases.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';

import { ask } from '../e2e/lib/api.mjs';
import { until } from '../e2e/lib/wait.mjs';

/// To copy, verify and keep what is installed, on a slow machine.
export const helper_ms = 240_000;

/// PUT of a bundle, as the web pages send it.
const put = (socketPath, bytes) =>
    new Promise((resolve, reject) => {
        const headers = { 'Content-Length': bytes.length, 'Content-Type': 'application/octet-stream' };
        const request = http.request({ socketPath, method: 'PUT', path: '/api/v1/update/bundle', agent: false, headers }, (response) => {
            let text = '';
            response.on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
        });
        request.on('error', reject).end(bytes);
    });

/// The verdicts of SQLite on the databases, which the daemon, held still meanwhile, keeps to itself.
async function databases(machine, dir) {
    const copy = join(dir, 'databases');
    const pid = await machine.property('busbar.service', 'MainPID');
    mkdirSync(copy, { recursive: true });
    await machine.do('kill', '-STOP', pid);
    for (const name of readdirSync(machine.path('var/lib/busbar')).filter((file) => /\.db(-wal)?$/.test(file))) copyFileSync(machine.path('var/lib/busbar', name), join(copy, name));
    await machine.do('kill', '-CONT', pid);
    const check = 'import glob,sqlite3,sys\nfor f in glob.glob(sys.argv[1]+"/*.db"): print(sqlite3.connect(f).execute("PRAGMA integrity_check").fetchone()[0])';
    const verdicts = execFileSync('python3', ['-c', check, copy], { encoding: 'utf8' }).trim().split('\n');
    rmSync(copy, { recursive: true });
    return [...new Set(verdicts)];
}

/// What tests ask of it. `releases` makes the bundles; `dir` takes copies.
export function installedGateway(machine, releases, dir) {
    const daemon = { socket: machine.path('var/lib/busbar/control.sock') };
    const told = machine.path('var/lib/busbar-update/status.json');

    const installed = () => machine.do('dpkg-query', '--show', '--showformat=${Version}', 'busbar');
    const kept = () => machine.do('dpkg-deb', '--field', '/var/lib/busbar-update/current.deb', 'Version');
    const status = () => (existsSync(told) ? JSON.parse(readFileSync(told, 'utf8')) : {});
    const run = () => machine.property('busbar.service', 'InvocationID');
    const connected = async () => /1 of 1 charge points connected/.test(await machine.property('busbar.service', 'StatusText'));

    const upload = (bytes) => put(daemon.socket, bytes);

    /// Hands a release over, to be installed at once.
    async function begin(version, fault) {
        const taken = await upload(releases.bundle(releases.package(version, fault)));
        assert.equal(taken.status, 201, JSON.stringify(taken.body));
        assert.equal((await ask(daemon, 'POST', '/update/install', { when: 'now' })).status, 202);
    }

    /// The helper has nothing left to do; gives its status.
    async function rest(within_ms = 400_000) {
        const idle = async () => !existsSync(machine.path('var/lib/busbar-update/journal')) && !existsSync(machine.path('var/lib/busbar/update/request')) &&
            ['inactive', 'failed'].includes(await machine.property('busbar-update.service', 'ActiveState')) && status().state === 'finished';
        await until(() => `the end of the update; the journal says\n${machine.output.slice(-3000)}`, idle, within_ms).catch(async (late) => {
            throw new Error(`${late.message}\n${await machine.journal('busbar-update.service')}\n${await machine.journal('busbar.service')}`);
        });
        await machine.try('systemctl', 'reset-failed', 'busbar-update.service', 'busbar-update.path');
        return status();
    }

    /// Package whole, database whole, the charger served.
    async function isSound(version) {
        assert.equal(await installed(), version);
        assert.equal(await machine.do('dpkg', '--audit'), '');
        assert.equal(await machine.do('dpkg', '--verify', 'busbar'), '');
        await until('the charge point', connected, 120_000);
        assert.deepEqual(await databases(machine, dir), ['ok']);
    }

    /// What must be so after every update, however it ended: sound, and nothing left lying about.
    async function isWhole(version) {
        await isSound(version);
        for (const name of ['journal', 'hold', 'bundle', 'new.deb', 'state', 'repack']) assert.ok(!existsSync(machine.path('var/lib/busbar-update', name)), name);
        for (const name of ['bundle', 'request', 'plan']) assert.ok(!existsSync(machine.path('var/lib/busbar/update', name)), name);
        assert.equal(await kept(), version);
    }

    return { daemon, installed, kept, status, run, connected, upload, begin, rest, isSound, isWhole };
}
