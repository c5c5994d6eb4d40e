// SPDX-License-Identifier: Apache-2.0
// One soak from start to evidence: cars, faults by plan, peace, rest, an orderly stop.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { programs } from '../../e2e/lib/processes.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { blinded, faults } from './chaos.mjs';
import { Driver } from './driver.mjs';
import { chargers, sample_s } from './fleet.mjs';
import { drawPlan } from './plan.mjs';
import { Site } from './site.mjs';
import { readStore } from './store.mjs';

const starts_within_ms = 60_000;
const rests_within_ms = 120_000;
/// What is doubled would still come.
const listens_on_ms = 3000;
/// A charger that was silent is looked for less often the longer it was.
const seen_again_after_ms = 12_000;

const byName = Object.fromEntries(faults.map((fault) => [fault.name, fault]));
const clock = () => new Date().toISOString().slice(11, 23);

/// What cannot be done to the site is a finding, too.
async function happen(site, event, began_at) {
    try {
        await makeHappen(site, event, began_at);
    } catch (error) {
        site.found('the soak itself', `${event.fault}: ${error.stack}`);
    }
}

async function makeHappen(site, { at_s, fault: name, target, quantity, lasts_s }, began_at) {
    const fault = byName[name];
    await sleep(Math.max(0, began_at + at_s * 1000 - Date.now()));
    console.log(`${clock()} ${name}${target ? ` ${target}` : ''}${quantity === undefined ? '' : ` ${quantity}`}${lasts_s >= 0.1 ? ` for ${lasts_s.toFixed(1)} s` : ''}`);
    const windows = blinded(fault, target).map((id) => site.sight.open(id, name));
    await fault.begin(site, target, quantity);
    await sleep(lasts_s * 1000);
    await fault.end?.(site, target, quantity);
    for (const opened of windows) site.sight.close(opened, seen_again_after_ms * site.patience);
}

async function allOnline(site) {
    const said = () => {
        if (site.findings.length > 0) throw new Error(site.findings[0].what);
        return site.restless()?.filter((text) => !/Accepted, 0 messages, Available/.test(text));
    };
    await until(() => `all charge points; ${said()?.join('; ') ?? 'no status'}\n${site.gateway.program.output.slice(-2000)}`, () => said()?.length === 0, starts_within_ms * site.patience);
}

async function rest(site) {
    try {
        await until('rest', () => site.restless()?.length === 0, rests_within_ms * site.patience);
        return Date.now();
    } catch {
        for (const who of site.restless() ?? ['busbard: no status']) {
            const [id, what] = who.split(/: (.*)/);
            site.found(id, `not at rest: ${what}`);
        }
        return undefined;
    }
}

async function endGateway(site) {
    await site.stopDaemon();
    try {
        return readStore(site.database('busbar.db'), site.database('sessions.db'));
    } catch (error) {
        site.found('store', `cannot be read: ${error.message}`);
        return undefined;
    }
}

const isSanitized = () => readFileSync(join(programs, 'busbard')).includes('__asan_init');

const byCharger = (drivers, what) => Object.fromEntries(chargers.map(({ id }, index) => [id, drivers[index][what]]));

/// Plays `chaos_s` seconds of chaos by `seed`, of the faults `only` where that is given; gives the evidence.
export async function play({ seed, chaos_s, only, lacks, log_file, patience }) {
    const site = await Site.make({ lacks, log_file, patience });
    try {
        const began_at = Date.now();
        const plan = drawPlan({ faults, seed, chaos_s, has: site.has, only });
        const drivers = chargers.map((charger, index) => new Driver(site, charger, index, seed));
        site.startDaemon();
        await site.watch.run();
        await allOnline(site);
        const known_at = Date.now();
        const peace_at = known_at + chaos_s * 1000;
        await Promise.all([...plan.map((event) => happen(site, event, known_at)), ...drivers.map((driver) => driver.live(peace_at))]);
        console.log(`${clock()} peace`);
        const settled_at = await rest(site);
        await sleep(listens_on_ms);
        const store = await endGateway(site);
        await site.watch.stop();
        return {
            seed, chaos_s, patience, sample_s, chargers, lacks: site.place.lacks, plan, began_at, known_at, peace_at, settled_at, ended_at: Date.now(), runs: site.runs,
            sanitized: isSanitized(), files: site.watch.files,
            visits: byCharger(drivers, 'visits'), limits: byCharger(drivers, 'limits'),
            shown: site.watch.shown, written: site.watch.written, owned: site.watch.owned,
            windows: site.sight.windows.map((one) => ({ ...one, end: Number.isFinite(one.end) ? one.end : undefined })),
            book: site.central.entries(), store, findings: site.findings,
        };
    } finally {
        await site.end();
    }
}
