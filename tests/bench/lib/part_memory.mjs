// SPDX-License-Identifier: Apache-2.0
// Memory with a transaction at each charge point, and the CPU of a gateway that has nothing to do.

import { setTimeout as sleep } from 'node:timers/promises';

import { cpu, memory } from './process.mjs';
import { withSite } from './site.mjs';

const wanted = { 100: '18 MB', 500: '60 MB' };

export async function sizes(table, { short }) {
    for (const count of short ? [1, 100] : [1, 10, 100, 500]) {
        await withSite(async (site) => {
            await site.build(count, { charging: true });
            await site.start();
            await site.accepted(300_000);
            await site.charging();
            await sleep(short ? 3000 : 20_000);
            const ours = memory(site.pid);
            await site.driver.end(site.pid);
            await site.driver.shows('nobody', ({ connected }) => connected === 0);
            const floor = memory(await site.floor(count));
            const floor_is = 'as many bare WebSocket clients in one process';
            table.add(`memory, ${count} charge points, a transaction each, PSS`, 'MB', ours.pss, { floor: floor.pss, floor_is, wanted: wanted[count], private_mb: ours.private, threads: ours.threads });
            table.add(`memory, ${count} charge points, a transaction each, RSS`, 'MB', ours.rss, { floor: floor.rss, floor_is });
        });
    }
}

/// Seconds of CPU a minute and charge point.
export async function idle(table, { short }) {
    const count = short ? 20 : 100;
    const measured_s = short ? 10 : 60;
    const rate = async (pid) => {
        const before = cpu(pid);
        await sleep(measured_s * 1000);
        return ((cpu(pid) - before) / measured_s / count) * 60;
    };
    const ofGateway = (settings) => withSite(async (site) => {
        await site.build(count, { settings });
        await site.start();
        await site.accepted();
        await sleep(5000);
        return rate(site.pid);
    });
    const quiet = await ofGateway({ poll_interval_ms: 60_000, lost_after_s: 600 });
    const polling = await ofGateway({ poll_interval_ms: 1000 });
    const floor = await withSite(async (site) => rate(await site.floor(count)));
    table.add(`idle CPU, ${count} charge points, the bus idle`, 's/min each', quiet, { floor, floor_is: 'bare WebSocket clients', wanted: '0.002' });
    table.add(`CPU, ${count} charge points, each read once a second`, 's/min each', polling);
}
