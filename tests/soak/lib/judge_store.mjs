// SPDX-License-Identifier: Apache-2.0
// What the gateway itself has kept against the central system's book. Pure.

function* aboutRest({ store_is, sessions_are, waiting, open }) {
    if (store_is !== 'ok') yield `busbar.db: ${store_is}`;
    if (sessions_are !== 'ok') yield `sessions.db: ${sessions_are}`;
    for (const [chargePoint, seq, action] of waiting) yield `message ${seq} of ${chargePoint} still waits: ${action}`;
    for (const [chargePoint, key, body] of open) yield `transaction ${key} of ${chargePoint} is still kept: ${body}`;
}

const words = ({ meter_start, meter_stop }) => `${meter_start} to ${meter_stop} Wh`;

function* aboutSessions(chargePoint, transactions, sessions) {
    const left = [...sessions];
    for (const transaction of transactions.filter(({ stop }) => stop)) {
        const index = left.findIndex(({ transaction_id, ...session }) =>
            words(session) === words(transaction) && (transaction_id === null || transaction_id === transaction.id));
        if (index < 0) yield { at: transaction.stop.at, who: chargePoint, what: `transaction ${transaction.id}, ${words(transaction)}, is not in the gateway's list of sessions` };
        else left.splice(index, 1);
    }
    for (const session of left) yield { at: session.ended * 1000, who: chargePoint, what: `the gateway's list has a session that nobody was told of: ${words(session)}` };
}

export function storeComplaints(transactions, { store, ended_at }) {
    return [
        ...[...aboutRest(store)].map((what) => ({ at: ended_at, who: 'store', what })),
        ...Object.entries(transactions).flatMap(([chargePoint, list]) =>
            [...aboutSessions(chargePoint, list, store.sessions.filter(({ charge_point }) => charge_point === chargePoint))]),
    ];
}
