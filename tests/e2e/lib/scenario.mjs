// SPDX-License-Identifier: Apache-2.0
// One end-to-end test: a bench, a deadline, and the story to print when it fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Bench } from './bench.mjs';
import { centralSystem, charger, serialBus, tcpBus } from './daemon.mjs';
import { withDeadline } from './wait.mjs';

/// A test with a bench: `body(bench)` must end within `within_ms`, whatever happens the bench is taken down.
export function bench(name, body, within_ms = 60_000) {
    test(name, async () => {
        const made = new Bench();
        try {
            await withDeadline(name, within_ms, body(made));
            assert.deepEqual(made.system?.problems ?? [], [], 'what the central system found wrong');
        } catch (error) {
            console.error(made.story());
            throw error;
        } finally {
            await made.end();
        }
    });
}

/// The usual test: one line of boxes (`boxes`, `pty`, `speed`), chargers on it (`chargers`, or one in `mode`), a central
/// system and a started daemon. `body({sim, central, daemon, made})`.
export function scenario(name, setup, body) {
    const { pty = true, boxes = ['heidelberg:1'], speed = 1, mode = 'free', chargers, key = 'ec', tls, system = {}, within_ms, start = true } = setup;
    bench(
        name,
        async (made) => {
            const authority = made.authority();
            const sim = await made.simulator({ pty, boxes, speed });
            const listed = chargers ?? [charger('CP1', { authorization: mode === 'free' ? { mode, id_tag: 'FREE01' } : { mode } })];
            const passwords = Object.fromEntries(listed.map((one) => [one.id, one.password]));
            const central = await made.central({ certificate: authority.issue({ key }), passwords, ...(tls && { tls }), ...system });
            const daemon = made.daemon({
                central_system: centralSystem(central, authority),
                buses: [pty ? serialBus(sim) : tcpBus(sim)],
                chargers: listed,
            });
            if (start) daemon.start();
            await body({ sim, central, daemon, made, authority });
        },
        within_ms,
    );
}
