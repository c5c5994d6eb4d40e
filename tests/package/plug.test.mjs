// SPDX-License-Identifier: Apache-2.0
// The plug is pulled at random: while a car comes, charges or goes, a release is installed, the machine starts. What was not
// synchronised is gone each time. Afterwards file system, dpkg and databases are whole, the charger is served, and every
// watt-hour of the charger, which has its own power, is in a transaction. BUSBAR_ROOT as for booted.test.mjs, BUSBAR_IMAGE its
// disk, BUSBAR_CUTS how often (12), BUSBAR_SEED which.

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { get } from '../e2e/lib/api.mjs';
import { CentralSystem } from '../e2e/lib/central_system.mjs';
import { Authority } from '../e2e/lib/certificates.mjs';
import { Simulator } from '../e2e/lib/simulator.mjs';
import { until } from '../e2e/lib/wait.mjs';
import { installedGateway } from './installed.mjs';
import { Machine, net } from './machine.mjs';
import { Releases } from './releases.mjs';

const seed = Number(process.env.BUSBAR_SEED ?? Date.now() % 1_000_000);
const cuts = Number(process.env.BUSBAR_CUTS ?? 12);

const dir = mkdtempSync(join(tmpdir(), 'busbar-plug-'));
const machine = new Machine(process.env.BUSBAR_ROOT, { image: process.env.BUSBAR_IMAGE });
const releases = new Releases(dir, machine.path('root/busbar.deb'));
const authority = new Authority(join(dir, 'ca'));
const gateway = installedGateway(machine, releases, dir);
let central, charger;

/// 0 to below `bound`: Marsaglia's xorshift, so that a seed plays the same again.
let random_state = seed * 2654435761 + 1;
function random(bound) {
    for (const step of [13, -17, 5]) random_state ^= step > 0 ? random_state << step : random_state >>> -step;
    return (random_state >>> 0) % bound;
}

before(async () => {
    central = await CentralSystem.start({ address: '0.0.0.0', certificate: authority.issue({ names: [`IP:${net.here}`] }), passwords: { CP1: 'wallbox-secret-01' } });
    charger = await Simulator.start(dir, 'charger', { tcp: true, address: '0.0.0.0', boxes: ['heidelberg:1,battery_wh=1000000'], speed: 20 });
    await machine.boot();
}, { timeout: 400_000 });

after(async () => {
    await machine.end();
    await charger?.stop();
    await central?.goAway();
    rmSync(dir, { recursive: true, force: true });
}, { timeout: 60_000 });

let base = '0.2.0';
let minor = 10;
let register_wh;

test('a gateway with keys, and a charger on it', async () => {
    copyFileSync(releases.package(base), machine.path('root/keyed.deb'));
    await machine.do('dpkg', '-i', '/root/keyed.deb');
    writeFileSync(machine.path('etc/ca.pem'), readFileSync(authority.file));
    const configuration = {
        central_system: { url: `wss://${net.here}:${central.port}/ocpp`, ca_file: '/etc/ca.pem' },
        web: { https_port: 443, http_port: 80 },
        buses: [{ id: 'line', kind: 'tcp', host: net.here, port: charger.port }],
        chargers: [{ id: 'CP1', bus: 'line', unit_id: 1, profile: 'heidelberg-energy-control', password: 'wallbox-secret-01', authorization: { mode: 'free', id_tag: 'FREE01' } }],
    };
    await machine.sh(`cat > /var/lib/busbar/config.json <<'E'\n${JSON.stringify(configuration)}\nE\nsync`);
    await machine.do('systemctl', 'reload', 'busbar');
    await until('the charge point', gateway.connected, 60_000);
    register_wh = (await charger.show()).energy_wh;
});

/// What goes on when the plug is pulled, and up to how many milliseconds it has gone on.
const scenes = {
    comes: { within_ms: 4000, begin: () => charger.plug() },
    charges: { within_ms: 20_000, begin: () => charger.plug() },
    goes: { within_ms: 4000, begin: () => charger.unplug() },
    updates: { within_ms: 30_000, begin: (version) => gateway.begin(version) },
    starts: { within_ms: 10_000, begin: () => machine.cutPower().then(() => machine.boot({ settled: false })) },
};

/// No update is under way any more, nor will one begin.
async function settled() {
    const resting = async () => {
        if (existsSync(machine.path('var/lib/busbar-update/journal')) || existsSync(machine.path('var/lib/busbar/update/request'))) return false;
        if (!['inactive', 'failed'].includes(await machine.property('busbar-update.service', 'ActiveState'))) return false;
        return get(gateway.daemon, '/update').then(({ state }) => ['none', 'available'].includes(state), () => false);
    };
    await until('the end of the update', resting, 400_000).catch(async (late) => {
        throw new Error(`${late.message}\n${await machine.journal('busbar-update.service')}\n${await machine.journal('busbar.service')}`);
    });
    await machine.try('systemctl', 'reset-failed', 'busbar-update.service', 'busbar-update.path');
}

for (let cut = 1; cut <= cuts; ++cut) {
    const scene = Object.keys(scenes)[random(Object.keys(scenes).length)];
    const late_ms = random(scenes[scene].within_ms);
    const dark = ['nothing', 'plug', 'unplug'][random(3)];
    test(`${cut}: it ${scene}, ${late_ms} ms on the plug is pulled, in the dark ${dark} (seed ${seed})`, { timeout: 900_000 }, async () => {
        const version = `0.${minor++}.0`;
        await scenes[scene].begin(version);
        await sleep(late_ms);
        await machine.cutPower();
        if (dark !== 'nothing') await charger[dark]();
        await machine.boot({ settled: false });
        await settled();
        const now = await gateway.installed();
        if (scene === 'updates' && now === version) base = version;
        await gateway.isSound(base);
    });
}

/// Transactions as the central system has them. One that was answered before the cut, and the answer not kept, came twice.
function transactions() {
    const begun = new Map();
    for (const call of central.select('StartTransaction')) {
        const key = `${call.params.timestamp} ${call.params.meterStart}`;
        if (!begun.has(key)) begun.set(key, { from_wh: call.params.meterStart, ids: new Set(), ends: new Set() });
        begun.get(key).ids.add(central.transactionOf(call));
    }
    for (const { params } of central.select('StopTransaction')) {
        for (const one of begun.values()) if (one.ids.has(params.transactionId)) one.ends.add(params.meterStop);
    }
    return [...begun.values()];
}

test('every transaction has one end, and all that was charged is in them', async () => {
    await charger.unplug();
    const told = () => JSON.stringify(transactions().map(({ from_wh, ids, ends }) => [from_wh, [...ids], [...ends]]));
    await until(() => `the end of all: ${told()}`, () => transactions().every(({ ends }) => ends.size > 0), 120_000);
    const all = transactions();
    assert.ok(all.length > 0);
    assert.ok(all.every(({ ends }) => ends.size === 1), told());
    const counted_wh = all.reduce((sum, { from_wh, ends: [to_wh] }) => sum + to_wh - from_wh, 0);
    const { energy_wh } = await charger.show();
    assert.ok(Math.abs(counted_wh - (energy_wh - register_wh)) <= 2 * all.length, `${counted_wh} Wh in ${told()}, ${energy_wh - register_wh} Wh by the charger`);
    assert.deepEqual(central.problems, []);
});
