// SPDX-License-Identifier: Apache-2.0
// What changes on a bus is on the event stream at once. tests/bench/news.mjs measures how soon.

import assert from 'node:assert/strict';

import { listen } from './lib/api.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const changes = 8;

scenario('a change at a charger is told at once, not at the next second', { mode: 'remote' }, async ({ sim, central, daemon }) => {
    await central.status('Available');
    const heard = await listen(daemon, 'status');
    const shown = () => heard.events.at(-1)?.data.charge_points[0].connectors[0].status;
    await until('the first status', () => shown() === 'Available');
    const begun = Date.now();
    const before = heard.events.length;
    for (let change = 0; change < changes; ++change) {
        await (change % 2 ? sim.unplug() : sim.plug());
        await until('the change', () => shown() === (change % 2 ? 'Available' : 'Preparing'));
    }
    const told = heard.events.length - before;
    const rounds = Math.ceil((Date.now() - begun) / 1000) + 1;
    heard.close();
    assert.ok(told >= changes, `${told} events`);
    // A machine that is busy elsewhere may make it late, but not twice as late as a second each.
    assert.ok(rounds < changes, `${changes} changes took ${rounds} s: they waited for the next second`);
});

scenario('a reading that says nothing new is no news', {}, async ({ central, daemon }) => {
    await central.status('Available');
    const heard = await listen(daemon, 'status');
    await until('four rounds', () => heard.events.length >= 4);
    const [first, last] = [heard.events.at(1), heard.events.at(-1)];
    const told = heard.events.length - 2;
    heard.close();
    assert.ok(told <= Math.ceil((last.at - first.at) / 1000) + 1, `${told} events in ${last.at - first.at} ms`);
});
