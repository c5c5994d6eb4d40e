// SPDX-License-Identifier: Apache-2.0
// The storm rule, seen from the central system: of the connections that asked for an upgrade at most two were under way at
// once, from TCP to the answer, and each began 250 ms after the one before. Pure.

const most_at_once = 2;
const apart_ms = 250;
/// How much the network and a busy machine may squeeze together what set out in time.
const slack_ms = 400;

function* tooMany(dials) {
    for (const dial of dials) {
        const beside = dials.filter((other) => other !== dial && other.at <= dial.at && other.upgraded_at - slack_ms > dial.at);
        if (beside.length >= most_at_once) yield `${dial.chargePoint} began while ${beside.map(({ chargePoint }) => chargePoint).join(' and ')} were under way`;
    }
}

/// Over any stretch of dials, so that one which came late is not held against its follower.
function* tooFast(dials) {
    let credit = -Infinity; // the latest of all earliest times that the next may begin
    for (const { at, chargePoint } of dials) {
        if (at < credit) yield `${chargePoint} began ${Math.round(credit - at)} ms too early`;
        credit = Math.max(credit, at - slack_ms) + apart_ms;
    }
}

/// `sessions` = [{at, upgraded_at, chargePoint}], times in ms. One line a complaint.
export function stormComplaints(sessions) {
    const dials = [...sessions].sort((a, b) => a.at - b.at);
    return [...tooMany(dials), ...tooFast(dials)];
}
