// SPDX-License-Identifier: Apache-2.0
// What is written while cars charge, and how fast a long queue leaves.

import { setTimeout as sleep } from 'node:timers/promises';

import { run } from '../../e2e/lib/processes.mjs';
import { cpu, memory, written } from './process.mjs';
import { withSite } from './site.mjs';

const minutes_a_day = 24 * 60;
const sessions_a_day = 4;

/// Cars that charge all day, and what a session adds, both from the kernel's count of written bytes.
export const disk = (table, { short }) => withSite(async (site) => {
    const count = 10;
    const minutes = short ? 1 : 10;
    await site.build(count, { charging: true });
    await site.start();
    await site.charging();
    await sleep(10_000);
    const from = written(site.pid);
    await sleep(minutes * 60_000);
    const charging = (written(site.pid) - from) / count / minutes;
    const rounds = short ? 1 : 5;
    const before = written(site.pid);
    for (let round = 0; round < rounds; ++round) {
        const { transactions } = await site.driver.show();
        for (let unit = 1; unit <= count; ++unit) await site.sims[0].unplug(unit);
        await site.driver.shows('no transaction', (now) => now.transactions === transactions - count);
        for (let unit = 1; unit <= count; ++unit) await site.sims[0].plug(unit);
        await site.driver.shows('transactions', (now) => now.transactions === transactions);
        await sleep(3000);
    }
    const session = (written(site.pid) - before) / count / rounds;
    const day_mb = (charging * minutes_a_day + session * sessions_a_day) / 1e6;
    table.add(`written a charge point a day, ${sessions_a_day} sessions`, 'MB', day_mb, { wanted: '2 MB', bytes_a_minute: charging, bytes_a_session: session, minutes, charge_points: count });
    table.add('... of it a minute of charging', 'bytes', charging);
    table.add('... of it a session\'s start and end', 'bytes', session);
});

/// A queue that was there before the start, until the central system has it all.
export const drain = (table, { short }) => withSite(async (site) => {
    const count = short ? 10_000 : 200_000;
    await site.build(1);
    await site.start();
    await site.accepted();
    await site.driver.end(site.pid);
    const filled = await run('busbar_bench_core', ['fill', site.daemon.state_dir, 'CP1', String(count)], { within_ms: 600_000 });
    if (filled.code !== 0) throw new Error(filled.output);
    await site.start();
    const first = await site.driver.shows('the first thousand', ({ messages }) => messages.MeterValues >= 1000);
    const began = performance.now();
    const [small, cpu_before] = [memory(site.pid), cpu(site.pid)];
    let most = 0;
    const last = await site.driver.shows('all of it', ({ messages }) => {
        most = Math.max(most, memory(site.pid).pss);
        return messages.MeterValues >= count;
    }, 900_000);
    const sent = last.messages.MeterValues - first.messages.MeterValues;
    const rate = (sent / (performance.now() - began)) * 1000;
    const commits = JSON.parse((await run('busbar_bench_core', ['commits', site.dir, short ? '0.5' : '3'], { within_ms: 60_000 })).output);
    table.add(`drain of ${count} messages`, '1/s', rate, { floor: commits.sqlite_commits_per_s, floor_is: 'commits of one row by bare SQLite, WAL and FULL', wanted: '2000', cpu_us: ((cpu(site.pid) - cpu_before) / sent) * 1e6 });
    table.add('... memory at its most, PSS', 'MB', most, { floor: small.pss, floor_is: 'after the first thousand', wanted: 'flat' });
    table.add('a message saved, store', '1/s', commits.store_commits_per_s, { floor: commits.sqlite_commits_per_s, floor_is: 'bare SQLite' });
    table.add('a message saved, bare SQLite', '1/s', commits.sqlite_commits_per_s, { floor: commits.fdatasync_per_s, floor_is: 'write and fdatasync' });
});
