// SPDX-License-Identifier: Apache-2.0
// What a failing link must show: its cause, once; dials that go on, neither soon nor late; and an end.

import assert from 'node:assert/strict';

import { password } from './daemon.mjs';
import { until } from './wait.mjs';

/// The back-off of every daemon in these tests.
export const reconnect = { first_s: 0.2, max_s: 1 };

/// The least time that `dials` dials in a row may take: the shortest waits between them.
export function shortest_ms(dials, { first_s, max_s } = reconnect) {
    let time = 0;
    for (let n = 0; n < dials - 1; ++n) time += 500 * Math.min(max_s, first_s * 2 ** n);
    return time;
}

const failures = (daemon, ...fields) =>
    ['link_failed', 'link_cause_changed', 'link_still_failing'].flatMap((event) => daemon.events(event, ...fields));

export const linkOf = async (daemon, chargePoint = 'CP1') => (await daemon.status()).charge_points.find((one) => one.id === chargePoint).link;

/// The link fails with `cause` and nothing else, `dials` times at least.
export async function failsWith(cause, daemon, dials = 6) {
    const began = Date.now();
    daemon.start();
    await until(() => `${dials} failures; so far ${failures(daemon).length}`, () => failures(daemon).length >= dials, 60_000);
    const passed = Date.now() - began;
    const count = failures(daemon).length;
    assert.ok(passed >= shortest_ms(count), `${count} dials in ${passed} ms are hammering`);
    assert.equal(failures(daemon, 'charge_point=CP1', `cause=${cause}`).length, count, daemon.log);
    assert.equal(daemon.events('link_failed').length, 1, 'one line a streak');
    assert.equal(daemon.events('link_cause_changed').length, 0);

    const link = await linkOf(daemon);
    assert.ok(link.state === 'waiting' || link.state === 'dialling', link.state);
    assert.equal(link.cause, cause);
    assert.ok(link.detail.length > 0);
    assert.ok(!daemon.log.includes(password), 'no password in the log');
}

/// The daemon, whose `central` has just become good, is there within the longest back-off.
export async function heals(daemon, central, within_s = reconnect.max_s) {
    const since = Date.now();
    await central.next('BootNotification', { within_ms: 60_000 });
    const took = Date.now() - since;
    assert.ok(took < (within_s + 5) * 1000, `healed only after ${took} ms`); // 5 s for a busy machine
    assert.equal(daemon.events('link_failed').length, 1, 'healing is no failure');
    const link = await linkOf(daemon);
    assert.deepEqual([link.state, link.cause, link.detail], ['connected', '', '']);
    assert.equal(daemon.events('link_connected').length, 1);
}
