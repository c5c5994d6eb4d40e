// SPDX-License-Identifier: Apache-2.0
// Nothing that matters is lost: by kill -9, by a central system that is away, by messages nobody answers.

import assert from 'node:assert/strict';

import { silence } from './lib/central_system.mjs';
import { charge, limitTo, sampled } from './lib/charging.mjs';
import { charger } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const metering = (more = {}) => [charger('CP1', { configuration: { MeterValueSampleInterval: '1', ...more } })];
const transactional = new Set(['StartTransaction', 'MeterValues', 'StopTransaction']);

scenario('kill -9 in a transaction: it goes on as the same one, limit and all, with no second StartTransaction', { chargers: metering(), speed: 60, boxes: ['heidelberg:1,battery_wh=100000'] }, async ({ sim, central, daemon }) => {
    const { started, transactionId } = await charge({ sim, central });
    await central.call('CP1', 'SetChargingProfile', limitTo(8, { transactionId }));
    await sim.limit(8);
    const written = (await sim.currents()).length;
    for (let round = 0; round < 3; ++round) {
        await daemon.kill();
        daemon.start();
        await until('the next BootNotification', () => central.select('BootNotification').length === round + 2);
        const since = Date.now();
        await central.next('MeterValues', { where: (params) => params.transactionId === transactionId && Date.parse(params.meterValue[0].timestamp) > since });
    }
    const box = await sim.show();
    assert.equal(box.current_set_a, 8);
    assert.ok((await sim.currents()).slice(written).every((value) => value <= 80), 'a restart never lets the car draw more than the profile');
    await sim.unplug();
    const stopped = await central.next('StopTransaction');
    assert.deepEqual([stopped.params.transactionId, stopped.params.reason], [transactionId, 'EVDisconnected']);
    assert.ok(stopped.params.meterStop - started.params.meterStart > 1);
    assert.equal(central.select('StartTransaction').length, 1);
    assert.equal(central.select('StopTransaction').length, 1);
});

scenario('a car that left while the gateway was dead: StopTransaction with the register as it is now', { chargers: metering(), speed: 60 }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await daemon.kill();
    await sim.unplug();
    const { energy_wh } = await sim.show();
    daemon.start();
    const stopped = await central.next('StopTransaction');
    assert.deepEqual([stopped.params.transactionId, stopped.params.meterStop, stopped.params.reason], [transactionId, Math.floor(energy_wh), 'EVDisconnected']);
    await central.status('Available');
});

scenario('the central system away in a session: everything is delivered after it, in order', { chargers: metering(), speed: 60 }, async ({ sim, central }) => {
    const { transactionId } = await charge({ sim, central });
    await central.next('MeterValues');
    await central.goAway();
    const box = await sim.show();
    await sim.shows('a session that goes on', (shown) => shown.energy_wh > box.energy_wh + 300);
    await sim.unplug();
    await sim.limit(0);
    await sim.plug();
    await sim.shows('the next session', (shown) => shown.power_w > 1000);
    await central.comeBack();

    await until('the second session', () => central.select('StartTransaction').length === 2);
    const second = central.transactionOf(central.select('StartTransaction')[1]);
    await central.next('MeterValues', { where: (params) => params.transactionId === second });
    const times = central.calls.filter((call) => transactional.has(call.action)).map(({ params }) => Date.parse(params.timestamp ?? params.meterValue[0].timestamp));
    assert.deepEqual(times, [...times].sort((a, b) => a - b), 'in the order of their own times');
    assert.equal(central.select('StopTransaction')[0].params.transactionId, transactionId);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    assert.ok(Math.max(...gaps) < 5000, `samples of every second, also of the time away: ${gaps}`);
    assert.equal(central.select('BootNotification').length, 1, 'a mere reconnect is no reboot');
});

scenario('a StartTransaction nobody answered is repeated with the same message id, also after kill -9', { chargers: metering({ MessageTimeout: '2' }) }, async ({ sim, central, daemon }) => {
    central.answer('StartTransaction', () => silence);
    await central.status('Available');
    await sim.plug();
    const first = await central.next('StartTransaction');
    await daemon.kill();
    central.answer('StartTransaction', () => ({ transactionId: 4711, idTagInfo: { status: 'Accepted' } }));
    daemon.start();
    const again = await central.next('StartTransaction');
    assert.equal(again.id, first.id);
    assert.deepEqual(again.params, first.params);
    await central.next('MeterValues', { where: (params) => params.transactionId === 4711 });
});

scenario('a session that begins and ends while offline is told afterwards with its own times', { chargers: metering(), speed: 600, start: false }, async ({ sim, central, daemon }) => {
    await central.goAway();
    daemon.start();
    await sim.limit(0);
    const begun = Date.now();
    await sim.plug();
    const box = await sim.shows('some energy', (shown) => shown.energy_wh > 1_234_567 + 500);
    await sim.unplug();
    await sim.limit(0);
    const ended = Date.now();
    await central.comeBack();

    const { params: start } = await central.next('StartTransaction');
    const { params: stop } = await central.next('StopTransaction');
    assert.ok(Date.parse(start.timestamp) >= begun - 1000 && Date.parse(stop.timestamp) <= ended + 1000, `${start.timestamp} ${stop.timestamp}`);
    assert.ok(stop.meterStop >= Math.floor(box.energy_wh) && stop.meterStop > start.meterStart);
    assert.ok(central.select('MeterValues').every(({ params }) => sampled(params, 'Energy.Active.Import.Register') >= start.meterStart));
});

scenario('a MeterValues answered by an error does not hold up the queue for ever', { chargers: metering({ TransactionMessageAttempts: '1' }) }, async ({ sim, central }) => {
    await charge({ sim, central });
    let refusals = 0;
    central.answer('MeterValues', () => {
        if (++refusals > 1) return {};
        throw Object.assign(new Error('cannot'), { rpcErrorCode: 'InternalError' });
    });
    await until('later samples', () => central.select('MeterValues').length >= 3);
    await sim.unplug();
    await central.next('StopTransaction');
});
