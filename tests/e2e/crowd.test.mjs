// SPDX-License-Identifier: Apache-2.0
// Twenty chargers on one RS485 line, some of them dead and one of them talking nonsense.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

import { limitTo } from './lib/charging.mjs';
import { charger, centralSystem, password, serialBus } from './lib/daemon.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const units = Array.from({ length: 20 }, (_, index) => index + 1);
const dead = [4, 11, 18];
const nonsense = 7;
const charging = [1, 10, 20];
const adrift = 11; // charges when it dies
const plugged = [...charging, adrift];
const living = units.filter((unit) => !dead.includes(unit) && unit !== nonsense);
const idOf = (unit) => `CP${unit}`;

/// Requests a second that each unit hears, over `during_ms`.
async function rates(sim, during_ms) {
    const count = () => Promise.all(units.map(async (unit) => (await sim.show(unit)).requests));
    const before = await count();
    const began = Date.now();
    await sleep(during_ms);
    const after = await count();
    const lasted_s = (Date.now() - began) / 1000;
    return new Map(units.map((unit, index) => [unit, (after[index] - before[index]) / lasted_s]));
}

const slowest = (measured) => Math.min(...living.map((unit) => measured.get(unit)));

/// A unit that answers late, twice, in another's name, damaged, or with noise in front.
async function talkNonsense(sim) {
    for (const fault of [['garble', nonsense, 200], ['foreign', nonsense, 400], ['dirt', nonsense, 300], ['twice', nonsense, 400]]) await sim.tell(...fault);
    await sim.tell('delay', nonsense, 620, 400);
}

async function plugAll(sim, central) {
    const transactions = new Map();
    for (const unit of units) await central.status('Available', { chargePoint: idOf(unit) });
    for (const unit of plugged) await sim.plug(unit);
    for (const unit of plugged) {
        transactions.set(unit, central.transactionOf(await central.next('StartTransaction', { chargePoint: idOf(unit) })));
        await central.status('Charging', { chargePoint: idOf(unit) });
    }
    return transactions;
}

async function limitsArriveAndSamplesGoOn(sim, central, transactions) {
    for (const unit of charging) {
        const profile = limitTo(8, { transactionId: transactions.get(unit) });
        assert.deepEqual(await central.call(idOf(unit), 'SetChargingProfile', profile), { status: 'Accepted' });
        await sim.limit(8, unit, 3000);
    }
    const samples = (unit) => central.select('MeterValues', { chargePoint: idOf(unit) }).length;
    const before = charging.map(samples);
    await until('two more samples of each transaction', () => charging.every((unit, index) => samples(unit) >= before[index] + 2));
    for (const unit of living) assert.ok(!central.statuses(idOf(unit)).includes('Faulted'), `unit ${unit} was Faulted`);
}

async function countersTellWhoIsToBlame(daemon) {
    const [line] = (await daemon.status()).buses;
    const counted = new Map(line.units.map((unit) => [unit.unit_id, unit]));
    for (const unit of [...dead, nonsense]) {
        const { timeouts, garbled } = counted.get(unit);
        assert.ok(timeouts + garbled >= 2, `unit ${unit}: ${timeouts} and ${garbled}`);
    }
    for (const unit of living) {
        const { exchanges, timeouts, garbled, reply_p50_ms } = counted.get(unit);
        assert.equal(timeouts, 0, `unit ${unit}`);
        assert.ok(garbled < 0.2 * exchanges, `unit ${unit}: ${garbled} of ${exchanges} were hit by what another said`);
        assert.ok(reply_p50_ms < 100, `unit ${unit}: ${reply_p50_ms} ms`);
    }
}

async function allComeBack(sim, central, transactions) {
    for (const unit of dead) await sim.tell('silent', unit, 0);
    for (const fault of ['garble', 'foreign', 'dirt', 'twice']) await sim.tell(fault, nonsense, 0);
    await sim.tell('delay', nonsense, 0, 0);
    for (const unit of dead) await central.status(unit === adrift ? 'Charging' : 'Available', { chargePoint: idOf(unit), within_ms: 30_000 });
    for (const unit of plugged) await sim.unplug(unit);
    for (const unit of plugged) {
        const stopped = await central.next('StopTransaction', { chargePoint: idOf(unit) });
        assert.equal(stopped.params.transactionId, transactions.get(unit));
        const { energy_wh } = await sim.show(unit);
        assert.ok(Math.abs(stopped.params.meterStop - energy_wh) < 2, `unit ${unit}: ${stopped.params.meterStop} Wh instead of ${energy_wh}`);
    }
}

bench('three dead chargers and one that talks nonsense do not trouble the other sixteen of their line', async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: units.map((unit) => `heidelberg:${unit}`), speed: 60 });
    const listed = units.map((unit) => charger(idOf(unit), { unit_id: unit, poll_interval_ms: 1000, lost_after_s: 6, configuration: { MeterValueSampleInterval: '2' } }));
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: Object.fromEntries(units.map((unit) => [idOf(unit), password])) });
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: listed });
    daemon.start();
    const transactions = await plugAll(sim, central);
    const healthy = await rates(sim, 5000);

    for (const unit of dead) await sim.tell('silent', unit, 1);
    await talkNonsense(sim);
    for (const unit of dead) {
        const { params } = await central.status('Faulted', { chargePoint: idOf(unit), within_ms: 30_000 });
        assert.equal(params.vendorErrorCode, 'COMM_LOST');
    }
    const told = () => daemon.log.split('\n').filter((line) => /^(error|warning|info) /.test(line)).length;
    const told_before = told();
    const troubled = await rates(sim, 6000);
    assert.ok(slowest(troubled) > 0.6 * slowest(healthy), `each second ${slowest(troubled)} requests instead of ${slowest(healthy)}`);
    for (const unit of dead) assert.ok(troubled.get(unit) < 0.5, `the dead unit ${unit} is asked ${troubled.get(unit)} times a second`);
    await limitsArriveAndSamplesGoOn(sim, central, transactions);
    assert.ok(told() - told_before < 15, 'the log is flooded');
    await countersTellWhoIsToBlame(daemon);
    await allComeBack(sim, central, transactions);
}, 120_000);
