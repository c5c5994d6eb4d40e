// SPDX-License-Identifier: Apache-2.0
// The bus side misbehaves: silence, noise, faults of the box, power that goes.

import assert from 'node:assert/strict';

import { charge, limitTo } from './lib/charging.mjs';
import { charger, centralSystem } from './lib/daemon.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { password } from './lib/daemon.mjs';
import { never } from './lib/wait.mjs';

const metering = (more = {}) => [charger('CP1', { configuration: { MeterValueSampleInterval: '1' }, ...more })];

scenario('a charger that falls silent is Faulted COMM_LOST, its transaction stays, no sample is invented, and it comes back', { chargers: metering() }, async ({ sim, central }) => {
    await charge({ sim, central });
    await central.next('MeterValues');
    await sim.tell('silent', 1, 1);
    const { params } = await central.status('Faulted');
    assert.deepEqual([params.errorCode, params.vendorErrorCode], ['OtherError', 'COMM_LOST']);
    assert.ok(params.info);
    const samples = central.select('MeterValues').length;
    await never('a sample of a silent charger', () => central.select('MeterValues').length > samples, 2500);
    await sim.tell('silent', 1, 0);
    await central.status('Charging', { within_ms: 30_000 });
    assert.equal(central.select('StopTransaction').length, 0);
    assert.equal(central.select('StartTransaction').length, 1);
    assert.ok(!central.statuses('CP1', 0).includes('Faulted'), 'connector 0 does not take part');
});

scenario('dropped, garbled and late answers and noise on the line are harmless', { chargers: metering({ lost_after_s: 10 }) }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await sim.tell('garble', 1, 5);
    await sim.tell('drop', 1, 3);
    await sim.tell('delay', 1, 700, 3);
    await sim.tell('babble', 1);
    await central.call('CP1', 'SetChargingProfile', limitTo(7, { transactionId }));
    await never('a fault', () => central.statuses('CP1').includes('Faulted'), 4000);
    await sim.tell('babble', 0);
    await sim.limit(7);
    await never('a fault', () => central.statuses('CP1').includes('Faulted'), 1500);
    assert.equal(daemon.program.running, true);
});

scenario("a fault of the box is Faulted with the box's own code and goes when it goes", { chargers: metering() }, async ({ sim, central }) => {
    await charge({ sim, central });
    await sim.tell('fault', 1, 'ERR');
    const { params } = await central.status('Faulted');
    assert.equal(params.errorCode, 'InternalError');
    assert.match(params.vendorErrorCode, /11|0x0*[bB]/);
    await sim.tell('clear', 1);
    await central.status('Charging', { within_ms: 30_000 });
    assert.equal(central.select('StopTransaction').length, 0);
});

scenario('a box that lost its power gets its limit, watchdog and standby settings again', { chargers: metering() }, async ({ sim, central }) => {
    const { transactionId } = await charge({ sim, central });
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { transactionId }));
    const before = await sim.limit(9);
    await sim.tell('power_cycle', 1);
    const after = await sim.shows('its settings again', (box) => box.current_set_a === 9 && box.standby_disabled, 1, 30_000);
    assert.deepEqual([after.watchdog_ms, after.failsafe_a], [before.watchdog_ms, before.failsafe_a]);
});

bench('a serial server that tunnels RTU frames serves its chargers, garbled and late answers included', async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ tunnel: true, boxes: ['heidelberg:1'] });
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
    const bus = { id: 'line', kind: 'rtu-over-tcp', host: '127.0.0.1', port: sim.port };
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [bus], chargers: metering({ lost_after_s: 10 }) });
    daemon.start();
    const { transactionId } = await charge({ sim, central });
    await sim.tell('garble', 1, 3);
    await sim.tell('delay', 1, 900, 2);
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { transactionId }));
    await sim.limit(9);
    assert.ok(!central.statuses('CP1').includes('Faulted'));
});

for (const [what, bus] of [
    ['a serial device that is not there', { kind: 'rtu', device: '/dev/serial/by-id/none', baud: 19200, parity: 'even' }],
    ['a TCP box that refuses', { kind: 'tcp', host: '127.0.0.1', port: 1 }],
]) {
    bench(`${what} does not keep the charge point from booting: it is Faulted after lost_after_s`, async (made) => {
        const authority = made.authority();
        const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
        made.daemon({ central_system: centralSystem(central, authority), buses: [{ id: 'line', ...bus }], chargers: [charger('CP1')] }).start();
        await central.next('BootNotification');
        await central.status('Available', { connectorId: 0 });
        const { params } = await central.status('Faulted');
        assert.equal(params.vendorErrorCode, 'COMM_LOST');
    });
}
