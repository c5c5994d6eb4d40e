// SPDX-License-Identifier: Apache-2.0
// The main road: a car charges, is limited, paused, resumed, and leaves.

import assert from 'node:assert/strict';

import { charge, limitTo, sampled } from './lib/charging.mjs';
import { charger } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { never } from './lib/wait.mjs';

const metering = { MeterValueSampleInterval: '1', MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage' };
const free = (more = {}) => [charger('CP1', { configuration: metering, ...more })];
const remote = (more = {}) => [charger('CP1', { configuration: metering, authorization: { mode: 'remote' }, ...more })];

async function wholeSession({ sim, central }) {
    await central.status('Available');
    const before = await sim.show();
    await sim.plug();
    await central.status('Preparing');
    const started = await central.next('StartTransaction');
    assert.deepEqual([started.params.connectorId, started.params.idTag, started.params.meterStart], [1, 'FREE01', Math.floor(before.energy_wh)]);
    const transactionId = central.transactionOf(started);
    await central.status('Charging');
    await sim.limit(16);

    const meter = await central.next('MeterValues', { where: (params) => sampled(params, 'Power.Active.Import') > 10_000 });
    assert.equal(meter.params.transactionId, transactionId);
    assert.equal(sampled(meter.params, 'Current.Import', 'L1'), 16);
    assert.ok(sampled(meter.params, 'Voltage', 'L1-N') === 230 || sampled(meter.params, 'Voltage', 'L1') === 230);

    assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(10, { transactionId })), { status: 'Accepted' });
    assert.equal((await sim.limit(10)).current_set_a, 10);
    assert.equal((await sim.currents()).at(-1), 100);

    assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(0, { transactionId })), { status: 'Accepted' });
    await sim.limit(0);
    await central.status('SuspendedEVSE');
    assert.equal((await sim.currents()).at(-1), 0);

    assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(16, { transactionId })), { status: 'Accepted' });
    await sim.limit(16);
    await central.status('Charging');

    await sim.unplug();
    const stopped = await central.next('StopTransaction');
    assert.deepEqual([stopped.params.transactionId, stopped.params.reason], [transactionId, 'EVDisconnected']);
    await central.status('Available');
    await sim.limit(0);

    const after = await sim.show();
    assert.equal(stopped.params.meterStop, Math.floor(after.energy_wh));
    assert.ok(stopped.params.meterStop > started.params.meterStart);
    const registers = central.select('MeterValues').map(({ params }) => sampled(params, 'Energy.Active.Import.Register'));
    assert.deepEqual(registers, [...registers].sort((a, b) => a - b), 'the register never falls');
    assert.equal(central.select('StartTransaction').length, 1);
    assert.ok(!central.statuses('CP1').includes('Finishing'), 'no Finishing when the car just leaves');
    assert.equal(after.gap_violations, 0, 'the box gets its 100 ms after each answer');
    assert.equal(after.exceptions, 0, 'no read or write outside the documented registers');
    assert.equal(after.watchdog_expired, false);
}

scenario('a car on a serial line charges, obeys 10 A, pauses at 0 A, resumes and leaves, metered to the watt-hour', { chargers: free(), speed: 60, boxes: ['heidelberg:1,battery_wh=100000'] }, wholeSession);

scenario(
    'the same over Modbus TCP with an Amperfied box at unit 255',
    { pty: false, chargers: free({ unit_id: 255, profile: 'amperfied-connect' }), speed: 60, boxes: ['amperfied:255,battery_wh=100000'] },
    async ({ sim, central }) => wholeSession({ sim: bind(sim, 255), central }),
);

/// The same simulator with another unit as the one that is meant.
function bind(sim, unit) {
    return {
        plug: () => sim.plug(unit),
        unplug: () => sim.unplug(unit),
        show: () => sim.show(unit),
        currents: () => sim.currents(unit),
        limit: (amps) => sim.limit(amps, unit),
    };
}

scenario('a full battery is SuspendedEV, and the transaction goes on until the car leaves', { chargers: free(), speed: 600, boxes: ['heidelberg:1,battery_wh=3000'] }, async ({ sim, central }) => {
    await charge({ sim, central });
    await central.status('SuspendedEV', { within_ms: 40_000 });
    assert.equal(central.select('StopTransaction').length, 0);
    await sim.unplug();
    const { params } = await central.next('StopTransaction');
    assert.equal(params.reason, 'EVDisconnected');
    assert.ok(params.meterStop - central.select('StartTransaction')[0].params.meterStart >= 2999);
});

scenario('in remote mode a car waits in Preparing, RemoteStart starts it, RemoteStop ends it in Finishing', { chargers: remote() }, async ({ sim, central }) => {
    await central.status('Available');
    await sim.plug();
    await central.status('Preparing');
    await never('a StartTransaction without RemoteStart', () => central.select('StartTransaction').length > 0, 2000);
    assert.equal((await sim.show()).current_set_a, 0);

    assert.deepEqual(await central.call('CP1', 'RemoteStartTransaction', { connectorId: 1, idTag: 'APP-USER-7' }), { status: 'Accepted' });
    const started = await central.next('StartTransaction');
    assert.equal(started.params.idTag, 'APP-USER-7');
    await central.status('Charging');

    assert.deepEqual(await central.call('CP1', 'RemoteStopTransaction', { transactionId: central.transactionOf(started) + 1 }), { status: 'Rejected' });
    assert.deepEqual(await central.call('CP1', 'RemoteStopTransaction', { transactionId: central.transactionOf(started) }), { status: 'Accepted' });
    const stopped = await central.next('StopTransaction');
    assert.equal(stopped.params.reason, 'Remote');
    await central.status('Finishing');
    await sim.limit(0);
    await never('a new transaction while the car stays', () => central.select('StartTransaction').length > 1, 1500);

    await sim.unplug();
    await central.status('Available');
});

scenario('a RemoteStart before the cable waits for it, and uses its own idTag', { chargers: remote() }, async ({ sim, central }) => {
    await central.status('Available');
    assert.deepEqual(await central.call('CP1', 'RemoteStartTransaction', { connectorId: 1, idTag: 'EARLY' }), { status: 'Accepted' });
    await central.status('Preparing');
    await sim.plug();
    assert.equal((await central.next('StartTransaction')).params.idTag, 'EARLY');
    await central.status('Charging');
});

scenario('a RemoteStart that no cable follows ends after ConnectionTimeOut', { chargers: remote({ configuration: { ConnectionTimeOut: '1' } }) }, async ({ central }) => {
    await central.status('Available');
    await central.call('CP1', 'RemoteStartTransaction', { connectorId: 1, idTag: 'EARLY' });
    await central.status('Preparing');
    await central.status('Available');
    assert.equal(central.select('StartTransaction').length, 0);
});

scenario('after a RemoteStop in free mode the car may be started again by RemoteStart', { chargers: free() }, async ({ sim, central }) => {
    const { transactionId } = await charge({ sim, central });
    await central.call('CP1', 'RemoteStopTransaction', { transactionId });
    await central.status('Finishing');
    assert.deepEqual(await central.call('CP1', 'RemoteStartTransaction', { connectorId: 1, idTag: 'AGAIN' }), { status: 'Accepted' });
    assert.equal((await central.next('StartTransaction', { where: (params) => params.idTag === 'AGAIN' })).params.idTag, 'AGAIN');
    await central.status('Charging');
});

scenario(
    'two boxes on one line are two charge points that do not disturb each other',
    { boxes: ['heidelberg:1', 'heidelberg:2'], chargers: [charger('CP1'), charger('CP2', { unit_id: 2, password: 'another-secret-02' })] },
    async ({ sim, central }) => {
        await central.status('Available', { chargePoint: 'CP2' });
        const { transactionId } = await charge({ sim, central });
        await sim.plug(2);
        const second = await central.next('StartTransaction', { chargePoint: 'CP2' });
        await central.status('Charging', { chargePoint: 'CP2' });
        await central.call('CP1', 'SetChargingProfile', limitTo(8, { transactionId }));
        await central.call('CP2', 'SetChargingProfile', limitTo(12, { transactionId: central.transactionOf(second) }));
        await sim.limit(8, 1);
        await sim.limit(12, 2);

        await sim.tell('silent', 1, 1);
        await central.status('Faulted', { chargePoint: 'CP1' });
        await central.call('CP2', 'SetChargingProfile', limitTo(6, { transactionId: central.transactionOf(second) }));
        await sim.limit(6, 2, 5000);
        assert.ok(!central.statuses('CP2').includes('Faulted'));
    },
);
