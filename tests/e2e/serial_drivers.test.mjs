// SPDX-License-Identifier: Apache-2.0
// Chargers that speak a protocol of their own, end to end.

import assert from 'node:assert/strict';

import { charge, limitTo, sampled } from './lib/charging.mjs';
import { centralSystem, charger } from './lib/daemon.mjs';
import { bench } from './lib/scenario.mjs';

const metering = { MeterValueSampleInterval: '1', MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import,Current.Import' };
const lineOf = (sim) => ({ id: 'line', kind: 'serial', device: sim.device, baud: 115200, parity: 'none' });

/// One box on a serial bus: `body({sim, central})`.
function serial(name, { box, profile, more = {} }, body) {
    bench(name, async (made) => {
        const authority = made.authority();
        const sim = await made.simulator({ pty: true, boxes: [box], speed: 60 });
        const listed = [charger('CP1', { profile, phases: 1, configuration: metering, ...more })];
        const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: { CP1: listed[0].password } });
        made.daemon({ central_system: centralSystem(central, authority), buses: [lineOf(sim)], chargers: listed }).start();
        await body({ sim, central });
    });
}

serial(
    'an OpenEVSE controller charges, obeys 10 A, sleeps at 0 A, resumes, boots and leaves',
    { box: 'openevse:1,battery_wh=100000,boot_lock=1', profile: 'openevse-rapi' },
    async ({ sim, central }) => {
        await sim.shows('sleep, and no boot lock', (box) => box.sleeping && !box.boot_locked);
        const { started, transactionId } = await charge({ sim, central });
        assert.equal(started.params.meterStart, 1234567);
        const drawn = await central.next('MeterValues', { where: (params) => sampled(params, 'Current.Import', 'L1') === 16 });
        assert.equal(sampled(drawn.params, 'Power.Active.Import'), 16 * 230);

        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(10, { transactionId })), { status: 'Accepted' });
        await sim.shows('10 A', (box) => box.limit_a === 10);
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(0, { transactionId })), { status: 'Accepted' });
        await central.status('SuspendedEVSE');
        assert.ok((await sim.show()).sleeping);
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(10, { transactionId })), { status: 'Accepted' });
        await central.status('Charging');

        await sim.tell('power_cycle', 1);
        await sim.shows('10 A after its boot', (box) => box.limit_a === 10 && !box.boot_locked && box.amps[0] === 10);

        await sim.unplug();
        const stopped = await central.next('StopTransaction');
        assert.equal(stopped.params.reason, 'EVDisconnected');
        const after = await sim.shows('sleep', (box) => box.sleeping);
        assert.ok(stopped.params.meterStop > started.params.meterStart);
        assert.equal(after.opened_under_load, 0, 'the contactor is never opened under load');
        assert.equal(after.stored_a, 32, 'the EEPROM keeps its current');
        assert.equal(after.heartbeat_s, 60);
    },
);

serial(
    'an OpenEVSE controller shows its fault, falls silent, and comes back',
    { box: 'openevse:1', profile: 'openevse-rapi' },
    async ({ sim, central }) => {
        await charge({ sim, central });
        await sim.tell('fault', 1, 'no_ground');
        const faulted = await central.status('Faulted');
        assert.deepEqual([faulted.params.errorCode, faulted.params.vendorErrorCode], ['GroundFailure', '07']);
        await sim.tell('clear', 1);
        await central.status('Charging');
        await sim.tell('silent', 1, 1);
        const lost = await central.status('Faulted');
        assert.equal(lost.params.vendorErrorCode, 'COMM_LOST');
        await sim.tell('silent', 1, 0);
        await central.status('Charging');
    },
);

serial(
    'a box that only listens is told its limit again and again, and nothing is invented about it',
    { box: 'ultimate-speed:1,plugged=1', profile: 'ultimate-speed-uswb', more: { authorization: { mode: 'remote' }, phases: 3 } },
    async ({ sim, central }) => {
        await central.status('Preparing');
        await sim.shows('a pause', (box) => box.limit_a === 0);
        assert.deepEqual(await central.call('CP1', 'RemoteStartTransaction', { idTag: 'A', connectorId: 1 }), { status: 'Accepted' });
        const started = await central.next('StartTransaction');
        await central.status('SuspendedEV');
        await sim.shows('32 A', (box) => box.limit_a === 32);
        const transactionId = central.transactionOf(started);
        assert.deepEqual(await central.call('CP1', 'SetChargingProfile', limitTo(10, { transactionId })), { status: 'Accepted' });
        const told = await sim.shows('10 A', (box) => box.limit_a === 10);
        await sim.shows('it told again', (box) => box.writes > told.writes);
        assert.deepEqual(await central.call('CP1', 'RemoteStopTransaction', { transactionId }), { status: 'Accepted' });
        await sim.shows('a pause', (box) => box.limit_a === 0);
    },
);
