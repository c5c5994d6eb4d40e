// SPDX-License-Identifier: Apache-2.0
// A central system we did not write: npm ocpp-rpc in strict mode (every message checked against the OCPP schemas, both
// ways) behind Node's TLS with Basic Auth. Records what arrives and answers by script.

import { once } from 'node:events';
import https from 'node:https';

import rpc from 'ocpp-rpc';

import { until } from './wait.mjs';

/// The answer of a handler that wants to stay silent.
export const silence = rpc.NOREPLY;

/// An answer that is an error: throw callError('InternalError').
export const callError = (code, text = '') => rpc.createRPCError(code, text);

/// What ELBSecurityPolicy-TLS-1-2-Ext-2018-06 offers, in its order, as OpenSSL names it.
export const load_balancer_suites = [
    'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-RSA-AES128-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA384', 'ECDHE-RSA-AES256-SHA',
    'ECDHE-ECDSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES128-SHA256', 'AES128-SHA', 'AES256-GCM-SHA384', 'AES256-SHA256',
    'AES256-SHA',
];

/// TLS 1.2 alone, its suites in the server's order, no other curves: the back end's load balancer.
export const load_balancer_tls = {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: load_balancer_suites.join(':'),
    honorCipherOrder: true,
    ecdhCurve: 'P-256:P-384',
};

function defaultAnswers() {
    let transactions = 0;
    return {
        Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
        BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
        DataTransfer: () => ({ status: 'UnknownVendorId' }),
        Heartbeat: () => ({ currentTime: new Date().toISOString() }),
        MeterValues: () => ({}),
        StartTransaction: () => ({ transactionId: ++transactions, idTagInfo: { status: 'Accepted' } }),
        StatusNotification: () => ({}),
        StopTransaction: () => ({}),
    };
}

export class CentralSystem {
    /// Every CALL of every charge point, in order: {at, chargePoint, port (the other end's), action, params, id, taken, answer}.
    calls = [];
    /// What broke the specification: a message against its schema, a frame that is no OCPP.
    problems = [];
    /// Every upgrade that arrived: {at, chargePoint, endpoint, password (bytes), protocols}.
    upgrades = [];
    /// Every HTTP request that was no upgrade.
    requests = [];
    /// Every TLS handshake that succeeded: {protocol, cipher, servername, client (certificate, {} without)}.
    handshakes = [];

    #answers = defaultAnswers();
    #clients = new Map();
    #rawIds = new Set();
    #sockets = new Set();
    #options;
    #port = 0;
    #https;
    #rpc;

    /// `certificate` = {key, cert}; `tls` = further options of tls.createServer; `passwords` = {charge point: password},
    /// absent: anyone may come in; `admit(handshake)` may return an HTTP status that refuses the upgrade, or a
    /// subprotocol to answer with (false: none); `takes(request, socket)` may take an upgrade out of our hands (true);
    /// `strict` false: messages that ocpp-rpc has no schema for, those of the security whitepaper, may be spoken;
    /// `port`, `address`: where to listen; `tells_date`: false, and plain answers have no Date.
    static async start(options) {
        const system = new CentralSystem();
        system.#options = { tls: load_balancer_tls, ...options };
        system.#port = options.port ?? 0;
        await system.comeBack();
        return system;
    }

    get url() {
        return `wss://localhost:${this.#port}/ocpp`;
    }

    get port() {
        return this.#port;
    }

    /// Opens for charge points: at start, and on the same port after goAway().
    async comeBack() {
        this.#rpc = new rpc.RPCServer({ protocols: ['ocpp1.6'], strictMode: this.#options.strict ?? true, pingIntervalMs: 3_600_000, callTimeoutMs: 10_000 });
        this.#rpc.auth((accept, reject, handshake) => this.#admit(accept, reject, handshake));
        this.#rpc.on('client', (client) => this.#serve(client));
        this.#https = https.createServer({ ...this.#options.certificate, ...this.#options.tls }, (request, response) => {
            this.requests.push(request);
            response.sendDate = this.#options.tells_date ?? true;
            response.writeHead(404).end();
        });
        const { handleUpgrade } = this.#rpc;
        this.#https.on('upgrade', (request, socket, head) => this.#options.takes?.(request, socket) || handleUpgrade(request, socket, head));
        this.#https.on('connection', (socket) => {
            this.#sockets.add(socket);
            socket.on('close', () => this.#sockets.delete(socket));
            socket.on('error', () => {});
        });
        this.#https.on('tlsClientError', () => {});
        this.#https.on('secureConnection', (socket) =>
            this.handshakes.push({ protocol: socket.getProtocol(), cipher: socket.getCipher().name, servername: socket.servername, client: socket.getPeerCertificate() }));
        this.#https.listen(this.#port, this.#options.address ?? '127.0.0.1');
        await once(this.#https, 'listening');
        this.#port = this.#https.address().port;
    }

    /// Stops listening and cuts every connection without a closing frame.
    async goAway() {
        if (!this.#https.listening) return;
        const closed = once(this.#https, 'close');
        this.#https.close();
        this.cut();
        await closed;
    }

    /// Cuts every connection; charge points may come back at once.
    cut() {
        for (const socket of this.#sockets) socket.destroy();
    }

    /// From the next connection on it is this one, {key, cert}.
    showCertificate(certificate) {
        this.#options.certificate = certificate;
        this.#https.setSecureContext({ ...certificate, ...this.#options.tls });
    }

    /// Replaces the `tls` of start(), from the next comeBack() on.
    useTls(tls) {
        this.#options.tls = tls;
    }

    /// Replaces the `admit` of start().
    admitBy(admit) {
        this.#options.admit = admit;
    }

    /// From now on `action` is answered by answer(params, call); {result} as an object stands for a constant.
    answer(action, answer) {
        this.#answers[action] = typeof answer === 'function' ? answer : () => answer;
    }

    /// Sends a CALL and resolves to the payload of its CALLRESULT; rejects with .rpcErrorCode on a CALLERROR.
    async call(chargePoint, action, params = {}) {
        const client = await until(`a connection of ${chargePoint}`, () => this.#clients.get(chargePoint));
        return client.call(action, params);
    }

    connected(chargePoint) {
        return this.#clients.has(chargePoint);
    }

    /// The calls so far that match.
    select(action, { chargePoint, where = () => true } = {}) {
        return this.calls.filter((call) => call.action === action && (!chargePoint || call.chargePoint === chargePoint) && where(call.params));
    }

    /// Waits for the first matching call that no earlier next() has taken, and takes it.
    async next(action, { within_ms, ...filter } = {}) {
        const call = await until(
            () => `${action} of ${filter.chargePoint ?? 'any charge point'}; so far: ${this.summary()}`,
            () => this.select(action, filter).find((candidate) => !candidate.taken),
            within_ms,
        );
        call.taken = true;
        return call;
    }

    /// Waits for a StatusNotification with this status and takes it with all that came before it.
    async status(status, { connectorId = 1, ...filter } = {}) {
        const call = await this.next('StatusNotification', {
            ...filter,
            where: (params) => params.connectorId === connectorId && params.status === status,
        });
        for (const earlier of this.select('StatusNotification', { chargePoint: call.chargePoint })) {
            if (earlier.params.connectorId === connectorId && earlier.at <= call.at) earlier.taken = true;
        }
        return call;
    }

    /// The statuses a connector has reported, in order.
    statuses(chargePoint, connectorId = 1) {
        return this.select('StatusNotification', { chargePoint, where: (params) => params.connectorId === connectorId }).map((call) => call.params.status);
    }

    /// The id that a StartTransaction was answered with.
    transactionOf(call) {
        return call.answer.transactionId;
    }

    /// Sends a frame as it is, for what strict mode would refuse to send; gives the answer's frame.
    async raw(chargePoint, frame) {
        const client = await until(`a connection of ${chargePoint}`, () => this.#clients.get(chargePoint));
        const [, id] = frame;
        this.#rawIds.add(id);
        const answered = new Promise((resolve) => {
            client.on('message', function hear({ message, outbound }) {
                const answer = outbound ? [] : JSON.parse(message);
                if (answer[0] === 2 || answer[1] !== id) return;
                client.off('message', hear);
                resolve(answer);
            });
        });
        client.sendRaw(JSON.stringify(frame));
        return answered;
    }

    summary() {
        return this.calls.map((call) => (call.action === 'StatusNotification' ? `${call.params.connectorId}:${call.params.status}` : call.action)).join(' ');
    }

    #admit(accept, reject, handshake) {
        const { identity, password } = handshake;
        const { admit, passwords } = this.#options;
        this.upgrades.push({ at: Date.now(), chargePoint: identity, endpoint: handshake.endpoint, password, protocols: [...handshake.protocols] });
        const verdict = admit?.(handshake);
        if (typeof verdict === 'number') return reject(verdict, 'refused by the test');
        if (passwords && passwords[identity] !== password?.toString()) return reject(401, 'wrong password');
        return accept({}, verdict);
    }

    #serve(client) {
        const chargePoint = client.identity;
        const port = client.handshake.request.socket.remotePort;
        this.#clients.set(chargePoint, client);
        client.once('close', () => {
            if (this.#clients.get(chargePoint) === client) this.#clients.delete(chargePoint);
        });
        client.on('strictValidationFailure', ({ method, error, params, result }) =>
            this.problems.push(`${chargePoint} ${method}: ${error.message} ${JSON.stringify(error.details?.errors ?? '')} in ${JSON.stringify(result ?? params)}`));
        client.on('badMessage', ({ buffer, error }) => {
            if (!this.#rawIds.has(error.details?.msgId)) this.problems.push(`${chargePoint}: ${error.message}: ${buffer}`);
        });
        client.handle((request) => this.#handle(chargePoint, port, request));
    }

    async #handle(chargePoint, port, { messageId, method, params }) {
        const call = { at: Date.now(), chargePoint, port, action: method, params, id: messageId, taken: false };
        this.calls.push(call);
        const answer = this.#answers[method];
        if (!answer) throw callError('NotImplemented', `${method} is not served here`);
        return (call.answer = await answer(params, call));
    }
}
