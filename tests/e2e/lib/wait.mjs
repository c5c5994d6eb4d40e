// SPDX-License-Identifier: Apache-2.0
// Waiting with a deadline: the only way a test lets time pass.

import { setTimeout as sleep } from 'node:timers/promises';

const step_ms = 20;

/// Polls `condition` (may be async) until it gives something truthy, and returns that. `what` names the wait in the
/// error; a function makes the name late, to show how far things had come.
export async function until(what, condition, within_ms = 15_000) {
    const deadline = Date.now() + within_ms;
    for (;;) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > deadline) {
            throw new Error(`waited ${within_ms / 1000} s in vain for ${typeof what === 'function' ? what() : what}`);
        }
        await sleep(step_ms);
    }
}

/// The opposite: `condition` must stay falsy for this long. Only for "nothing more happens".
export async function never(what, condition, during_ms) {
    const end = Date.now() + during_ms;
    while (Date.now() < end) {
        if (await condition()) throw new Error(`this must not happen: ${what}`);
        await sleep(step_ms);
    }
}

/// Gives up on `work` after a while; what it waits for is abandoned, the caller's clean-up ends it.
export async function withDeadline(what, within_ms, work) {
    const abort = new AbortController();
    const deadline = sleep(within_ms, undefined, { signal: abort.signal }).then(() => {
        throw new Error(`${what} did not end within ${within_ms / 1000} s`);
    });
    deadline.catch(() => {});
    try {
        return await Promise.race([work, deadline]);
    } finally {
        abort.abort();
    }
}
