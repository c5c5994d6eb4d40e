// SPDX-License-Identifier: Apache-2.0
// Of the daemon's trace: when a charger first answered something new.

import { ask } from '../../e2e/lib/api.mjs';

/// So many events before hold what each read said last: eight chargers at two polls a second, some seconds.
const context = 200;

/// When a read first said something else than the one before it, after event `since` of the trace.
export async function changedAt(daemon, since) {
    const { body } = await ask(daemon, 'GET', `/trace?after=${Math.max(0, since - context)}`);
    const last = new Map();
    for (const { n, kind, text, t } of body.events) {
        const [question, answer] = text.split(' = ');
        if (kind !== 'bus_read' || !text.startsWith('unit 1 ')) continue;
        if (n > since && last.has(question) && last.get(question) !== answer) return Date.parse(t);
        last.set(question, answer);
    }
    throw new Error(`the trace shows no change after event ${since}`);
}
