// SPDX-License-Identifier: Apache-2.0
// The central system as a program of its own, so that it can be killed: tests/e2e's (npm ocpp-rpc, strict, TLS) with a book
// on the disk. What arrives is written there before it is answered, and answered from there when it comes again.
// Argument: a JSON file {book, port, certificate, passwords}. By IPC: {n, chargePoint, action, params} -> {n, result | error}.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';

import { CentralSystem } from '../e2e/lib/central_system.mjs';

const { book, port, certificate, passwords } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const incarnation = process.pid;

const write = (entry) => appendFileSync(book, `${JSON.stringify({ at: Date.now(), ...entry })}\n`);

const answers = new Map(); // "charge point, id" of a message -> how it was answered
let transactions = 0;

function remember({ chargePoint, id, answer, kind }) {
    if (kind !== 'call') return;
    answers.set(`${chargePoint} ${id}`, answer);
    transactions = Math.max(transactions, answer.transactionId ?? 0);
}

if (existsSync(book)) readFileSync(book, 'utf8').split('\n').filter(Boolean).forEach((line) => remember(JSON.parse(line)));

const fresh = {
    Authorize: () => ({ idTagInfo: { status: 'Accepted' } }),
    BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 60 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    MeterValues: () => ({}),
    StartTransaction: () => ({ transactionId: transactions + 1, idTagInfo: { status: 'Accepted' } }),
    StatusNotification: () => ({}),
    StopTransaction: () => ({}),
};

function booked(make) {
    return (params, { chargePoint, id, action, port: from }) => {
        const answer = answers.get(`${chargePoint} ${id}`) ?? make();
        const entry = { kind: 'call', chargePoint, link: `${incarnation}:${from}`, id, action, params, answer };
        write(entry);
        remember(entry);
        return answer;
    };
}

const central = await CentralSystem.start({ certificate, passwords, port });
for (const [action, make] of Object.entries(fresh)) central.answer(action, booked(make));

/// An answer to a call that we gave up waiting for: the disk was full, or the gateway frozen.
const isLate = (what) => what.includes('CALLRESULT for unrecognised message ID');

setInterval(() => {
    for (const what of central.problems.splice(0).filter((one) => !isLate(one))) write({ kind: 'problem', what });
}, 200);

process.on('message', async ({ n, chargePoint, action, params }) => {
    try {
        if (!central.connected(chargePoint)) throw new Error('not connected');
        process.send({ n, result: await central.call(chargePoint, action, params) });
    } catch (error) {
        process.send({ n, error: error.message });
    }
});

write({ kind: 'begin' });
console.log('ready');
