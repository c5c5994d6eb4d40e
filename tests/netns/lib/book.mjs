// SPDX-License-Identifier: Apache-2.0
// The accounting: from what the central system heard and what the chargers counted, what was lost, doubled or wrong. Pure.

import { sampled } from '../../e2e/lib/charging.mjs';

/// A sample carries the time of its reading, which is so much older at most than the moment it is due.
const slack_ms = 2500;

const time = (text) => Date.parse(text);
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/// Splits off what came once more under its own id.
function repetitions(calls) {
    const first = new Map();
    calls.forEach(({ id }, index) => first.has(id) || first.set(id, index));
    return { once: calls.filter(({ id }, index) => first.get(id) === index), again: calls.filter(({ id }, index) => first.get(id) !== index) };
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

function* aboutOne(calls, { meter_start, meter_stop, sample_s, answers_are_lost }) {
    const { once, again } = repetitions(calls);
    if (!answers_are_lost) yield* again.map(({ action, id }) => `${action} ${id} came twice`);
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

/// `calls` as the central system recorded them; `meters` = {charge point: {meter_start, meter_stop}} in whole Wh, as the
/// chargers counted; a sample every sample_s. answers_are_lost: a message may come again, under its own id, by which a
/// central system knows it. One line a complaint; none: every transaction message arrived once.
export function complaints(calls, meters, { sample_s, answers_are_lost = false }) {
    return Object.entries(meters).flatMap(([chargePoint, meter]) =>
        [...aboutOne(calls.filter((call) => call.chargePoint === chargePoint), { ...meter, sample_s, answers_are_lost })]
            .map((text) => `${chargePoint}: ${text}`));
}
