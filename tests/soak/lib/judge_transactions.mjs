// SPDX-License-Identifier: Apache-2.0
// The central system's book against what the chargers counted and when their cars were there. Pure.

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
/// A reading is at most so much older than the moment that it stands for (contract), and a stamp comes so much later.
const oldest_reading_ms = 5000;
/// How soon after the plug a transaction begins where nothing keeps the gateway from it.
const begins_within_ms = 10_000;
/// The charger is looked at once a second; a transaction begins by a reading of about that moment.
const fresh_ms = 2000;
/// Beside the interval: a sample has the time of its reading.
const slack_ms = 2500;

const wholeWh = (energy) => Math.floor(energy + 1e-6);

/// What was counted at most and at least between two moments.
function counted(shown, from, to) {
    const first = shown.findLastIndex(({ at }) => at <= from);
    const last = shown.findIndex(({ at }) => at >= to);
    return { least: shown[Math.max(0, first)]?.energy_wh, most: shown.at(last)?.energy_wh };
}

/// A charger back from the mains offers what its maker set until the gateway has found it: then a transaction begins with what
/// it showed at that moment. The gateway has no reading of what a car took before.
function isFresh({ chargePoint, started, meter_start }, visit, evidence, sight) {
    if (!sight.because(chargePoint, 'charger_restarted', visit.plugged_at) || sight.wrongClock(visit.plugged_at, started)) return false;
    const { least, most } = counted(evidence.shown[chargePoint], started - fresh_ms, started + fresh_ms);
    return meter_start >= wholeWh(Math.max(least, visit.meter_start)) && meter_start <= most;
}

function* aboutMeters(visit, transaction, evidence, sight) {
    const { id, meter_start, meter_stop } = transaction;
    if (meter_start !== wholeWh(visit.meter_start) && !isFresh(transaction, visit, evidence, sight)) yield `transaction ${id}: meterStart ${meter_start}, the charger counted ${wholeWh(visit.meter_start)}`;
    if (meter_stop !== wholeWh(visit.meter_stop)) yield `transaction ${id}: meterStop ${meter_stop}, the charger counted ${wholeWh(visit.meter_stop)}`;
}

/// Registers rise, stamps rise, and nothing is missing between them.
function* aboutSamples(transaction, evidence, sight) {
    const { chargePoint, id, samples, started, stopped, meter_start, meter_stop } = transaction;
    const longest = evidence.sample_s * 1000 + slack_ms * evidence.patience;
    let before = { at: started, energy: meter_start };
    const last = { at: stopped, energy: meter_stop };
    for (const sample of [...samples, last]) {
        const when = `transaction ${id} at ${new Date(sample.at).toISOString()}`;
        if (!(sample.energy >= before.energy)) yield `${when}: the register fell from ${before.energy} to ${sample.energy}`;
        if (sample.energy > meter_stop) yield `${when}: a sample of ${sample.energy}, and meterStop is ${meter_stop}`;
        if (!sight.wrongClock(transaction.start.at - 60_000, transaction.stop.at)) {
            const gap = sample.at - before.at;
            const is_last = sample === last;
            if (is_last ? gap < 0 : gap <= 0 && before.at !== started) yield `${when}: after one of ${new Date(before.at).toISOString()}`;
            if (gap > longest && !sight.excuse(chargePoint, before.at - evidence.sample_s * 1000, sample.at)) yield `${when}: no sample for ${seconds(gap)} before`;
        }
        before = sample;
    }
}

/// Each sample is what the charger showed about then.
function* aboutTruth(transaction, evidence, sight) {
    const slack = slack_ms * evidence.patience;
    if (sight.wrongClock(transaction.start.at - 60_000, transaction.stop.at)) return;
    for (const { at, energy } of transaction.samples) {
        const { least, most } = counted(evidence.shown[transaction.chargePoint], at - oldest_reading_ms - slack, at + slack);
        if (energy < wholeWh(least) || energy > most + 1) {
            yield `transaction ${transaction.id}: a sample of ${energy} Wh at ${new Date(at).toISOString()}, the charger showed ${wholeWh(least)} to ${wholeWh(most)}`;
        }
    }
}

function* aboutTimes(visit, { chargePoint, id, started, stopped, start, stop }, evidence, sight) {
    if (sight.wrongClock(visit.plugged_at - 60_000, Math.max(start.at, stop.at))) return;
    const about = [['began', started, visit.plugged_at], ['ended', stopped, visit.unplugged_at]];
    for (const [word, told, truth] of about) {
        const late = told - truth;
        const early_is = late < -slack_ms;
        const late_is = late > begins_within_ms * evidence.patience && !sight.excuse(chargePoint, truth, told);
        if (early_is || late_is) yield `transaction ${id} ${word} at ${new Date(told).toISOString()}, its car at ${new Date(truth).toISOString()}`;
    }
}

const tookNothing = (visit) => wholeWh(visit.meter_start) === wholeWh(visit.meter_stop);

/// A car that came and went while the gateway could not know, and took nothing, is nobody's loss.
const mayBeUnseen = (visit, chargePoint, evidence, sight) =>
    tookNothing(visit) && (visit.unplugged_at - visit.plugged_at < begins_within_ms * evidence.patience || sight.excuse(chargePoint, visit.plugged_at, visit.unplugged_at));

const isOf = (transaction, visit) => transaction.meter_start === wholeWh(visit.meter_start) && transaction.meter_stop === wholeWh(visit.meter_stop);

/// Visits and transactions side by side, in order: [visit, transaction], either of them undefined where it has no other.
function pairs(visits, transactions, mayMiss) {
    const left = [...transactions];
    const found = [];
    for (const visit of visits) {
        const skip = !left[0] || (!isOf(left[0], visit) && mayMiss(visit));
        found.push([visit, skip ? undefined : left.shift()]);
    }
    return [...found, ...left.map((transaction) => [undefined, transaction])];
}

function* ofOne(chargePoint, transactions, evidence, sight) {
    const mayMiss = (visit) => mayBeUnseen(visit, chargePoint, evidence, sight);
    for (const [visit, transaction] of pairs(evidence.visits[chargePoint], transactions, mayMiss)) {
        const at = visit?.plugged_at ?? transaction.start.at;
        const say = (what) => ({ at, who: chargePoint, what });
        if (!transaction && !mayMiss(visit)) yield say(`the car took ${wholeWh(visit.meter_stop) - wholeWh(visit.meter_start)} Wh, and there is no transaction`);
        if (!visit) yield say(`transaction ${transaction.id} from ${transaction.meter_start} to ${transaction.meter_stop} Wh, and no car was there`);
        if (!visit || !transaction?.stop) continue;
        for (const what of aboutMeters(visit, transaction, evidence, sight)) yield say(what);
        for (const what of aboutSamples(transaction, evidence, sight)) yield say(what);
        for (const what of aboutTruth(transaction, evidence, sight)) yield say(what);
        for (const what of aboutTimes(visit, transaction, evidence, sight)) yield say(what);
    }
}

/// `transactions` as readBook() gives them.
export function transactionComplaints(transactions, evidence, sight) {
    return Object.entries(transactions).flatMap(([chargePoint, list]) => [...ofOne(chargePoint, list, evidence, sight)]);
}
