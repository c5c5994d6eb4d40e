// SPDX-License-Identifier: Apache-2.0
// What was in force at the chargers against what the installation and the central system allowed then. Pure.

/// How long a limit may take to arrive where nothing keeps the gateway from the charger: its line has eight chargers to serve.
const arrives_within_ms = 6000;
const tolerance_a = 0.05;

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

function* ofOne(charger, evidence, sight) {
    const { id, max_a } = charger;
    const [visits, limits] = [evidence.visits[id], evidence.limits[id]];
    const within = arrives_within_ms * evidence.patience;
    for (const { at, limit_a } of evidence.shown[id]) {
        const from = at - within;
        if (from < evidence.known_at || sight.excuse(id, from, at)) continue;
        const most = carThere(visits, from, at) ? allowed(limits, max_a, from, at) : 0;
        if (limit_a > most + tolerance_a) yield { at, who: id, what: `${limit_a} A in force, and at most ${most} A were allowed since ${new Date(from).toISOString()}` };
    }
    // What the gateway writes it answers for, whatever it could not know.
    for (const { at, amps } of evidence.written[id]) {
        if (amps > max_a + tolerance_a) yield { at, who: id, what: `${amps} A written, and the installation has ${max_a} A` };
        const most = carThere(visits, at - 60_000, at) ? max_a : 0;
        if (amps > most + tolerance_a && !sight.excuse(id, at - 60_000, at)) yield { at, who: id, what: `${amps} A written, and no car was there` };
    }
}

export function limitComplaints(evidence, sight) {
    return evidence.chargers.flatMap((charger) => [...ofOne(charger, evidence, sight)]);
}
