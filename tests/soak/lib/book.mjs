// SPDX-License-Identifier: Apache-2.0
// From what the central system wrote down: its transactions, each message once, and what came more often than it may. Pure.

import { sampled } from '../../e2e/lib/charging.mjs';

/// OCPP's word for how long a gateway waits for an answer (MessageTimeout) before it may ask once more on one link.
const message_timeout_ms = 30_000;
const timeout_slack_ms = 3000;

const time = (text) => Date.parse(text);

/// The next call on the same link; a gateway has one call outstanding: it shows that the answer had arrived.
const wentOnAfter = (calls, call) => calls.find((other) => other.number > call.number && other.link === call.link && other.id !== call.id);

/// At least once is what OCPP-J asks for: what was not answered comes again under its own id, by which it is booked once.
function whyNot(call, before, all) {
    if (JSON.stringify(call.params) !== JSON.stringify(before.params)) return 'the second time with another content';
    const timed_out = call.at - before.at >= message_timeout_ms - timeout_slack_ms;
    if (call.link === before.link && !timed_out) return 'both on one link, without waiting for the answer';
    const next = wentOnAfter(all, before);
    if (next && next.at - before.at < message_timeout_ms - timeout_slack_ms) return `though the first was answered: ${next.action} came after it`;
    return undefined;
}

/// {once: the calls without repetitions, complaints}
function withoutRepetitions(calls) {
    const newest = new Map();
    const once = [];
    const complaints = [];
    for (const call of calls) {
        const before = newest.get(call.id);
        const why = before && whyNot(call, before, calls);
        if (!before) once.push(call);
        if (why) complaints.push({ at: call.at, who: call.chargePoint, what: `${call.action} ${call.id} came twice, ${why}` });
        newest.set(call.id, call);
    }
    return { once, complaints };
}

const isSample = ({ context }) => context === undefined || context === 'Sample.Periodic';

const samplesIn = ({ params, at }) =>
    params.meterValue
        .filter(({ sampledValue }) => sampledValue.some(isSample))
        .map((value) => ({ heard_at: at, at: time(value.timestamp), energy: sampled({ meterValue: [value] }, 'Energy.Active.Import.Register') }));

/// Puts each call where it belongs; what belongs nowhere is a complaint.
class Ledger {
    transactions = [];
    complaints = [];
    #byId = new Map();

    constructor(calls) {
        const take = { StartTransaction: this.#start, MeterValues: this.#samples, StopTransaction: this.#stop };
        for (const call of calls) take[call.action]?.call(this, call);
        for (const { start, stop } of this.transactions) if (!stop) this.#complain(start, `transaction ${start.answer.transactionId} was never stopped`);
    }

    #complain = ({ at, chargePoint }, what) => this.complaints.push({ at, who: chargePoint, what });

    #start(call) {
        const before = this.transactions.at(-1);
        if (before && !before.stop) this.#complain(call, `a transaction begins while ${before.start.answer.transactionId} is open`);
        const made = { chargePoint: call.chargePoint, start: call, id: call.answer.transactionId, samples: [], meter_start: call.params.meterStart, started: time(call.params.timestamp) };
        this.transactions.push(made);
        this.#byId.set(made.id, made);
    }

    #open(call) {
        const found = this.#byId.get(call.params.transactionId);
        if (!found) this.#complain(call, `${call.action} of transaction ${call.params.transactionId}, which nobody started`);
        else if (found.stop) this.#complain(call, `${call.action} of transaction ${found.id}, which is over`);
        return found?.stop ? undefined : found;
    }

    #samples(call) {
        const samples = samplesIn(call);
        if (samples.length > 0) this.#open(call)?.samples.push(...samples);
    }

    #stop(call) {
        const found = this.#open(call);
        if (found) Object.assign(found, { stop: call, meter_stop: call.params.meterStop, stopped: time(call.params.timestamp), reason: call.params.reason });
    }
}

/// `entries` as the central system's program wrote them. {transactions: {charge point: [{id, start, stop (calls), started, stopped
/// (ms, by the gateway's stamps), meter_start, meter_stop, reason, samples: [{heard_at, at, energy}]}]}, complaints}
export function readBook(entries, charge_points) {
    const calls = entries.filter(({ kind }) => kind === 'call').map((call, number) => ({ ...call, number }));
    const complaints = entries.filter(({ kind }) => kind === 'problem').map(({ at, what }) => ({ at, who: 'central system', what }));
    const transactions = {};
    for (const chargePoint of charge_points) {
        const { once, complaints: doubled } = withoutRepetitions(calls.filter((call) => call.chargePoint === chargePoint));
        const ledger = new Ledger(once);
        transactions[chargePoint] = ledger.transactions;
        complaints.push(...doubled, ...ledger.complaints);
    }
    return { transactions, complaints };
}
