// SPDX-License-Identifier: Apache-2.0
// What a person does to a charger beside the central system: less, never more, and no transaction ends by it.

import assert from 'node:assert/strict';

import { ask } from './lib/api.mjs';
import { charge, limitTo } from './lib/charging.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const act = (daemon, action, body) => ask(daemon, 'POST', `/chargers/CP1/actions/${action}`, body);
const limitOf = async (daemon) => (await daemon.status()).charge_points[0].connectors[0].limit;
const limitedBy = (daemon, why) => until(`limited by ${why}`, async () => (await limitOf(daemon)).why === why);

scenario('a local limit and a pause hold beside the central system, survive a kill, and end no transaction', { speed: 20 }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await sim.limit(16);
    await limitedBy(daemon, 'charger');

    assert.deepEqual((await act(daemon, 'limit', { limit_a: 10 })).body, { connectors: [{ id: 1, paused: false, limit_a: 10 }] });
    await sim.limit(10);
    await limitedBy(daemon, 'local');
    await central.call('CP1', 'SetChargingProfile', limitTo(8, { transactionId }));
    await sim.limit(8);
    await limitedBy(daemon, 'central_system');
    await central.call('CP1', 'SetChargingProfile', limitTo(13, { transactionId }));
    await sim.limit(10);

    await act(daemon, 'pause');
    await sim.limit(0);
    await central.status('SuspendedEVSE');
    await daemon.kill();
    daemon.start();
    await until('the pause after the restart', async () => (await limitOf(daemon).catch(() => ({}))).local?.paused);
    assert.equal((await limitOf(daemon)).wanted_a, 0);
    await act(daemon, 'resume');
    await sim.limit(10);
    await act(daemon, 'limit', { limit_a: null });
    await sim.limit(13);
    assert.equal(central.select('StopTransaction').length, 0);
    assert.ok((await sim.currents()).every((deciamps) => deciamps <= 160));
});

scenario('what a charger cannot do, what a transaction forbids and what makes no sense are refused', {}, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    assert.equal((await act(daemon, 'limit', { limit_a: -1 })).body.code, 'bad_request');
    assert.equal((await act(daemon, 'limit', {})).body.code, 'bad_request');
    assert.equal((await act(daemon, 'limit', { limit_a: '6' })).body.code, 'bad_request');
    assert.equal((await act(daemon, 'pause', { connector: 2 })).body.code, 'no_connector');
    assert.equal((await ask(daemon, 'POST', '/chargers/CP7/actions/pause')).body.code, 'no_charger');
    assert.equal((await act(daemon, 'unlock')).body.code, 'not_supported');
    assert.equal((await act(daemon, 'reset', { hard: true })).body.code, 'not_supported');
});

scenario('a reset of the charge point lets the transaction go on', { speed: 20 }, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    assert.equal((await act(daemon, 'reset')).status, 202);
    await until('the second BootNotification', () => central.select('BootNotification').length === 2);
    await sim.shows('a car that charges', (box) => box.power_w > 1000);
    assert.equal(central.select('StopTransaction').length, 0);
    assert.equal(central.select('StartTransaction').length, 1);
});
