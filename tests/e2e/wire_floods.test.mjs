// SPDX-License-Identifier: Apache-2.0
// A central system that breaks the WebSocket's rules or sends without measure: a clean drop and a new dial, memory
// within bounds, and the charge point beside it notices nothing.

import assert from 'node:assert/strict';

import { abuse } from './lib/abuse.mjs';
import { frame, header, opcode } from './lib/raw_peer.mjs';
import { until } from './lib/wait.mjs';

const many = 20_000;
const ten_megabytes = 10 * 1024 * 1024;
const key = { key: ['HeartbeatInterval'] };
const serves = async (peer) => assert.equal((await peer.call('GetConfiguration', key))[0], 3);

/// What ends a WebSocket, and the code of the close frame (RFC 6455 section 7.4.1).
const endings = [
    ['a frame that promises 10 MB', 1009, [header({ length: ten_megabytes }), Buffer.alloc(5000, 0x20)]],
    ['a frame that promises 2^62 bytes', 1009, [Buffer.from([0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0])]],
    ['a binary frame that promises 10 MB', 1009, [header({ op: opcode.binary, length: ten_megabytes })]],
    ['fragments without an end', 1009, [frame('[', { fin: false }), ...Array.from({ length: 300 }, () => frame(' '.repeat(1000), { op: opcode.continuation, fin: false }))]],
    ['text that is no UTF-8', 1007, [frame(Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]))]],
    ['a masked frame', 1002, [frame('aaaa[2,"x"]', { masked: true })]],
    ['an operation code that does not exist', 1002, [frame('', { op: 3 })]],
    ['a reserved bit (compression that nobody agreed on)', 1002, [frame('[]', { rsv: 4 })]],
    ['a continuation of nothing', 1002, [frame('[]', { op: opcode.continuation })]],
    ['a ping of 126 bytes', 1002, [frame('p'.repeat(126), { op: opcode.ping })]],
    ['a close frame of one byte', 1002, [frame('x', { op: opcode.close })]],
];

/// One after the other, at one charge point.
async function endAll(raw, some) {
    let session = 0;
    for (const [what, code, bytes] of some) {
        const peer = await raw.session(++session);
        await serves(peer);
        for (const piece of bytes) peer.bytes(piece);
        await until(() => `the end after ${what}`, () => peer.ended);
        assert.equal(peer.close_code, code, what);
    }
    await serves(await raw.session(session + 1));
}

abuse('what breaks the rules of the WebSocket is closed with its code and dialled again', async ({ raws, daemon }) => {
    await Promise.all(raws.map((raw, n) => endAll(raw, endings.filter((_, m) => m % raws.length === n))));
    assert.equal(daemon.events('link_failed', 'cause=closed').length, endings.length, daemon.log);
}, { count: 4 });

abuse('10 MB in one frame, poured in: dropped within the bounds of memory', async (stage) => {
    await stage.bounded(async () => {
        const peer = await stage.raw.session();
        peer.bytes(header({ length: ten_megabytes }));
        for (let n = 0; n < 160; ++n) peer.bytes(Buffer.alloc(65536, 0x5b));
        await until('the drop', () => peer.ended);
        await serves(await stage.raw.session(2));
    });
});

abuse('20,000 calls at once: each is answered, and the other charge point is served meanwhile', async (stage) => {
    const peer = await stage.raw.session();
    await stage.bounded(async () => {
        const calls = Array.from({ length: many }, () => peer.makeCall('GetConfiguration', key));
        peer.bytes(Buffer.concat(calls.map((call) => call.bytes)));
        await stage.obeys(9);
        await until(() => `${many} answers`, () => peer.answers(calls.at(-1).id).length === 1, 60_000);
        assert.ok(calls.every(({ id }) => peer.answers(id).length === 1));
    });
    await serves(peer);
    assert.equal(stage.raw.sessions.length, 1);
});

abuse('2,000 calls that each change what is saved', async (stage) => {
    const peer = await stage.raw.session();
    await stage.bounded(async () => {
        const calls = Array.from({ length: 2000 }, (_, n) => peer.makeCall('ChangeConfiguration', { key: 'HeartbeatInterval', value: String(300 + n) }));
        peer.bytes(Buffer.concat(calls.map((call) => call.bytes)));
        await stage.obeys(10);
        await until('2,000 answers', () => peer.answers(calls.at(-1).id).length === 1, 60_000);
        assert.ok(calls.every(({ id }) => peer.answers(id)[0][0] === 3));
    });
});

abuse('20,000 triggers: what is asked for is not hoarded', async (stage) => {
    const peer = await stage.raw.session();
    peer.silent = true;
    await stage.bounded(async () => {
        const calls = Array.from({ length: many }, (_, n) => peer.makeCall('TriggerMessage', { requestedMessage: ['Heartbeat', 'MeterValues', 'StatusNotification'][n % 3] }));
        peer.bytes(Buffer.concat(calls.map((call) => call.bytes)));
        await until(() => `${many} answers`, () => peer.answers(calls.at(-1).id).length === 1, 60_000);
    });
    await stage.obeys(9);
});

abuse('a flood of noise: 40 MB of frames of every wrong kind', async (stage) => {
    const peer = await stage.raw.session();
    await stage.bounded(async () => {
        const kinds = ['no JSON', '[3,"nobody",{}]', '[4,"nobody","GenericError","",{}]', '[9]', '['.repeat(1000)];
        const frames = kinds.map((text) => frame(text.padEnd(4000)));
        const noise = [...frames, frame('binary', { op: opcode.binary }), frame('ping', { op: opcode.ping })];
        peer.bytes(Buffer.concat(Array.from({ length: 14_000 }, (_, n) => noise[n % noise.length])));
        await stage.obeys(9);
        await until('a voice through the noise', () => serves(peer).then(() => true));
    });
    assert.equal(stage.raw.sessions.length, 1);
});

abuse('a peer that asks and never reads is dropped before its answers fill the memory', async (stage) => {
    const peer = await stage.raw.session();
    await stage.bounded(async () => {
        peer.socket.pause();
        const bytes = Buffer.concat(Array.from({ length: many }, () => peer.makeCall('GetConfiguration').bytes));
        peer.bytes(bytes);
        await until('the drop', () => stage.daemon.events('link_failed', 'charge_point=CP1', 'cause=closed').length === 1, 60_000);
        await serves(await stage.raw.session(2));
    });
    assert.match(stage.daemon.events('link_failed')[0], /does not read/);
});
