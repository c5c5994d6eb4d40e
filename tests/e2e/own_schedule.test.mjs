// SPDX-License-Identifier: Apache-2.0
// The gateway's own schedule: off-peak hours and the random delay hold a car back, and nothing else does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { ask, get } from './lib/api.mjs';
import { limitTo } from './lib/charging.mjs';
import { run } from './lib/processes.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const clockIn = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
const limitOf = async (daemon) => (await get(daemon, '/status')).charge_points[0].connectors[0].limit;
const limitedBy = (daemon, why) => until(`limited by ${why}`, async () => ((await limitOf(daemon)).why === why ? limitOf(daemon) : undefined));

function start(daemon, charging) {
    daemon.configure({ ...JSON.parse(readFileSync(daemon.config_file, 'utf8')), charging });
    daemon.start();
}

async function plugIn({ sim, central }) {
    await central.status('Available');
    await sim.plug();
    const started = await central.next('StartTransaction');
    await central.status('SuspendedEVSE');
    return central.transactionOf(started);
}

scenario('outside the off-peak hours a car waits for them, a charging profile, or somebody who wants it to charge now', { speed: 20, start: false }, async ({ sim, central, daemon }) => {
    // In Kathmandu it is 5 h 45 min later than in UTC, all year.
    start(daemon, { off_peak: [{ days, from: clockIn(2 + 5.75), to: clockIn(3 + 5.75) }], time_zone: 'Asia/Kathmandu' });
    const nobody = await until('the API', () => ask(daemon, 'POST', '/chargers/CP1/actions/charge-now').catch(() => undefined));
    assert.equal(nobody.body.code, 'no_transaction');
    const transactionId = await plugIn({ sim, central });
    const { until: opens } = await limitedBy(daemon, 'off_peak');
    assert.ok(Math.abs(Date.parse(opens) - Date.now() - 2 * 3_600_000) < 120_000, opens);
    const { periods } = await get(daemon, '/chargers/CP1/schedule?hours=4');
    assert.deepEqual(periods.map(({ limit_a }) => limit_a > 0), [false, true, false]);

    await central.call('CP1', 'SetChargingProfile', limitTo(10, { transactionId }));
    await sim.limit(10);
    await central.call('CP1', 'ClearChargingProfile', { id: 1 });
    await sim.limit(0);
    assert.equal((await ask(daemon, 'POST', '/chargers/CP1/actions/charge-now', {})).status, 200);
    await sim.limit(16);
    assert.equal((await limitOf(daemon)).charge_now, true);
    await daemon.kill();
    daemon.start();
    await until('the override after the restart', async () => (await limitOf(daemon).catch(() => ({}))).charge_now);
    await sim.limit(16);
    assert.equal(central.select('StopTransaction').length, 0);
});

scenario('a random delay holds a start back, a restart does not shorten it, and it can be skipped', { speed: 20, start: false }, async ({ sim, central, daemon }) => {
    start(daemon, { random_delay_s: 1800 });
    await plugIn({ sim, central });
    const { until: over } = await limitedBy(daemon, 'delay');
    assert.ok(Date.parse(over) <= Date.now() + 1_801_000, over);
    await daemon.kill();
    daemon.start();
    await until('the API', () => limitOf(daemon).catch(() => undefined));
    const after = await limitedBy(daemon, 'delay');
    assert.ok(Math.abs(Date.parse(after.until) - Date.parse(over)) <= 1000, `${after.until} instead of ${over}`);
    const { code, output } = await run('busbarctl', ['--socket', daemon.socket, 'charger', 'charge-now', 'CP1']);
    assert.equal(code, 0, output);
    await sim.limit(16);
    await central.status('Charging');
});

scenario('a time zone that nobody knows is a problem of the configuration', { start: false }, async ({ daemon }) => {
    daemon.configure({ ...JSON.parse(readFileSync(daemon.config_file, 'utf8')), charging: { time_zone: 'Europe/Lundon' } });
    const { code, output } = await daemon.run('--check');
    assert.equal(code, 78);
    assert.match(output, /\/charging\/time_zone: the time zone database .* has no 'Europe\/Lundon'/);
});
