// SPDX-License-Identifier: Apache-2.0
// Start, calls, reconnection, and how soon a change on the bus is told.

import { setTimeout as sleep } from 'node:timers/promises';

import { ask } from '../../e2e/lib/api.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { changedAt } from './readings.mjs';
import { withSite } from './site.mjs';
import { median, quantile } from './table.mjs';

const SIGKILL = 9;

/// From just before exec to the BootNotification.conf that accepts.
export const start = (table, { short }) => withSite(async (site) => {
    await site.build(1);
    const ours = [];
    const floors = [];
    for (let round = 0; round < (short ? 3 : 15); ++round) {
        const floor = await site.floor(1);
        floors.push((await site.driver.show()).last_accepted_ms);
        await site.driver.end(floor, SIGKILL);
        await site.driver.shows('nobody', ({ connected }) => connected === 0);
        await site.start();
        ours.push((await site.accepted()).last_accepted_ms);
        await site.driver.end(site.pid);
        await site.driver.shows('nobody', ({ connected }) => connected === 0);
    }
    const floor_is = 'a bare WebSocket client, from exec to its first answer';
    table.add('start to accepted BootNotification, first start', 'ms', ours[0], { floor: floors[0], floor_is });
    table.add('start to accepted BootNotification, median', 'ms', median(ours.slice(1)), { floor: median(floors.slice(1)), floor_is, wanted: 'floor + 20 ms', all: ours, floors });
});

/// GetConfiguration of one key, one outstanding call a charge point, in turns with the floor.
export async function calls(table, { short }) {
    for (const count of [1, 10, 100]) {
        await withSite(async (site) => {
            await site.build(count, { charging: true, settings: { poll_interval_ms: 60_000, lost_after_s: 600 } });
            await site.start();
            await site.accepted();
            await site.charging();
            await sleep(1000);
            const rounds = { ours: [], floor: [] };
            const seconds = short ? 1 : 4;
            for (let round = 0; round < (short ? 1 : 3); ++round) {
                rounds.ours.push(await site.driver.tell('load', seconds, site.pid));
                await site.driver.end(site.pid, SIGKILL);
                await site.driver.shows('nobody', ({ connected }) => connected === 0);
                const floor = await site.floor(count);
                rounds.floor.push(await site.driver.tell('load', seconds, floor));
                await site.driver.end(floor, SIGKILL);
                await site.driver.shows('nobody', ({ connected }) => connected === 0);
                await site.start();
                await site.accepted();
                await sleep(1000);
            }
            const of = (key, who) => median(rounds[who].map((round) => round[key]));
            for (const [key, unit, what] of [['p50_us', 'us', 'p50'], ['p99_us', 'us', 'p99'], ['calls_per_s', '1/s', 'calls a second'], ['cpu_us_per_call', 'us', 'CPU a call']]) {
                table.add(`GetConfiguration, ${count} charge points, ${what}`, unit, of(key, 'ours'), {
                    floor: of(key, 'floor'), floor_is: 'bare WebSocket echo, same driver', ...(key === 'p50_us' && { wanted: '1.3 x the floor' }), rounds: rounds.ours.map((round) => round[key]),
                });
            }
        });
    }
}

/// All connections are cut at once; who comes back within a boot sends no BootNotification again.
export const reconnect = (table, { short }) => withSite(async (site) => {
    const count = short ? 10 : 100;
    const isBack = ({ connected, last_connected_ms }) => connected === count && last_connected_ms > 0;
    await site.build(count);
    await site.start();
    await site.accepted();
    await site.driver.tell('drop');
    const back = await site.driver.shows('all back', isBack);
    await site.driver.end(site.pid);
    await site.driver.shows('nobody', ({ connected }) => connected === 0);
    const paced = (count - 1) * 250;
    table.add(`reconnect of ${count} charge points`, 'ms', back.last_connected_ms, { floor: paced, floor_is: 'the promised 250 ms between two dials' });
    await site.floor(count);
    await site.driver.tell('drop');
    const bare = await site.driver.shows('all back', isBack);
    table.add('... bare, all at once', 'ms', bare.last_connected_ms);
});

/// From the exchange that read a change of state (the trace's time, to the ms) to the StatusNotification's arrival.
export const statuses = (table, { short }) => withSite(async (site) => {
    await site.build(8, { settings: { authorization: { mode: 'remote' }, poll_interval_ms: 500 } });
    await site.start();
    await site.accepted();
    const status = () => site.driver.tell('status', 'CP1');
    await until('Available', async () => (await status()).status === 'Available');
    const late = [];
    for (let change = 0; change < (short ? 10 : 100); ++change) {
        const { body: { last: since } } = await ask(site.daemon, 'GET', '/trace');
        await (change % 2 ? site.sims[0].unplug() : site.sims[0].plug());
        const told = await until('the change', async () => {
            const now = await status();
            return now.status === (change % 2 ? 'Available' : 'Preparing') && now;
        });
        late.push(told.at_ms - (await changedAt(site.daemon, since)));
    }
    table.add('StatusNotification after the reading, p50', 'ms', quantile(late, 0.5), { wanted: '20 ms', changes: late.length });
    table.add('StatusNotification after the reading, p99', 'ms', quantile(late, 0.99), { wanted: '20 ms' });
});
