// SPDX-License-Identifier: Apache-2.0
// The judges of the bed see what they are there to see: a lost, a doubled, a late message; a storm of dials.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { complaints } from './lib/book.mjs';
import { stormComplaints } from './lib/dials.mjs';

const sample_s = 5;
const at = (s) => new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString();
const meters = { CP1: { meter_start: 1000, meter_stop: 1300 } };

const link = {};
const call = (id, action, params, answer = {}) => ({ chargePoint: 'CP1', id, action, params, answer, link, at: Date.parse(params.timestamp ?? params.meterValue[0].timestamp) });
const sample = (id, s, energy) =>
    call(id, 'MeterValues', {
        connectorId: 1,
        transactionId: 7,
        meterValue: [{ timestamp: at(s), sampledValue: [{ measurand: 'Energy.Active.Import.Register', value: String(energy), context: 'Sample.Periodic', unit: 'Wh' }] }],
    });
const start = call('1', 'StartTransaction', { meterStart: 1000, timestamp: at(0) }, { transactionId: 7 });
const stop = call('9', 'StopTransaction', { meterStop: 1300, timestamp: at(16), transactionId: 7 });
const whole = [start, sample('2', 5, 1100), sample('3', 10, 1200), sample('4', 15, 1290), stop];

const without = (id) => whole.filter((one) => one.id !== id);
const finds = (calls, ...patterns) => {
    const found = complaints(calls, meters, { sample_s });
    assert.equal(found.length, patterns.length, found.join('\n'));
    patterns.forEach((pattern, index) => assert.match(found[index], pattern));
};

test('a whole transaction is not complained of', () => finds(whole));
test('a lost start is seen', () => finds(without('1'), /CP1: 0 StartTransaction/));
test('a lost stop is seen', () => finds(without('9'), /0 StopTransaction/));
test('a lost sample is seen', () => finds(without('3'), /a gap of 10.0 s/));
test('a message that came twice on one link is seen', () => finds([start, start, ...whole.slice(1)], /StartTransaction 1 came twice, both on one link/));

/// The whole transaction, but that its link broke so many ms after the arrival of one message, which then comes once
/// more on the next link, with all that follows; `more` is what is different about the second one.
function brokenAfter(index, ms, more = {}) {
    const broken = { broken_at: whole[index].at + ms };
    const next = {};
    return [...whole.slice(0, index + 1).map((one) => ({ ...one, link: broken })), ...[{ ...whole[index], ...more }, ...whole.slice(index + 1)].map((one) => ({ ...one, link: next }))];
}
test('a message may come again whose answer was lost with the link, whichever it is', () => whole.forEach((_, index) => {
    finds(brokenAfter(index, 100));
    finds(brokenAfter(index, -3000)); // only what the gateway sent still arrived
}));
test('a message must not come again that was answered long before its link broke', () => finds(brokenAfter(2, 1500), /MeterValues 3 came twice, though the link of the first was whole/));
test('nor on another link while its own lives', () => {
    const calls = brokenAfter(0, 100);
    calls[0].link = {};
    finds(calls, /StartTransaction 1 came twice, though the link of the first was whole/);
});
test('nor one that the gateway went on from, be its link about to break', () => {
    const calls = brokenAfter(1, 100);
    calls.splice(2, 0, { ...call('s', 'StatusNotification', { timestamp: at(5) }), link: calls[0].link });
    finds(calls, /MeterValues 2 came twice, though the first was answered/);
});
test('what arrives late from a link thought dead, after it was sent anew, is seen', () => {
    const calls = brokenAfter(3, 100);
    [calls[3], calls[4]] = [calls[4], calls[3]];
    finds([...calls.slice(0, 4), calls[5], calls[4]], /MeterValues 4 came twice, though the link of the first was whole/);
});
test('another message under the id of one is seen', () => finds(brokenAfter(4, 100, { params: { ...stop.params, meterStop: 1299 } }), /StopTransaction 9 came twice, the second time with another content/));
test('a start or stop that would be booked twice is seen, whatever broke', () => {
    finds(brokenAfter(0, 100, { id: '8' }), /2 StartTransaction/);
    finds(brokenAfter(4, 100, { id: '8' }), /2 StopTransaction/);
    finds(brokenAfter(1, 100, { id: '8' }), /doubled or out of order/);
});
test('a sample under another id is still a double', () => finds([start, whole[1], sample('5', 5, 1100), ...whole.slice(2)], /doubled or out of order/));
test('samples in the wrong order are seen', () => finds([start, sample('3', 10, 1200), sample('2', 5, 1100), sample('4', 15, 1290), stop], /a gap of 10.0 s/, /out of order/, /fell from/, /a gap of 10.0 s/));
test('energy that the charger did not count is seen', () => finds([...without('9'), call('9', 'StopTransaction', { ...stop.params, meterStop: 1301 })], /meterStop 1301, the charger counted 1300/));
test("a sample of another transaction is seen", () => {
    const stray = sample('4', 15, 1290);
    stray.params.transactionId = 8;
    finds([start, whole[1], whole[2], stray, stop], /transaction 8 where 7 is open/);
});

const dial = (chargePoint, begun, ended) => ({ chargePoint, at: begun, upgraded_at: ended });

test('two dials at a time, 250 ms apart, are no storm', () => {
    assert.deepEqual(stormComplaints([dial('A', 0, 500), dial('B', 250, 600), dial('C', 600, 700), dial('D', 850, 900)]), []);
});
test('a third dial while two are under way is seen', () => {
    assert.match(stormComplaints([dial('A', 0, 5000), dial('B', 250, 5000), dial('C', 500, 600)])[0], /C began while A and B/);
});
test('twenty dials in a second are seen', () => {
    const burst = Array.from({ length: 20 }, (_, n) => dial(`CP${n}`, n * 50, n * 50 + 10));
    assert.ok(stormComplaints(burst).length > 10);
});
test('twenty dials 200 ms apart are seen', () => {
    assert.ok(stormComplaints(Array.from({ length: 20 }, (_, n) => dial(`CP${n}`, n * 200, n * 200 + 10))).length > 0);
});
test('what our own lateness explains is no storm', () => {
    const stalled = Array.from({ length: 20 }, (_, n) => dial(`CP${n}`, Math.max(n * 250, 2000), Math.max(n * 250, 2000) + 10));
    assert.ok(stormComplaints(stalled).length > 0);
    assert.deepEqual(stormComplaints(stalled, 2000), []);
});
test('two dials that came late are not held against the others', () => {
    const dials = Array.from({ length: 20 }, (_, n) => dial(`CP${n}`, n * 250, n * 250 + 10));
    assert.deepEqual(stormComplaints([...dials, dial('late', 2600, 2610), dial('later', 2700, 2710)]), []);
});
