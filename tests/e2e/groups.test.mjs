// SPDX-License-Identifier: Apache-2.0
// Chargers behind one feed: what their registers hold never sums up to more.

import assert from 'node:assert/strict';

import { limitTo } from './lib/charging.mjs';
import { charger, centralSystem, serialBus } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const three = [1, 2, 3].map((unit) => charger(`CP${unit}`, { unit_id: unit }));
const setup = { boxes: three.map((one) => `heidelberg:${one.unit_id}`), chargers: three, start: false, speed: 20 };

/// Starts the daemon with the three boxes behind a feed.
async function startWithFeed({ central, daemon, authority, sim }, max_current_a) {
    const site = { central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: three };
    daemon.configure({ ...site, groups: [{ id: 'feed', max_current_a, chargers: ['CP1', 'CP2', 'CP3'] }] });
    daemon.start();
    for (const { id } of three) await central.status('Available', { chargePoint: id });
}

/// Watches the sum of the boxes' settings; the function it gives ends that and judges.
function watchSum(sim, max_current_a) {
    const sums = [];
    const watch = setInterval(async () => {
        const boxes = await Promise.all([1, 2, 3].map((unit) => sim.show(unit).catch(() => ({ current_set_a: 0 }))));
        sums.push(boxes.reduce((sum, box) => sum + box.current_set_a, 0));
    }, 50);
    return () => {
        clearInterval(watch);
        assert.ok(sums.length > 10, 'the sum was watched');
        assert.ok(Math.max(...sums) <= max_current_a + 0.01, `the boxes were set to ${Math.max(...sums)} A together`);
    };
}

scenario('equal shares, the last waits below the minimum, and what one leaves goes to the others', setup, async (made) => {
    const { sim, central, daemon } = made;
    await startWithFeed(made, 16);
    const check = watchSum(sim, 16);
    await sim.plug(1);
    await sim.limit(16, 1);
    await sim.plug(2);
    await Promise.all([sim.limit(8, 1), sim.limit(8, 2)]);
    await sim.plug(3);
    await central.next('StartTransaction', { chargePoint: 'CP3' });
    await central.status('SuspendedEVSE', { chargePoint: 'CP3' });
    const waits = (await daemon.status()).charge_points.find(({ id }) => id === 'CP3');
    assert.equal(waits.connectors[0].limit.without_group_a, 16, 'the status says why');
    await sim.unplug(1);
    await Promise.all([sim.limit(8, 2), sim.limit(8, 3)]);
    const started = central.select('StartTransaction').find((call) => call.chargePoint === 'CP2');
    await central.call('CP2', 'SetChargingProfile', limitTo(6, { transactionId: central.transactionOf(started) }));
    await Promise.all([sim.limit(6, 2), sim.limit(10, 3)]);
    check();
});

scenario('a killed gateway does not exceed the feed when it comes back', setup, async (made) => {
    const { sim, central, daemon } = made;
    await startWithFeed(made, 20);
    const check = watchSum(sim, 20);
    for (const unit of [1, 2]) await sim.plug(unit);
    await Promise.all([sim.limit(10, 1), sim.limit(10, 2)]);
    await daemon.program.kill('SIGKILL');
    await sim.unplug(1);
    daemon.start();
    await sim.limit(16, 2, 30_000);
    await central.next('StopTransaction', { chargePoint: 'CP1' });
    check();
});

scenario('a lost charger keeps its part until it is lost, then only its failsafe current', setup, async (made) => {
    const { sim } = made;
    await startWithFeed(made, 20);
    for (const unit of [1, 2]) await sim.plug(unit);
    await Promise.all([sim.limit(10, 1), sim.limit(10, 2)]);
    await sim.tell('silent', 1, 1);
    await sim.limit(16, 2, 30_000);
    await sim.tell('silent', 1, 0);
    await until('both to share again', async () => {
        const [one, two] = await Promise.all([sim.show(1), sim.show(2)]);
        return one.current_set_a === 10 && two.current_set_a === 10;
    }, 30_000);
});
