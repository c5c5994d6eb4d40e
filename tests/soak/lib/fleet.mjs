// SPDX-License-Identifier: Apache-2.0
// 32 chargers on four lines, and what the gateway is told of them.

import { charger, serialBus, tcpBus } from '../../e2e/lib/daemon.mjs';

export const sample_s = 5;
/// Batteries and meters run so many times faster than the clock, so that a watt-hour is soon missed.
export const speed = 20;
const chargers_a_line = 8;

const heidelberg = { box: 'heidelberg', profile: 'heidelberg-energy-control' };
const amperfied = { box: 'amperfied', profile: 'amperfied-connect' };

/// `port`: as for Simulator; `bus`: the gateway's side of it; `poll_ms`: what the line has time for.
const lines = [
    { id: 'rs485', ...heidelberg, port: { pty: true }, bus: serialBus, poll_ms: 2000 },
    { id: 'tunnel', ...heidelberg, port: { tunnel: true }, poll_ms: 2000,
      bus: (simulator, id) => ({ id, kind: 'rtu-over-tcp', host: '127.0.0.1', port: simulator.port }) },
    { id: 'lan-1', ...amperfied, port: {}, bus: tcpBus, poll_ms: 1000, is_tcp: true },
    { id: 'lan-2', ...amperfied, port: {}, bus: tcpBus, poll_ms: 1000, is_tcp: true },
];

export const line_ids = lines.map(({ id }) => id);
export const tcp_lines = lines.filter(({ is_tcp }) => is_tcp).map(({ id }) => id);
const most_a = [16, 13, 10, 16];

/// {id, line, unit, max_a, profile, poll_ms, energy_wh: at the start}
export const chargers = lines.flatMap(({ id, profile, poll_ms }, line) =>
    Array.from({ length: chargers_a_line }, (_, index) => {
        const number = line * chargers_a_line + index + 1;
        return {
            id: `CP${String(number).padStart(2, '0')}`, line: id, unit: index + 1, profile, poll_ms,
            max_a: most_a[number % most_a.length], energy_wh: 100_000 * number,
        };
    }));

const boxesOf = ({ id, box }) =>
    chargers.filter(({ line }) => line === id).map(({ unit, energy_wh }) => `${box}:${unit},battery_wh=1000000,energy_wh=${energy_wh}`);

/// {line: Simulator}, each running in `wrap`, with `began` in ms.
export async function startSimulators(bench, wrap) {
    const started = await Promise.all(lines.map(async (line) => {
        const simulator = await bench.simulator({ pty: false, ...line.port, boxes: boxesOf(line), speed, wrap }, line.id);
        simulator.began = Date.now(); // its times count from here
        return [line.id, simulator];
    }));
    return Object.fromEntries(started);
}

const listed = chargers.map(({ id, line, unit, profile, poll_ms, max_a }) =>
    charger(id, {
        bus: line, unit_id: unit, profile, poll_interval_ms: poll_ms, lost_after_s: 10, max_current_a: max_a,
        configuration: { MeterValueSampleInterval: String(sample_s) },
    }));

export const passwords = Object.fromEntries(listed.map(({ id, password }) => [id, password]));

/// `more`: what the place adds, uplinks above all.
export const configuration = ({ url, ca_file, simulators, more }) => ({
    central_system: { url, ca_file, reconnect: { first_s: 0.5, max_s: 5 } },
    buses: lines.map(({ id, bus }) => bus(simulators[id], id)),
    chargers: listed,
    time: { sync_source: 'none' },
    ...more,
});
