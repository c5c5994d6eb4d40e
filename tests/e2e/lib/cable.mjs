// SPDX-License-Identifier: Apache-2.0
// The way between gateway and central system, in the test's hand: a TCP relay that can be pulled, cut, or reset.

import { once } from 'node:events';
import net from 'node:net';

export class Cable {
    /// When each connection of the gateway arrived.
    dials = [];
    /// Bytes that went to the gateway.
    delivered = 0;

    #pairs = new Set();
    #pulled = false;
    #server;

    /// Relays to `target` on this machine. `delay_ms` holds each new connection up.
    static async lay(target, { delay_ms = 0 } = {}) {
        const cable = new Cable();
        cable.#server = net.createServer({ allowHalfOpen: true }, (near) => cable.#relay(near, target, delay_ms));
        cable.#server.listen(0, '127.0.0.1');
        await once(cable.#server, 'listening');
        return cable;
    }

    get url() {
        return `wss://localhost:${this.#server.address().port}/ocpp`;
    }

    /// From now on nothing passes, and nobody is told.
    pull() {
        this.#pulled = true;
        for (const { near, far } of this.#pairs) near.pause() && far.pause();
    }

    /// What was pulled is whole again for new connections; the old ones are gone.
    plug() {
        this.#pulled = false;
        this.cut();
    }

    cut() {
        for (const { near, far } of this.#pairs) near.destroy() && far.destroy();
    }

    /// The gateway's ends die with a TCP reset.
    reset() {
        for (const { near, far } of this.#pairs) near.resetAndDestroy() && far.destroy();
    }

    async takeUp() {
        this.cut();
        this.#server.close();
    }

    #relay(near, target, delay_ms) {
        this.dials.push(Date.now());
        const far = new net.Socket({ allowHalfOpen: true });
        const pair = { near, far };
        this.#pairs.add(pair);
        const gone = () => {
            this.#pairs.delete(pair);
            near.destroy();
            far.destroy();
        };
        for (const socket of [near, far]) socket.on('error', gone).on('close', gone);
        if (this.#pulled) return;
        setTimeout(() => {
            if (near.destroyed) return;
            far.connect(target, '127.0.0.1');
            near.pipe(far);
            far.pipe(near);
            far.on('data', (bytes) => (this.delivered += bytes.length));
        }, delay_ms);
    }
}
