// SPDX-License-Identifier: Apache-2.0
// How long after a reading on the bus the event stream says what it changed: node tests/bench/news.mjs [changes]

import { ask, listen } from '../e2e/lib/api.mjs';
import { Bench } from '../e2e/lib/bench.mjs';
import { centralSystem, charger, tcpBus } from '../e2e/lib/daemon.mjs';
import { until } from '../e2e/lib/wait.mjs';

const changes = Number(process.argv[2] ?? 200);
const units = 8;

/// When a read first said something else than the one before it, since event `after` of the trace.
async function changedAt(daemon, after) {
    const { body } = await ask(daemon, 'GET', `/trace?after=${after}`);
    const last = new Map();
    for (const { kind, text, t } of body.events) {
        const [question, answer] = text.split(' = ');
        if (kind !== 'bus_read' || !text.startsWith('unit 1 ')) continue;
        if (last.has(question) && last.get(question) !== answer) return Date.parse(t);
        last.set(question, answer);
    }
    return undefined;
}

async function measure(made) {
    const ids = Array.from({ length: units }, (_, index) => index + 1);
    const authority = made.authority();
    const sim = await made.simulator({ tcp: true, boxes: ids.map((id) => `heidelberg:${id}`) });
    const chargers = ids.map((id) => charger(`CP${id}`, { unit_id: id, authorization: { mode: 'remote' }, poll_interval_ms: 500 }));
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: Object.fromEntries(chargers.map(({ id, password }) => [id, password])) });
    const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [tcpBus(sim)], chargers });
    daemon.start();
    for (const { id } of chargers) await central.status('Available', { chargePoint: id });
    const heard = await listen(daemon, 'status');
    const told = (status) => heard.events.findLast(({ data }, at, all) => data.charge_points[0].connectors[0].status === status && all[at - 1]?.data.charge_points[0].connectors[0].status !== status);
    const lateness = [];
    for (let change = 0; change < changes; ++change) {
        const { body } = await ask(daemon, 'GET', '/trace');
        const after = Math.max(0, body.last - 2 * units);
        heard.events.splice(0, heard.events.length - 1);
        await (change % 2 ? sim.unplug() : sim.plug());
        const event = await until('the change', () => told(change % 2 ? 'Available' : 'Preparing'));
        const read = await changedAt(daemon, after);
        if (read !== undefined) lateness.push(event.at - read);
    }
    heard.close();
    return lateness.sort((a, b) => a - b);
}

const made = new Bench();
try {
    const lateness = await measure(made);
    const at = (part) => lateness[Math.min(lateness.length - 1, Math.floor(lateness.length * part))];
    console.log(`${lateness.length} changes, ${units} chargers: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms from the reading to the event (bound: 200 ms)`);
} finally {
    await made.end();
}
