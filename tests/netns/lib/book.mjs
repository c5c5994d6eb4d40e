// SPDX-License-Identifier: Apache-2.0
// The accounting: from what the central system heard and what the chargers counted, what was lost, doubled or wrong. Pure.

import { sampled } from '../../e2e/lib/charging.mjs';

/// A sample carries the time of its reading, which is so much older at most than the moment it is due.
const slack_ms = 2500;

const time = (text) => Date.parse(text);
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/// How long an answer may be under way on a busy machine before the gateway has it.
const under_way_ms = 1000;

/// Splits off what came once more under its own id: [call, the one before with this id].
function repetitions(calls) {
    const newest = new Map();
    const once = [];
    const again = [];
    for (const call of calls) {
        const before = newest.get(call.id);
        if (before) again.push([call, before]);
        else once.push(call);
        newest.set(call.id, call);
    }
    return { once, again };
}

/// A gateway has one call outstanding: with the next one on a link it shows that it has the answer to this one.
const wentOnAfter = (calls, call) => calls.slice(calls.indexOf(call) + 1).some(({ id, link }) => link === call.link && id !== call.id);

/// At least once is what OCPP-J asks for: a message whose answer was lost comes again, under the id by which a central
/// system knows it. One whose answer arrived must not.
function whyNot([call, before], all) {
    if (JSON.stringify(call.params) !== JSON.stringify(before.params)) return 'the second time with another content';
    if (call.link === before.link) return 'both on one link';
    if (!(before.at >= before.link.broken_at - under_way_ms)) return 'though the link of the first was whole';
    if (wentOnAfter(all, before)) return 'though the first was answered';
    return undefined;
}

function* aboutRepetitions(again, all) {
    for (const pair of again) {
        const why = whyNot(pair, all);
        if (why) yield `${pair[0].action} ${pair[0].id} came twice, ${why}`;
    }
}

function* aboutSamples(samples, { start, stop, sample_s }) {
    const longest = sample_s * 1000 + slack_ms;
    let before = { at: time(start.timestamp), energy: start.meterStart };
    const last = { at: time(stop.timestamp), energy: stop.meterStop };
    for (const sample of [...samples, last]) {
        const gap = sample.at - before.at;
        const when = new Date(sample.at).toISOString();
        if (sample !== last && gap <= 0) yield `a sample of ${when} after one of ${new Date(before.at).toISOString()}: doubled or out of order`;
        if (gap > longest) yield `a gap of ${seconds(gap)} before ${when}`;
        if (!(sample.energy >= before.energy)) yield `the register fell from ${before.energy} to ${sample.energy} at ${when}`;
        before = sample;
    }
}

const isSample = ({ context }) => context === undefined || context === 'Sample.Periodic';

const samplesOf = (calls) =>
    calls.flatMap(({ params }) =>
        params.meterValue
            .filter(({ sampledValue }) => sampledValue.some(isSample))
            .map((value) => ({ at: time(value.timestamp), energy: sampled({ meterValue: [value] }, 'Energy.Active.Import.Register') })));

function* aboutOne(calls, { meter_start, meter_stop, sample_s }) {
    const { once, again } = repetitions(calls);
    yield* aboutRepetitions(again, calls);
    const of = (action) => once.filter((call) => call.action === action);
    const [starts, stops] = [of('StartTransaction'), of('StopTransaction')];
    if (starts.length !== 1) yield `${starts.length} StartTransaction`;
    if (stops.length !== 1) yield `${stops.length} StopTransaction`;
    if (starts.length === 0 || stops.length === 0) return;
    const [{ params: start, answer }] = starts;
    const [{ params: stop }] = stops;
    const { transactionId } = answer;
    for (const { params } of [...stops, ...of('MeterValues')]) {
        if (params.transactionId !== transactionId) yield `transaction ${params.transactionId} where ${transactionId} is open`;
    }
    if (start.meterStart !== meter_start) yield `meterStart ${start.meterStart}, the charger counted ${meter_start}`;
    if (stop.meterStop !== meter_stop) yield `meterStop ${stop.meterStop}, the charger counted ${meter_stop}`;
    yield* aboutSamples(samplesOf(of('MeterValues')), { start, stop, sample_s });
}

/// `calls` as the central system recorded them, each with its `link` (the same object for the same one) and that with
/// broken_at, the time since when what is sent to the gateway by it may be lost; undefined: never. `meters` = {charge
/// point: {meter_start, meter_stop}} in whole Wh, as the chargers counted; a sample every sample_s. One line a complaint;
/// none: the central system could book every transaction message, and each but once.
export function complaints(calls, meters, { sample_s }) {
    return Object.entries(meters).flatMap(([chargePoint, meter]) =>
        [...aboutOne(calls.filter((call) => call.chargePoint === chargePoint), { ...meter, sample_s })].map((text) => `${chargePoint}: ${text}`));
}
