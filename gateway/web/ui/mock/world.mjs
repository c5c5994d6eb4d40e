// SPDX-License-Identifier: Apache-2.0
// A site that lives: four chargers on two buses, one of them lost, told as the gateway's status tells it.

const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
const started = Date.now() - 3 * 86_400_000;
export const ago = (seconds) => iso(Date.now() - seconds * 1000);
export const ahead = (seconds) => iso(Date.now() + seconds * 1000);

const heidelberg = { profile: 'heidelberg-energy-control', vendor: 'Heidelberg', model: 'Energy Control', serial: 'HD-2021-04417', firmware: '1.0.8', min_current_a: 6, max_current_a: 16, unlock: false, reboot: false };
const abb = { profile: 'abb-terra-ac', vendor: 'ABB', model: 'Terra AC', serial: 'TACW2241220G0455', firmware: '1.6.5', min_current_a: 6, max_current_a: 32, unlock: true, reboot: false };
const keba = { profile: 'keba-p30', vendor: 'KEBA', model: 'KeContact P30', serial: '18732561', firmware: '3.10.42', min_current_a: 6, max_current_a: 32, unlock: true, reboot: true };
const evse = { profile: 'evse-din', vendor: 'EVracing', model: 'EVSE DIN', serial: '', firmware: '', min_current_a: 6, max_current_a: 16, unlock: false, reboot: false };

const linked = (hours) => ({ state: 'connected', since: ago(hours * 3600), cause: '', detail: '', uplink: 'wifi' });
const limit = (wanted, why, extra = {}) => ({ wanted_a: wanted, applied_a: wanted, why, local: { paused: false, limit_a: null }, ...extra });
const transaction = (id, minutes, meter) => ({ id, id_tag: 'EV…01', started_at: ago(minutes * 60), meter_start_wh: meter });
const connector = (status, rest) => ({ id: 1, status, error_code: 'NoError', transaction: null, power_w: 0, energy_origin: 'register', ...rest });

export const world = {
    points: [
        { id: 'GARAGE-1', charger: heidelberg, link: linked(26), registration: 'Accepted', queue: 0, connectors: [connector('Charging', { transaction: transaction(4711, 95, 2_104_300), limit: limit(10, 'central_system', { until: ahead(2 * 3600) }), power_w: 6860, energy_wh: 2_121_440 })] },
        { id: 'GARAGE-2', charger: abb, link: linked(26), registration: 'Accepted', queue: 0, connectors: [connector('SuspendedEV', { transaction: transaction(4705, 410, 884_100), limit: limit(32, 'car'), power_w: 4, energy_wh: 921_850 })] },
        { id: 'COURT-3', charger: keba, link: linked(26), registration: 'Accepted', queue: 0, connectors: [connector('Available', { limit: limit(0, null), energy_wh: 1_453_020 })] },
        { id: 'COURT-4', charger: evse, link: linked(4), registration: 'Accepted', queue: 2, connectors: [connector('Faulted', { error_code: 'OtherError', info: 'no answer for 42 s', vendor_error_code: 'COMM_LOST', transaction: transaction(4709, 180, 96_000), limit: limit(16, 'charger', { applied_a: null, refused: 'the charger does not answer' }), power_w: null, energy_wh: 101_200 })] },
    ],
    calls: 48_211,
};

const unit = (point, id, rest) => ({ charge_point: point, unit_id: id, exchanges: world.calls, timeouts: 3, garbled: 0, exceptions: 0, reply_p50_ms: 21.4, reply_p99_ms: 48.2, load: 0.061, last_error: '', ...rest });
const buses = () => [
    { id: 'rs485-1', kind: 'rtu', device: '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0', units: [unit('GARAGE-1', 1, {}), unit('GARAGE-2', 2, { load: 0.074 }), unit('COURT-4', 4, { timeouts: 214, garbled: 61, load: 0.118, last_error: 'no answer within 500 ms' })] },
    { id: 'lan-1', kind: 'tcp', host: '192.168.1.40', port: 502, units: [unit('COURT-3', 255, { reply_p50_ms: 6.2, reply_p99_ms: 19, load: 0.012 })] },
];

const traffic = (bytes, budget = null) => ({ month: ago(0).slice(0, 7), bytes, budget_mb: budget });
const uplink = (id, kind, rest) => ({ id, kind, state: 'online', reason: 'reaches the central system', since: ago(5 * 3600), metered: false, name_servers: ['192.168.1.1'], connect_ms: 24, sessions: 0, ping: { interval_s: 20, bytes_a_month: 36_700_000 }, traffic: traffic(0), ...rest });
export const uplinks = {
    active: 'wifi', preferred: null, reason: 'LAN has no carrier', since: ago(5 * 3600), server_down: false, next_choice: null,
    uplinks: [
        uplink('lan', 'ethernet', { state: 'no_link', reason: 'no carrier: check the cable', name: 'Ethernet', interface: 'eth0', priority: 1, addresses: [], name_servers: [], connect_ms: null }),
        uplink('wifi', 'wifi', { name: 'WiFi', interface: 'wlan0', priority: 2, addresses: ['192.168.1.23'], sessions: 4, traffic: traffic(612_000_000) }),
        uplink('gsm', 'gsm', { name: 'Mobile', interface: 'wwan0', priority: 3, metered: true, addresses: ['10.64.12.8'], name_servers: ['10.64.0.1'], connect_ms: 148, traffic: traffic(41_300_000, 500), modem: { state: 'connected', hindrance: null, operator: 'Mobile One', access: 'LTE', roaming: false, signal: { csq: 17, word: 'good', line: 9, passes: true } } }),
    ],
    switches: [{ t: ago(5 * 3600), to: 'wifi', reason: 'LAN has no carrier' }, { t: ago(30 * 3600), to: 'lan', reason: 'LAN is online again for 60 s' }],
};

export const status = () => ({
    version: '0.1.0', started_at: iso(started), clock: { source: 'ntp', now: ago(0), floor: iso(started) },
    charge_points: world.points, buses: buses(), uplinks,
    warnings: ['COURT-4: connector 1 does not obey its limit of 16 A: the charger does not answer'],
});

/** One second passes. */
export function tick() {
    world.calls += 3;
    const charging = world.points[0].connectors[0];
    if (charging.limit.local.paused) Object.assign(charging, { power_w: 0, status: 'SuspendedEVSE' });
    else {
        const most = charging.limit.wanted_a * 3 * 230;
        Object.assign(charging, { power_w: Math.round(most * 0.985 + Math.random() * 80), status: 'Charging' });
    }
    charging.energy_wh += Math.round(charging.power_w / 3600);
}

/** A pause or limit from these pages; the smallest of all limits counts. */
export function setLocal(point, change) {
    for (const one of point.connectors) {
        Object.assign(one.limit.local, change);
        const { paused, limit_a } = one.limit.local;
        const most = Math.min(point.charger.max_current_a, limit_a ?? Infinity);
        one.limit.wanted_a = one.transaction ? (paused ? 0 : Math.min(most, 10)) : 0;
        one.limit.applied_a = one.limit.wanted_a;
        if (one.transaction) one.limit.why = paused || limit_a !== null ? 'local' : 'central_system';
    }
    return { connectors: point.connectors.map((one) => ({ id: one.id, ...one.limit.local })) };
}

export function history(point) {
    const now = Math.floor(Date.now() / 1000);
    const t = Array.from({ length: 960 }, (_, i) => now - (959 - i) * 15);
    const since = now - 95 * 60;
    const charges = point.id === 'GARAGE-1';
    return {
        charger: point.id, step_s: 15,
        connectors: [{
            connector: 1, t,
            power_w: t.map((at, i) => (charges && at > since ? 6850 + 70 * Math.sin(i / 9) + (at < since + 1500 ? 4100 : 0) : 0)),
            limit_a: t.map((at) => (charges ? (at < since ? 0 : at < since + 1500 ? 16 : 10) : 0)),
        }],
    };
}

export const schedule = (point) => ({
    charger: point.id, connector: 1, until: ahead(86_400),
    periods: [[0, 10], [7200, 6], [6 * 3600, 0], [8 * 3600, 16], [20 * 3600, 10]].map(([at, limit_a]) => ({ start: ahead(at), limit_a, phases: 3 })),
});

const reasons = ['EVDisconnected', 'EVDisconnected', 'Remote', 'EVDisconnected', 'SoftReset'];
export function sessions(point) {
    if (point.id === 'COURT-3') return [];
    return Array.from({ length: 46 }, (_, i) => {
        const running = i === 0 && point.connectors[0].transaction;
        const began = Date.now() - (i * 7.3 * 86_400 + 5700) * 1000;
        const duration = 5400 + ((i * 7919) % 21_000);
        const energy = 4200 + ((i * 3571) % 31_000);
        return {
            id: `${point.id}-${46 - i}`, connector: 1, transaction_id: 4711 - i, started_at: iso(began), ended_at: running ? null : iso(began + duration * 1000),
            duration_s: running ? null : duration, meter_start_wh: 2_104_300 - i * 18_000, energy_wh: energy, id_tag: 'EV…01', reason: running ? null : reasons[i % 5],
        };
    });
}
