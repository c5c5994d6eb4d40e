// SPDX-License-Identifier: Apache-2.0
// A central system that sends what it should not: the right CALLERROR, or nothing, and the link goes on.

import assert from 'node:assert/strict';

import { abuse } from './lib/abuse.mjs';
import { frame, opcode } from './lib/raw_peer.mjs';
import { never, until } from './lib/wait.mjs';

const change = (key, value, more = {}) => ['ChangeConfiguration', { key, value, ...more }];
const accepted = { status: 'Accepted' };

/// The link still serves: a request is answered on the same connection.
async function alive(peer) {
    assert.deepEqual((await peer.call(...change('HeartbeatInterval', '300')))[2], accepted);
    assert.equal(peer.ended, false);
}

/// Frames that are no OCPP-J frame, and the code of the CALLERROR; undefined: no answer.
const broken_frames = [
    ['no JSON', '[2,"x","Reset",{"type":', 'GenericError'],
    ['nothing', '', 'GenericError'],
    ['JSON that is no array', '{"action":"Reset"}', 'GenericError'],
    ['an empty array', '[]', 'GenericError'],
    ['a message type in words', '["2","x","Reset",{}]', 'GenericError'],
    ['two messages in one', '[3,"x",{}][3,"y",{}]', 'GenericError'],
    ['arrays 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000), 'GenericError'],
    ['objects 10,000 deep, never closed', '[2,"x","Reset",' + '{"a":'.repeat(10_000), 'GenericError'],
    ['a good request with a field 10,000 deep', `[2,"x","ChangeConfiguration",{"key":"HeartbeatInterval","value":"1","deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}]`, 'GenericError'],
    ['an id that is a number', '[2,17,"Reset",{}]', 'FormationViolation'],
    ['an id that is empty', '[2,"","Reset",{}]', 'FormationViolation'],
    ['an id of 37 characters', `[2,"${'x'.repeat(37)}","Reset",{}]`, 'FormationViolation'],
    ['an unknown message type', '[5,"x","Reset",{}]', undefined],
    ['a message type beyond all integers', '[20000000000000000000,"x"]', 'GenericError'],
    ['a CALLRESULT without an id', '[3]', undefined],
    ['a CALLRESULT for nobody', '[3,"nobody",{}]', undefined],
    ['a CALLRESULT for nobody, with nonsense in it', '[3,"nobody",[null,7]]', undefined],
    ['a CALLERROR for nobody', '[4,"nobody","GenericError","",{}]', undefined],
    ['a CALLERROR of odd types', '[4,"nobody",{},7]', undefined],
];

abuse('a frame that is no OCPP-J frame is one CALLERROR or none, and the link goes on', async ({ raw }) => {
    const peer = await raw.session();
    await alive(peer);
    for (const [what, text, code] of broken_frames) {
        const [errors, frames] = [peer.answers('-1').length, peer.received.length];
        peer.text(text);
        await alive(peer); // answered after whatever the frame was answered with
        const answers = peer.answers('-1').slice(errors).map((error) => error[2]);
        assert.deepEqual(answers, code ? [code] : [], what);
        const others = peer.received.slice(frames).filter((message) => message[0] !== 2);
        assert.equal(others.length, answers.length + 1, `${what}: ${JSON.stringify(others)}`);
    }
    assert.equal(raw.sessions.length, 1);
});

/// Requests that break their schema, and the code.
const broken_requests = [
    ['no payload at all', 'ChangeConfiguration', undefined, 'ProtocolError'],
    ['a missing field', 'ChangeConfiguration', { key: 'HeartbeatInterval' }, 'ProtocolError'],
    ['a number for a text', ...change(7, '300'), 'TypeConstraintViolation'],
    ['a text for a number', 'TriggerMessage', { requestedMessage: 'Heartbeat', connectorId: '1' }, 'TypeConstraintViolation'],
    ['a fraction for an integer', 'TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 0.5 }, 'TypeConstraintViolation'],
    ['an array for an object', 'SetChargingProfile', { connectorId: 1, csChargingProfiles: [] }, 'TypeConstraintViolation'],
    ['a value that does not exist', 'Reset', { type: 'Violent' }, 'PropertyConstraintViolation'],
    ['a key of 51 characters', ...change('k'.repeat(51), '1'), 'PropertyConstraintViolation'],
    ['a value of 501 characters', ...change('HeartbeatInterval', '1'.repeat(501)), 'PropertyConstraintViolation'],
    ['a text of 200,000 characters', 'RemoteStartTransaction', { idTag: 'x'.repeat(200_000) }, 'PropertyConstraintViolation'],
    ['a payload that is a text', 'Reset', 'Soft', 'FormationViolation'],
    ['a payload that is an array', 'Reset', ['Soft'], 'FormationViolation'],
    ['an action that is an object', { action: 'Reset' }, {}, 'FormationViolation'],
    ['an action that does not exist', 'MakeCoffee', {}, 'NotImplemented'],
    ['an action of 100,000 characters', 'x'.repeat(100_000), {}, 'NotImplemented'],
    ['an action of ours', 'BootNotification', {}, 'NotImplemented'],
];

abuse('a request that breaks its schema is the CALLERROR that says how, and the link goes on', async ({ raw }) => {
    const peer = await raw.session();
    for (const [what, action, payload, code] of broken_requests) {
        const answer = await peer.call(action, payload);
        assert.deepEqual([answer[0], answer[2]], [4, code], what);
    }
    for (const id of ['"quotes" and \\', 'ümläut €', '\u0000\n', 'x'.repeat(36)]) await peer.call(...change('HeartbeatInterval', '300'), id);
    assert.deepEqual((await peer.call(...change('HeartbeatInterval', '300', { unknown: { deep: [1, 2, [3]] }, vendor: null })))[2], accepted);
    assert.equal(raw.sessions.length, 1);
});

abuse('binary messages are ignored, fragments are put together, pings in between are answered', async ({ raw }) => {
    const peer = await raw.session();
    peer.bytes(frame(JSON.stringify([2, 'binary', 'Reset', { type: 'Hard' }]), { op: opcode.binary }));
    peer.bytes(frame(Buffer.alloc(100_000, 0xff), { op: opcode.binary }));
    await alive(peer);
    assert.equal(peer.answers('binary').length, 0);

    const { id, bytes } = peer.makeCall(...change('HeartbeatInterval', '300'));
    const text = bytes.subarray(2 + (bytes[1] === 126 ? 2 : 0)).toString();
    peer.bytes(frame(text.slice(0, 5), { fin: false }));
    peer.bytes(frame('still there?', { op: opcode.ping }));
    for (const piece of text.slice(5)) peer.bytes(frame(piece, { op: opcode.continuation, fin: false }));
    await until('the pong', () => peer.pongs.includes('still there?'));
    assert.equal(peer.answers(id).length, 0, 'not before the last fragment');
    peer.bytes(frame('', { op: opcode.continuation }));
    assert.deepEqual((await peer.answer(id))[2], accepted);

    const call = peer.makeCall(...change('HeartbeatInterval', '300'));
    for (const byte of call.bytes) peer.bytes(Buffer.from([byte]));
    assert.deepEqual((await peer.answer(call.id))[2], accepted);
    await alive(peer);
});

abuse('calls that cross, ids used again, answers given twice or to the wrong question', async ({ raw }) => {
    const peer = await raw.session();
    await alive(peer);
    for (let n = 0; n < 3; ++n) await peer.call(...change('HeartbeatInterval', '300'), 'the same id');
    assert.equal(peer.answers('the same id').length, 3);

    peer.silent = true;
    await peer.call('TriggerMessage', { requestedMessage: 'Heartbeat' });
    const [, open] = await peer.called('Heartbeat');
    await peer.call('TriggerMessage', { requestedMessage: 'StatusNotification' });
    await peer.call('TriggerMessage', { requestedMessage: 'BootNotification' }, open); // under the very id that is open
    await alive(peer); // crossing calls are served while ours waits
    const calls = () => peer.received.filter((message) => message[0] === 2).length;
    const before = calls();
    peer.text([3, `${open}0`, { currentTime: new Date().toISOString() }]);
    peer.text([3, open.toUpperCase(), {}]);
    await never('a second CALL while one is open', () => calls() > before, 1000);

    peer.silent = false;
    peer.text([4, open, 'InternalError', 'no', {}]);
    peer.reply(open, { currentTime: new Date().toISOString() });
    peer.text([3, open, { currentTime: 'yesterday' }]);
    await peer.called('StatusNotification', ([, id]) => id > open || id.length > open.length);
    await until('the triggered calls', () => peer.received.filter((message) => message[2] === 'BootNotification').length === 2);
    await alive(peer);
    assert.equal(raw.sessions.length, 1);
});

abuse('answers of the wrong shape are as good as none', async ({ raw, daemon }) => {
    const peer = await raw.session();
    peer.silent = true;
    for (const payload of [[], 'yes', 7, { currentTime: 5 }, { currentTime: '1970-01-01T00:00:00Z' }]) {
        const seen = peer.received.filter((message) => message[2] === 'Heartbeat').length;
        await peer.call('TriggerMessage', { requestedMessage: 'Heartbeat' });
        await until('a Heartbeat', () => peer.received.filter((message) => message[2] === 'Heartbeat').length > seen);
        peer.reply(peer.conformance.open, payload);
        await alive(peer);
    }
    assert.equal(daemon.events('registration').length, 2, daemon.log);
});
