// SPDX-License-Identifier: Apache-2.0
// The storm rule, seen from the central system: of the connections that asked for an upgrade at most two were under way at
// once, from TCP to the answer, and each began 250 ms after the one before. Pure.

const most_at_once = 2;
const apart_ms = 250;
/// How much the network may squeeze together what set out in time.
const squeezed_ms = 300;

function* tooMany(dials, slack_ms) {
    for (const dial of dials) {
        const beside = dials.filter((other) => other !== dial && other.at <= dial.at && other.upgraded_at - slack_ms > dial.at);
        if (beside.length >= most_at_once) yield `${dial.chargePoint} began while ${beside.map(({ chargePoint }) => chargePoint).join(' and ')} were under way`;
    }
}

/// Those under way may have set out much earlier than they arrived (a lost first packet): of any stretch of dials all but
/// so many set out in it.
function* tooFast(dials, slack_ms) {
    for (const [index, dial] of dials.entries()) {
        const early = dials.findIndex((first, from) => from < index && dial.at - first.at < (index - from - most_at_once) * apart_ms - slack_ms);
        if (early >= 0) yield `${dial.chargePoint}: ${index - early + 1} dials in ${dial.at - dials[early].at} ms`;
    }
}

/// `sessions` = [{at, upgraded_at, chargePoint}], times in ms, each up to late_ms later than it was. One line a complaint.
export function stormComplaints(sessions, late_ms = 0) {
    const slack_ms = squeezed_ms + late_ms;
    const dials = [...sessions].sort((a, b) => a.at - b.at);
    return [...tooMany(dials, slack_ms), ...tooFast(dials, slack_ms)];
}
