// SPDX-License-Identifier: Apache-2.0
// A central system's end of one WebSocket whose every byte is in the test's hand (RFC 6455 section 5.2).

import { createHash } from 'node:crypto';

import { Conformance } from './conformance.mjs';
import { until } from './wait.mjs';

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/// The answer that accepts an upgrade, with the given subprotocol.
export function switching(request, subprotocol = 'ocpp1.6') {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    return ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`,
        `Sec-WebSocket-Protocol: ${subprotocol}`, '', ''].join('\r\n');
}

/// The header of a frame; `length` may promise more than will come.
export function header({ op = opcode.text, fin = true, length, rsv = 0, masked = false }) {
    const first = (fin ? 0x80 : 0) | (rsv << 4) | op;
    const mask = masked ? 0x80 : 0;
    if (length < 126) return Buffer.from([first, mask | length]);
    const long = Buffer.alloc(length < 65536 ? 4 : 10);
    long[0] = first;
    long[1] = mask | (length < 65536 ? 126 : 127);
    if (length < 65536) long.writeUInt16BE(length, 2);
    else long.writeBigUInt64BE(BigInt(length), 2);
    return long;
}

export function frame(payload, options = {}) {
    const bytes = Buffer.from(payload);
    return Buffer.concat([header({ length: bytes.length, ...options }), bytes]);
}

/// Takes the frames of a WebSocket client out of a stream of bytes.
class FrameReader {
    #bytes = Buffer.alloc(0);

    /// The whole frames so far: {op, fin, masked, payload}.
    *take(chunk) {
        this.#bytes = Buffer.concat([this.#bytes, chunk]);
        for (;;) {
            const found = this.#first();
            if (!found) return;
            this.#bytes = this.#bytes.subarray(found.size);
            yield found;
        }
    }

    #first() {
        const bytes = this.#bytes;
        if (bytes.length < 2) return undefined;
        const masked = (bytes[1] & 0x80) !== 0;
        const short = bytes[1] & 0x7f;
        const head = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
        if (bytes.length < head) return undefined;
        const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
        const size = head + (masked ? 4 : 0) + length;
        if (bytes.length < size) return undefined;
        const payload = Buffer.from(bytes.subarray(size - length, size));
        for (let n = 0; masked && n < length; ++n) payload[n] ^= bytes[head + (n % 4)];
        return { op: bytes[0] & 0x0f, fin: bytes[0] >= 0x80, masked, payload, size };
    }
}

const answers = {
    BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    StartTransaction: () => ({ transactionId: 1, idTagInfo: { status: 'Accepted' } }),
};

export class RawPeer {
    began = Date.now();
    /// Judges whatever the charge point sends.
    conformance = new Conformance();
    /// Text frames of the charge point, parsed, oldest first.
    received = [];
    /// The code of the charge point's close frame (0: none given).
    close_code;
    /// The connection is gone.
    ended = false;
    /// The payloads of the charge point's pongs.
    pongs = [];
    /// While set, CALLs of the charge point stay unanswered.
    silent = false;

    #reader = new FrameReader();
    #calls = 0;
    #byId = new Map();

    constructor(request, socket) {
        this.socket = socket;
        socket.on('error', () => {}).on('close', () => (this.ended = true)).on('end', () => (this.ended = true));
        socket.on('data', (chunk) => {
            for (const found of this.#reader.take(chunk)) this.#take(found);
        });
        socket.setNoDelay(true);
        socket.write(switching(request));
    }

    /// Writes bytes as they are.
    bytes(data) {
        if (!this.ended) this.socket.write(data);
    }

    /// Sends one text frame: a text as it is, anything else as JSON.
    text(message) {
        this.bytes(frame(typeof message === 'string' ? message : JSON.stringify(message)));
    }

    /// The bytes of a CALL, which is then expected to be answered; gives {id, bytes}.
    makeCall(action, payload = {}, id = `raw-${++this.#calls}`) {
        this.conformance.asked(id, action);
        return { id, bytes: frame(JSON.stringify([2, id, action, payload])) };
    }

    /// Sends a CALL and waits for its answer: [3, id, payload] or [4, id, code, ...].
    async call(action, payload, id) {
        const call = this.makeCall(action, payload, id);
        const before = this.answers(call.id).length;
        this.bytes(call.bytes);
        return this.answer(call.id, before);
    }

    /// Waits for the answer to `id` that follows the first `before` ones.
    async answer(id, before = 0) {
        await until(`the answer to ${id}`, () => this.answers(id).length > before, 20_000);
        return this.answers(id)[before];
    }

    answers = (id) => this.#byId.get(id) ?? [];

    /// Waits for a CALL of the charge point that satisfies `where`.
    called = (action, where = () => true) =>
        until(`${action} at the raw peer`, () => this.received.find((call) => call[0] === 2 && call[1] !== undefined && call[2] === action && where(call)), 20_000);

    /// Answers a CALL of the charge point.
    reply(id, payload) {
        this.conformance.answered(id);
        this.text([3, id, payload]);
    }

    #take({ op, fin, masked, payload }) {
        if (!masked) this.conformance.problems.push('an unmasked frame of a client');
        if (op === opcode.ping) this.bytes(frame(payload, { op: opcode.pong }));
        if (op === opcode.pong) this.pongs.push(payload.toString());
        if (op === opcode.close) this.close_code = payload.length >= 2 ? payload.readUInt16BE(0) : 0;
        if (op !== opcode.text) return;
        if (!fin) this.conformance.problems.push('a fragmented message');
        const message = this.conformance.judge(payload.toString('utf8'));
        if (!message) return;
        this.received.push(message);
        const [type, id, action] = message;
        if (type !== 2) this.#byId.set(id, [...this.answers(id), message]);
        else if (!this.silent) this.reply(id, (answers[action] ?? (() => ({})))());
    }
}

/// All connections of one charge point, taken out of a CentralSystem's hands (its option `takes`).
export class RawCentral {
    sessions = [];

    constructor(chargePoint) {
        this.takes = (request, socket) => {
            if (!request.url.endsWith(`/${chargePoint}`)) return false;
            this.sessions.push(new RawPeer(request, socket));
            return true;
        };
    }

    /// The `count`th connection or a later one, once it is old enough that its end is not taken for a refused duplicate
    /// (2 s).
    async session(count = 1) {
        await until(`connection ${count}`, () => this.sessions.length >= count && !this.sessions.at(-1).ended, 60_000);
        const last = this.sessions.at(-1);
        await until('an age of 2 s', () => last.ended || Date.now() - last.began > 2300);
        return last.ended ? this.session(count) : last;
    }

    get problems() {
        return this.sessions.flatMap((session) => session.conformance.problems);
    }
}
