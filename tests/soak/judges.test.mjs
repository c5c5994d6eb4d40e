// SPDX-License-Identifier: Apache-2.0
// Each judge sees the fault that is planted in evidence that is otherwise good, and the plan is the seed's.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { faults } from './lib/chaos.mjs';
import { judge } from './lib/judge.mjs';
import { drawPlan } from './lib/plan.mjs';

const t0 = Date.parse('2026-11-23T12:00:00Z');
const iso = (second) => new Date(t0 + second * 1000).toISOString();
const at = (second) => t0 + second * 1000;

const sample = (energy) => [{ measurand: 'Energy.Active.Import.Register', context: 'Sample.Periodic', value: String(energy) }];
const call = (second, action, params, answer = {}, more = {}) =>
    ({ kind: 'call', at: at(second) + 50, chargePoint: 'CP01', link: '1:1', id: `${action}${second}`, action, params, answer, ...more });
const start = call(12, 'StartTransaction', { meterStart: 1000, timestamp: iso(12) }, { transactionId: 7 });
const values = (second, energy) => call(second, 'MeterValues', { transactionId: 7, meterValue: [{ timestamp: iso(second), sampledValue: sample(energy) }] });
const stop = call(30, 'StopTransaction', { transactionId: 7, meterStop: 1160, timestamp: iso(30), reason: 'EVDisconnected' });

/// What the charger shows: 10 Wh a second from 14 s to 30 s.
const shownAt = (second) => ({ at: at(second), energy_wh: 1000.4 + 10 * Math.min(16, Math.max(0, second - 14)), limit_a: second > 13 && second < 31 ? 16 : 0 });
const life = (grows) => Array.from({ length: 300 }, (_, second) => ({ at: at(second), run: 1, pss_kb: 9000 + grows * second, descriptors: 40, links: 1, threads: 6, state_bytes: 5_000_000 }));

/// A soak with one charger and one car in which all is well.
const good = () => ({
    seed: 1, patience: 1, sample_s: 5, lacks: [], plan: [], runs: 1, began_at: t0, known_at: at(1), peace_at: at(40), settled_at: at(41), ended_at: at(45),
    chargers: [{ id: 'CP01', max_a: 16 }],
    visits: { CP01: [{ plugged_at: at(11), meter_start: 1000.4, unplugged_at: at(30), meter_stop: 1160.4 }] },
    limits: { CP01: [] },
    shown: { CP01: Array.from({ length: 46 }, (_, second) => shownAt(second)) },
    written: { CP01: [{ at: at(13), amps: 16 }, { at: at(30), amps: 0 }] },
    owned: life(0),
    windows: [],
    book: [{ kind: 'begin', at: t0 }, start, values(17, 1030), values(22, 1080), values(27, 1130), stop],
    store: {
        store_is: 'ok', sessions_are: 'ok', waiting: [], open: [],
        sessions: [{ charge_point: 'CP01', id: 'x', transaction_id: 7, started: 0, ended: at(30) / 1000, meter_start: 1000, meter_stop: 1160 }],
    },
    findings: [],
});

const without = (list, one) => list.filter((other) => other !== one);
const again = (one, second, more = {}) => ({ ...one, at: at(second), ...more });
const limit = (second, amps, answer = { status: 'Accepted' }) => ({ asked_at: at(second), answered_at: at(second) + 100, amps, answer });

const planted = {
    'a start that is missing': [(e) => (e.book = without(e.book, start)), /which nobody started/],
    'a stop that is missing': [(e) => (e.book = without(e.book, stop)), /never stopped/],
    'a whole transaction that is missing': [(e) => (e.book = []), /took 160 Wh, and there is no transaction/],
    'a transaction without a car': [(e) => (e.visits.CP01 = []), /no car was there/],
    'a meterStart that is a watt-hour off': [(e) => (e.visits.CP01[0].meter_start = 1001.4), /meterStart 1000, the charger counted 1001/],
    'a meterStop that is a watt-hour off': [(e) => (e.visits.CP01[0].meter_stop = 1159.4), /meterStop 1160, the charger counted 1159/],
    'a second start under another id': [(e) => e.book.splice(2, 0, call(13, 'StartTransaction', start.params, { transactionId: 8 })), /begins while 7 is open/],
    'a repetition though it was answered': [(e) => e.book.splice(3, 0, again(start, 18, { link: '1:2' })), /though the first was answered/],
    'a repetition on one link': [(e) => e.book.splice(2, 0, again(start, 13)), /both on one link/],
    'a repetition with another content': [(e) => e.book.splice(2, 0, again(start, 13, { link: '1:2', params: { ...start.params, meterStart: 1 } })), /another content/],
    'a sample that is missing': [(e) => e.book.splice(3, 1), /no sample for 10\.0 s/],
    'a sample told twice': [(e) => e.book.splice(3, 0, { ...values(17, 1030), id: 'other' }), /after one of/],
    'a register that fell': [(e) => e.book.splice(3, 1, values(22, 1020)), /fell from 1030 to 1020/],
    'a sample that was invented': [(e) => e.book.splice(3, 1, values(22, 1129)), /the charger showed/],
    'a sample after the end': [(e) => e.book.push(values(32, 1160)), /which is over/],
    'a start stamped long after the car came': [(e) => (e.visits.CP01[0].plugged_at = at(0)), /began at/],
    'a message that breaks its schema': [(e) => e.book.push({ kind: 'problem', at: t0, what: 'schema' }), /schema/],
    'a limit that is exceeded': [(e) => (e.limits.CP01 = [limit(14, 6)]), /16 A in force, and at most 6 A/],
    'a pause that is not obeyed': [(e) => (e.limits.CP01 = [limit(14, 0)]), /at most 0 A/],
    'current without a car': [(e) => (e.shown.CP01[44].limit_a = 16), /16 A in force, and at most 0 A/],
    'a write above the installation': [(e) => e.written.CP01.push({ at: at(20), amps: 17 }), /17 A written, and at most 16/],
    'current for a car that had left when the charger fell silent': [(e) => {
        e.windows = [{ who: 'CP01', why: 'line_silent', begin: at(42), end: at(60) }];
        e.shown.CP01[44].limit_a = 16;
        e.shown.CP01[44].at = at(50);
    }, /16 A in force, and at most 0 A/],
    'a message that still waits': [(e) => e.store.waiting.push(['CP01', 9, 'MeterValues']), /still waits/],
    'a transaction that is still kept': [(e) => e.store.open.push(['CP01', 'x', '{}']), /still kept/],
    'a session that the gateway forgot': [(e) => (e.store.sessions = []), /not in the gateway's list/],
    'a session that nobody was told of': [(e) => e.store.sessions.push({ ...e.store.sessions[0], meter_stop: 1161 }), /nobody was told of/],
    'a store that is damaged': [(e) => (e.store.store_is = 'row 1 missing'), /row 1 missing/],
    'memory that grows': [(e) => (e.owned = life(20)), /grew from .* kB of memory/],
    'descriptors that grow slowly': [(e) => (e.owned = life(0).map((look, second) => ({ ...look, descriptors: 40 + Math.floor(second / 60) }))), /grew from 41 to 44 descriptors/],
    'a connection that was forgotten': [(e) => (e.owned = life(0).map((look, second) => ({ ...look, links: second < 250 ? 1 : 2 }))), /2 connections to the central system for 1 charge points/],
    'a process that ended by itself': [(e) => e.findings.push({ at: t0, who: 'busbard', what: 'ended by itself' }), /ended by itself/],
};

test('good evidence has no complaint', () => {
    assert.deepEqual(judge(good()).complaints, []);
});

for (const [what, [plant, says]] of Object.entries(planted)) {
    test(`seen: ${what}`, () => {
        const evidence = good();
        plant(evidence);
        const { passed, complaints } = judge(evidence);
        assert.equal(passed, false);
        assert.ok(complaints.some((one) => says.test(one.what)), JSON.stringify(complaints));
    });
}

const silent = { who: 'CP01', why: 'line_silent', begin: at(16), end: at(40) };
const excused = {
    'a sample while the charger was silent': (e) => e.book.splice(3, 1),
    'a limit while the charger was silent': (e) => (e.limits.CP01 = [limit(16, 6)]),
    'a repetition after a cut': (e) => {
        e.book = e.book.map((one) => (one.id && one !== start ? { ...one, link: '1:2' } : one));
        e.book.splice(2, 0, again(start, 13, { link: '1:2' }));
    },
};

for (const [what, plant] of Object.entries(excused)) {
    test(`excused: ${what}`, () => {
        const evidence = { ...good(), windows: [silent] };
        plant(evidence);
        assert.deepEqual(judge(evidence).complaints, []);
    });
}

/// A charger that was cut off and on again before its car came at 11 s, and gave 15 Wh by 12 s, when its transaction began.
const foundCharging = () => {
    const evidence = good();
    evidence.visits.CP01[0].meter_start = 985.4;
    for (const look of evidence.shown.CP01) if (look.at <= at(11)) look.energy_wh = 985.4;
    return { ...evidence, windows: [{ who: 'CP01', why: 'charger_restarted', begin: at(8), end: at(13) }] };
};

test('what a charger back from the mains gave before it was found is in no transaction, which begins with what it showed then', () => {
    assert.deepEqual(judge(foundCharging()).complaints, []);
});

for (const [what, plant] of Object.entries({
    'a line that was silent': (e) => (e.windows[0].why = 'line_silent'),
    'a meterStart that it showed later': (e) => e.shown.CP01.forEach((look) => look.at < at(15) && (look.energy_wh = 985.4)),
    'a clock that was wrong': (e) => e.windows.push({ who: 'clock', why: 'off', begin: at(11), end: at(12) }),
})) {
    test(`not excused by a power cut of the charger: ${what}`, () => {
        const evidence = foundCharging();
        plant(evidence);
        assert.ok(judge(evidence).complaints.some((one) => /meterStart 1000, the charger counted 985/.test(one.what)), JSON.stringify(judge(evidence).complaints));
    });
}

test('a seed is a plan, another seed is another, and in ten minutes every fault happens', () => {
    const draw = (seed) => drawPlan({ faults, seed, chaos_s: 600, has: ['uplinks', 'clock'] });
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    for (const seed of [1, 2, 3, 4, 5]) assert.deepEqual(new Set(draw(seed).map(({ fault }) => fault)), new Set(faults.map(({ name }) => name)));
});
