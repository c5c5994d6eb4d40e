// SPDX-License-Identifier: Apache-2.0
// Servers that do one thing wrong, below and beside OCPP. Each is started at {port, host} and gives {port, stop()}.

import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

import { load_balancer_tls } from './central_system.mjs';
import { Program } from './processes.mjs';
import { until } from './wait.mjs';

async function listen(server, { port = 0, host = '127.0.0.1' }) {
    const sockets = new Set();
    server.on('connection', (socket) => {
        sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    });
    server.on('tlsClientError', () => {});
    server.listen(port, host);
    await once(server, 'listening');
    const stop = async () => {
        for (const socket of sockets) socket.destroy();
        if (!server.listening) return;
        server.close();
        await once(server, 'close');
    };
    return { port: server.address().port, stop };
}

/// `serve(socket)` with each TCP connection; without it the server accepts and says nothing.
export const tcpServer = (serve = () => {}, at = {}) => listen(net.createServer(serve), at);

/// `serve(socket)` with each TLS connection.
export const tlsServer = (certificate, serve, at = {}) =>
    listen(tls.createServer({ ...certificate, ...load_balancer_tls }, (socket) => serve(socket.on('error', () => {}))), at);

/// `answer(socket, request)` with each WebSocket upgrade.
export function upgradeServer(certificate, answer, at = {}) {
    const server = https.createServer({ ...certificate, ...load_balancer_tls });
    server.on('upgrade', (request, socket) => answer(socket.on('error', () => {}), request));
    return listen(server, at);
}

const deaf_program = `
    const server = require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1', 1, () => {
        console.log('deaf ' + server.address().port);
        setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50);
    });`;

/// A listener that takes no connection: its queue is full, further requests are dropped as by a firewall. Null where
/// this system lets them through all the same.
export async function deafServer({ port = 0 } = {}) {
    const program = new Program(process.execPath, ['-e', deaf_program, String(port)]);
    const [, at] = await program.says(/deaf (\d+)/);
    const fillers = [];
    const stop = async () => {
        for (const socket of fillers) socket.destroy();
        await program.kill();
    };
    for (let n = 0; n < 20; ++n) {
        const socket = net.connect(Number(at), '127.0.0.1').on('error', () => {});
        fillers.push(socket);
        const connected = await until('a connection', () => socket.readyState === 'open', 700).catch(() => false);
        if (!connected) return { port: Number(at), stop };
    }
    await stop();
    return null;
}
