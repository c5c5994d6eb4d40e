// SPDX-License-Identifier: Apache-2.0
// What a central system asks and changes outside the charging itself.

import assert from 'node:assert/strict';

import { charge, limitTo, sampled } from './lib/charging.mjs';
import { charger } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const change = (central, key, value) => central.call('CP1', 'ChangeConfiguration', { key, value });
const valueOf = async (central, key) => (await central.call('CP1', 'GetConfiguration', { key: [key] })).configurationKey[0]?.value;

scenario("ev.energy's set-up: the misspelt key with blanks, the sample interval, and its two triggers", {}, async ({ sim, central }) => {
    await central.status('Available');
    assert.deepEqual(await change(central, 'MeterValuesSampleData', 'Energy.Active.Import.Register , Power.Active.Import'), { status: 'Accepted' });
    assert.deepEqual(await change(central, 'MeterValueSampleInterval', '1'), { status: 'Accepted' });
    assert.equal(await valueOf(central, 'MeterValuesSampledData'), 'Energy.Active.Import.Register,Power.Active.Import');

    assert.deepEqual(await central.call('CP1', 'TriggerMessage', { requestedMessage: 'BootNotification' }), { status: 'Accepted' });
    await until('a second BootNotification', () => central.select('BootNotification').length === 2);
    const reported = central.select('StatusNotification').length;
    assert.deepEqual(await central.call('CP1', 'TriggerMessage', { requestedMessage: 'StatusNotification' }), { status: 'Accepted' });
    await until('both connectors again', () => central.select('StatusNotification').length >= reported + 2);

    await sim.plug();
    await central.status('Charging');
    const { params } = await central.next('MeterValues', { where: (values) => sampled(values, 'Power.Active.Import') > 1000 });
    assert.deepEqual(params.meterValue[0].sampledValue.map(({ measurand, unit }) => [measurand, unit]), [['Energy.Active.Import.Register', 'Wh'], ['Power.Active.Import', 'W']]);
});

scenario('a triggered MeterValues comes without a transaction, with context Trigger', {}, async ({ central }) => {
    await central.status('Available');
    assert.deepEqual(await central.call('CP1', 'TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 }), { status: 'Accepted' });
    const { params } = await central.next('MeterValues');
    assert.equal(params.meterValue[0].sampledValue[0].context, 'Trigger');
    assert.equal(params.transactionId, undefined);
    assert.deepEqual(await central.call('CP1', 'TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 9 }), { status: 'Rejected' });
});

scenario('GetConfiguration lists every key, never the password, and names the unknown ones', { chargers: [charger('CP1', { configuration: { WebSocketPingInterval: '30' } })] }, async ({ central }) => {
    await central.status('Available');
    const { configurationKey, unknownKey } = await central.call('CP1', 'GetConfiguration', {});
    const keys = Object.fromEntries(configurationKey.map((entry) => [entry.key, entry]));
    assert.equal(keys.NumberOfConnectors.value, '1');
    assert.equal(keys.NumberOfConnectors.readonly, true);
    assert.equal(keys.WebSocketPingInterval.value, '30');
    assert.ok(!keys.AuthorizationKey?.value);
    assert.deepEqual(unknownKey ?? [], []);
    const asked = await central.call('CP1', 'GetConfiguration', { key: ['heartbeatinterval', 'NoSuchKey'] });
    assert.equal(asked.configurationKey.length, 1);
    assert.deepEqual(asked.unknownKey, ['NoSuchKey']);
});

scenario('ChangeConfiguration says why it does not change', {}, async ({ central }) => {
    await central.status('Available');
    assert.deepEqual(await change(central, 'NoSuchKey', '1'), { status: 'NotSupported' });
    assert.deepEqual(await change(central, 'NumberOfConnectors', '2'), { status: 'Rejected' });
    assert.deepEqual(await change(central, 'MeterValueSampleInterval', '-1'), { status: 'Rejected' });
    assert.deepEqual(await change(central, 'MeterValuesSampledData', 'Energy.Active.Import.Register,Nonsense'), { status: 'Rejected' });
});

scenario('a changed key and a charging profile outlive a restart', {}, async ({ sim, central, daemon }) => {
    await central.status('Available');
    await change(central, 'MeterValueSampleInterval', '17');
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { purpose: 'TxDefaultProfile' }));
    assert.equal(await daemon.stop(), 0);
    daemon.start();
    await until('a second BootNotification', () => central.select('BootNotification').length === 2);
    await central.status('Available');
    assert.equal(await valueOf(central, 'MeterValueSampleInterval'), '17');
    await sim.plug();
    await central.status('Charging');
    await sim.limit(9);
});

scenario('profiles combine: the charge point maximum holds, and clearing them gives the current back', {}, async ({ sim, central }) => {
    const { transactionId } = await charge({ sim, central });
    const set = (amps, more) => central.call('CP1', 'SetChargingProfile', limitTo(amps, more));
    assert.deepEqual(await set(12, { purpose: 'ChargePointMaxProfile', connectorId: 0, id: 10 }), { status: 'Accepted' });
    await sim.limit(12);
    assert.deepEqual(await set(9, { transactionId, id: 11 }), { status: 'Accepted' });
    await sim.limit(9);
    assert.deepEqual(await set(14, { transactionId, id: 11 }), { status: 'Accepted' });
    await sim.limit(12);
    assert.deepEqual(await set(9, { transactionId: transactionId + 99, id: 12 }), { status: 'Rejected' });
    assert.deepEqual(await central.call('CP1', 'ClearChargingProfile', { id: 10 }), { status: 'Accepted' });
    await sim.limit(14);
    assert.deepEqual(await central.call('CP1', 'ClearChargingProfile', { id: 10 }), { status: 'Unknown' });
    assert.deepEqual(await central.call('CP1', 'ClearChargingProfile', {}), { status: 'Accepted' });
    await sim.limit(16);
});

scenario('an action we do not know and one we do not serve yet are NotImplemented, and the link lives on', {}, async ({ central }) => {
    await central.status('Available');
    assert.deepEqual((await central.raw('CP1', [2, 'odd-1', 'MakeCoffee', {}])).slice(0, 3), [4, 'odd-1', 'NotImplemented']);
    assert.deepEqual((await central.raw('CP1', [2, 'odd-2', 'TriggerMessage', { requestedMessage: 7 }])).slice(0, 2), [4, 'odd-2']);
    await central.call('CP1', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
    await central.next('Heartbeat');
    assert.equal(central.upgrades.length, 1);
});

scenario('Reset Soft stops the transaction, closes, comes back, and a free car starts anew', {}, async ({ sim, central }) => {
    const { transactionId } = await charge({ sim, central });
    assert.deepEqual(await central.call('CP1', 'Reset', { type: 'Soft' }), { status: 'Accepted' });
    const stopped = await central.next('StopTransaction');
    assert.deepEqual([stopped.params.transactionId, stopped.params.reason], [transactionId, 'SoftReset']);
    await until('a second BootNotification', () => central.select('BootNotification').length === 2);
    assert.equal(central.upgrades.length, 2);
    const again = await central.next('StartTransaction');
    assert.notEqual(central.transactionOf(again), transactionId);
    await central.status('Charging');
});
