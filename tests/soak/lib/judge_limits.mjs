// SPDX-License-Identifier: Apache-2.0
// What was in force at the chargers against what the installation and the central system allowed then. Pure.

/// How long a limit may take to arrive where nothing keeps the gateway from the charger: its line has eight chargers to serve.
const arrives_within_ms = 6000;
const tolerance_a = 0.05;
/// What the gateway knew of a car may be so old when it writes.
const knew_ms = 15_000;

/// What the central system may have had in force at some moment of [from, to]: the last one answered before, and all asked
/// since. One that was never answered may be in force or not, until the next that is.
function allowed(limits, max_a, from, to) {
    const values = [];
    let settled = max_a;
    for (const { asked_at, answered_at = Infinity, amps, answer } of limits) {
        if (asked_at > to) break;
        const is_known = answer?.status === 'Accepted';
        if (is_known && answered_at <= from) {
            settled = amps;
            values.length = 0;
        } else if (is_known || !answer?.status) {
            values.push(amps);
        }
    }
    return Math.min(max_a, Math.max(settled, ...values));
}

/// Whether a car was there at some moment of [from, to].
const carThere = (visits, from, to) => visits.some(({ plugged_at, unplugged_at = Infinity }) => plugged_at <= to && unplugged_at >= from);

/// Since when the gateway could have had its way: a charger that it cannot reach keeps what it had, or falls back to 0 A.
function heardSince(id, at, sight, within) {
    let from = at - within;
    for (let excuse = sight.excuse(id, from, at); excuse; excuse = sight.excuse(id, from, at, excuse)) from = Math.min(from, excuse.begin - within);
    return from;
}

/// The looks at a charger that say something: not while it does what it likes, just after its own restart.
const telling = (id, evidence, sight) =>
    evidence.shown[id].filter(({ at }) => at - arrives_within_ms >= evidence.known_at && !sight.because(id, 'charger_restarted', at));

function* ofOne({ id, max_a }, evidence, sight) {
    const [visits, limits] = [evidence.visits[id], evidence.limits[id]];
    const within = arrives_within_ms * evidence.patience;
    for (const { at, limit_a } of telling(id, evidence, sight)) {
        const from = heardSince(id, at, sight, within);
        const most = carThere(visits, from, at) ? allowed(limits, max_a, from, at) : 0;
        if (limit_a > most + tolerance_a) yield { at, who: id, what: `${limit_a} A in force, and at most ${most} A were allowed since ${new Date(from).toISOString()}` };
    }
    // What the gateway writes it answers for.
    for (const { at, amps } of evidence.written[id]) {
        const most = carThere(visits, heardSince(id, at, sight, knew_ms * evidence.patience), at) ? max_a : 0;
        if (amps > most + tolerance_a) yield { at, who: id, what: `${amps} A written, and at most ${most} A were right` };
    }
}

export function limitComplaints(evidence, sight) {
    return evidence.chargers.flatMap((charger) => [...ofOne(charger, evidence, sight)]);
}

/// {all, telling, at_once}: looks at the chargers; at_once: nothing stood between them and the gateway.
export function looks(evidence, sight) {
    const within = arrives_within_ms * evidence.patience;
    const count = (of) => evidence.chargers.reduce((sum, { id }) => sum + of(id).length, 0);
    return {
        all: count((id) => evidence.shown[id]),
        telling: count((id) => telling(id, evidence, sight)),
        at_once: count((id) => telling(id, evidence, sight).filter(({ at }) => !sight.excuse(id, at - within, at))),
    };
}
