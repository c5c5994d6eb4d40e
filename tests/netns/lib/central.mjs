// SPDX-License-Identifier: Apache-2.0
// The central system of the bed: tests/e2e's own (npm ocpp-rpc, strict, TLS) behind a front, with one of three minds about
// a charge point that comes while it still believes in an earlier connection of it.

import { CentralSystem } from '../../e2e/lib/central_system.mjs';
import { breakOff, cut, Front } from './front.mjs';
import { central as place, Network } from './network.mjs';

const http_conflict = 409;
const dropped_after_ms = 300;

/// What happens to a newcomer while an earlier connection counts as alive: an HTTP status, or nothing.
const minds = {
    takes_the_newest: () => undefined,
    rejects_duplicates: () => http_conflict,
    /// Clearing away the old connection it kills the new one too.
    drops_duplicates: (connection) => void setTimeout(() => cut(connection), dropped_after_ms),
};

/// What was answered under an id is answered so again: a message that comes once more is not booked once more.
function startOnce() {
    const answers = new Map();
    return (_, { chargePoint, id }) => {
        const key = `${chargePoint} ${id}`;
        if (!answers.has(key)) answers.set(key, { transactionId: answers.size + 1, idTagInfo: { status: 'Accepted' } });
        return answers.get(key);
    };
}

export class Central {
    #failing = new Set(); // uplinks that lose packets

    /// `bench`: tests/e2e's, which takes it down. idle_s: what says nothing for so long is closed. `loses`:
    /// StartTransaction, StopTransaction: the first answer to each is lost together with its link. `six`: IPv6 too.
    static async start(bench, { certificate, passwords, duplicates = 'takes_the_newest', idle_s = 60, loses = [], six }) {
        const made = new Central();
        made.mind = minds[duplicates];
        made.system = await bench.central({ certificate, passwords, admit: (handshake) => made.#admit(handshake) });
        const answers = { StartTransaction: startOnce(), StopTransaction: () => ({}) };
        for (const [action, answer] of Object.entries(answers)) made.system.answer(action, loses.includes(action) ? made.#losing(answer) : answer);
        made.front = new Front([place, ...(six ? [{ address: place.six, port: place.port }] : [])], made.system.port, idle_s);
        await made.front.up();
        return made;
    }

    get url() {
        return `wss://${place.name}/ocpp`;
    }

    /// The connections that asked for an upgrade: {at, chargePoint, uplink, upgraded_at, status, ended_at}.
    get sessions() {
        return this.front.connections.filter(({ chargePoint }) => chargePoint);
    }

    /// From now on uplink `id` loses what is sent: its links, those to come too, until mend() says otherwise.
    break(id) {
        this.#failing.add(id);
        this.front.open().filter(({ from }) => Network.uplinkOf(from) === id).forEach(breakOff);
    }

    mend(id) {
        this.#failing.delete(id);
    }

    #losing(answer) {
        const lost = new Set();
        return (params, call) => {
            const key = `${call.chargePoint} ${call.id}`;
            if (!lost.has(key)) cut(this.linkOf(call));
            lost.add(key);
            return answer(params, call);
        };
    }

    /// The connection that a call came by.
    linkOf({ port, at }) {
        return this.front.connections.findLast((connection) => connection.port === port && connection.at <= at);
    }

    #admit({ identity, request }) {
        const connection = this.front.behind(request.socket.remotePort);
        const believed = this.sessions.some((other) => other.chargePoint === identity && other.status === 101 && other.ended_at === undefined);
        const verdict = believed ? this.mind(connection) : undefined;
        Object.assign(connection, {
            chargePoint: identity,
            uplink: Network.uplinkOf(connection.from),
            upgraded_at: Date.now(),
            status: verdict ?? 101,
        });
        if (this.#failing.has(connection.uplink)) breakOff(connection);
        return verdict;
    }
}
