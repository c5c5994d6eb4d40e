// SPDX-License-Identifier: Apache-2.0
// Of the daemon's trace: when a charger answered something new last.

import { ask } from '../../e2e/lib/api.mjs';

/// When a read last said something else than the one before it, since event `after` of the trace.
export async function changedAt(daemon, after) {
    const { body } = await ask(daemon, 'GET', `/trace?after=${after}`);
    const last = new Map();
    let changed;
    for (const { kind, text, t } of body.events) {
        const [question, answer] = text.split(' = ');
        if (kind !== 'bus_read' || !text.startsWith('unit 1 ')) continue;
        if (last.has(question) && last.get(question) !== answer) changed = Date.parse(t);
        last.set(question, answer);
    }
    return changed;
}
