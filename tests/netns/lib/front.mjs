// SPDX-License-Identifier: Apache-2.0
// The central system's front, as a load balancer is one: takes TCP connections and passes the bytes on. It can be down
// (refuses), mute (accepts and says nothing) and closes what is idle. It knows through which uplink each came.

import { once } from 'node:events';
import net from 'node:net';

/// From now on answers that are sent by this connection may be lost.
export function breakOff(connection) {
    connection.broken_at ??= Date.now();
}

/// Ends it from our side.
export function cut(connection) {
    breakOff(connection);
    connection.socket.destroy();
}

export class Front {
    /// Every connection: {at, from, socket, port (ours towards the back), heard_at, broken_at (from then on not all that is
    /// sent by it arrives), ended_at}, times in ms.
    connections = [];
    #servers = [];
    #mute = false;
    #byPort = new Map(); // our port towards the back -> connection
    #where;
    #back_port;
    #idle_ms;

    /// Listens at each of `where` [{address, port}], passes on to back_port on this host; closes what is idle for idle_s.
    constructor(where, back_port, idle_s) {
        this.#where = where;
        this.#back_port = back_port;
        this.#idle_ms = idle_s * 1000;
    }

    async up() {
        this.#servers = this.#where.map(({ address, port }) => net.createServer((socket) => this.#take(socket)).listen(port, address));
        await Promise.all(this.#servers.map((server) => once(server, 'listening')));
    }

    /// The program has ended: nobody listens, and the kernel closes what was open.
    async down() {
        const closed = this.#servers.map((server) => once(server, 'close'));
        for (const server of this.#servers) server.close();
        this.open().forEach(cut);
        await Promise.all(closed);
    }

    /// The program hangs: the kernel still accepts and acknowledges.
    goMute() {
        this.#mute = true;
        for (const connection of this.open()) {
            breakOff(connection);
            connection.socket.unpipe();
            connection.socket.pause();
            connection.back?.unpipe();
        }
    }

    /// The program that hung was killed and started anew.
    speakAgain() {
        this.#mute = false;
        this.open().forEach(cut);
    }

    /// The connection whose bytes arrive at the back from `port`.
    behind(port) {
        return this.#byPort.get(port);
    }

    open() {
        return this.connections.filter(({ ended_at }) => ended_at === undefined);
    }

    #take(socket) {
        const connection = { at: Date.now(), from: socket.remoteAddress, socket };
        this.connections.push(connection);
        socket.on('error', () => {});
        socket.on('data', () => (connection.heard_at = Date.now()));
        socket.on('close', () => {
            connection.ended_at = Date.now();
            connection.back?.destroy();
            this.#byPort.delete(connection.port);
        });
        socket.pause(); // until somebody wants the bytes
        if (this.#mute) return undefined;
        if (this.#idle_ms) socket.setTimeout(this.#idle_ms, () => cut(connection));
        return this.#passOn(connection);
    }

    #passOn(connection) {
        const { socket } = connection;
        const back = net.connect(this.#back_port, '127.0.0.1', () => {
            connection.port = back.localPort;
            this.#byPort.set(back.localPort, connection);
            socket.pipe(back);
            back.pipe(socket);
        });
        connection.back = back;
        back.on('error', () => socket.destroy());
        back.on('close', () => socket.destroySoon());
    }
}
