// SPDX-License-Identifier: Apache-2.0
// What was said lately: OCPP messages with their answers, and the exchanges on the bus behind them.
import { ago, ahead } from './world.mjs';

const profileOf = (limit) => ({ connectorId: 1, csChargingProfiles: { chargingProfileId: 7, stackLevel: 1, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute', chargingSchedule: { chargingRateUnit: 'A', startSchedule: ago(150), chargingSchedulePeriod: [{ startPeriod: 0, limit }, { startPeriod: 7200, limit: 6 }] } } });
const sampled = (energy, power) => ({ connectorId: 1, transactionId: 4711, meterValue: [{ timestamp: ago(60), sampledValue: [{ value: String(energy), measurand: 'Energy.Active.Import.Register', unit: 'Wh', context: 'Sample.Periodic' }, { value: String(power), measurand: 'Power.Active.Import', unit: 'W', context: 'Sample.Periodic' }] }] });

/** [seconds ago, point, direction, action, request, answer, latency, exchanges, error] */
const said = [
    [930, 'COURT-4', 'sent', 'BootNotification', { chargePointVendor: 'EVracing', chargePointModel: 'EVSE DIN', firmwareVersion: 'busbar 0.1.0' }, { status: 'Accepted', currentTime: ago(930), interval: 300 }, 84],
    [928, 'COURT-4', 'sent', 'StatusNotification', { connectorId: 1, status: 'Faulted', errorCode: 'OtherError', vendorErrorCode: 'COMM_LOST', info: 'no answer for 42 s' }, {}, 51],
    [600, 'GARAGE-1', 'sent', 'Heartbeat', {}, { currentTime: ago(600) }, 44],
    [420, 'COURT-3', 'sent', 'Authorize', { idTag: 'AB…7F' }, { idTagInfo: { status: 'Invalid' } }, 120],
    [300, 'GARAGE-1', 'sent', 'MeterValues', sampled(2_118_900, 4140), {}, 48],
    [240, 'COURT-3', 'received', 'RemoteStartTransaction', { connectorId: 1, idTag: 'EV…01' }, { status: 'Rejected' }, 3],
    [150, 'GARAGE-1', 'received', 'SetChargingProfile', profileOf(16), { status: 'Accepted' }, 5, [901, 902]],
    [149, 'GARAGE-1', 'sent', 'StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError' }, {}, 47],
    [130, 'GARAGE-2', 'received', 'ChangeConfiguration', { key: 'AuthorizationKey', value: '•••' }, { status: 'Accepted' }, 4],
    [118, 'GARAGE-2', 'received', 'GetCompositeSchedule', { connectorId: 1, duration: 86400, chargingRateUnit: 'W' }, null, 2, [], { code: 'PropertyConstraintViolation', description: 'duration is too long' }],
    [90, 'GARAGE-2', 'received', 'TriggerMessage', { requestedMessage: 'MeterValues', connectorId: 1 }, { status: 'Accepted' }, 3],
    [89, 'GARAGE-2', 'sent', 'MeterValues', { ...sampled(921_850, 4), transactionId: 4705 }, {}, 52],
    [60, 'GARAGE-1', 'sent', 'MeterValues', sampled(2_121_200, 10_960), {}, 46],
    [6, 'COURT-4', 'sent', 'MeterValues', { ...sampled(101_200, 0), transactionId: 4709 }, undefined, null],
];

export const messages = () => said.map(([at, charge_point, direction, action, request, answer, latency_ms, exchanges = [], error], i) => ({
    n: i + 1, charge_point, t: ago(at), direction, id: `m${1000 + i}`, action, request, answer: answer ?? null,
    answered: error ? 'error' : answer === undefined ? 'no' : 'result', ...(error ? { error } : {}), latency_ms, size: JSON.stringify(request).length + JSON.stringify(answer ?? null).length,
    sentence: { code: 'plain', params: {} }, exchanges,
}));

const hex = (...words) => words.map((word) => word.toString(16).toUpperCase().padStart(4, '0')).join(' ');
const reads = {
    1: { point: 'GARAGE-1', table: 'input', address: 4, count: 16, words: hex(0x0108, 7, 159, 160, 158, 412, 231, 230, 229, 0, 10_980), registers: [{ name: 'state', value: 7 }, { name: 'current_l1', value: 15.9 }, { name: 'current_l2', value: 16 }, { name: 'current_l3', value: 15.8 }, { name: 'power', value: 10_980 }] },
    2: { point: 'GARAGE-2', table: 'holding', address: 0x4008, count: 8, words: hex(0, 4, 0, 0, 0, 0, 0, 4), registers: [{ name: 'charging_state', value: 4 }, { name: 'power', value: 4 }] },
    4: { point: 'COURT-4', table: 'holding', address: 1000, count: 7, words: null, registers: [] },
};

function exchange(n, at, unit, took, more = {}) {
    const { point, ...rest } = reads[unit];
    const ended = Date.now() - at;
    return { n, bus: 'rs485-1', began: new Date(ended - took).toISOString(), ended: new Date(ended).toISOString(), duration_ms: took, unit_id: unit, charge_point: point, kind: 'read', error: null, text: '', cause: '', ...rest, ...more };
}

/** A minute of a bus at 19200 baud: units 1 and 2 each second, unit 4 silent or garbled, one written limit. */
export function exchanges() {
    const list = [];
    for (let second = 60; second >= 0; second--) {
        const at = second * 1000;
        const n = 1000 + (60 - second) * 3;
        list.push(exchange(n, at + 800, 1, 28 + (second % 5)));
        list.push(exchange(n + 1, at + 640, 2, second === 33 ? 31 : 34 + (second % 7), second === 33 ? { error: 'exception 2: illegal data address', words: null, registers: [] } : {}));
        if (second % 4 === 0) list.push(exchange(n + 2, at, 4, 500, { error: 'timeout', text: 'no answer within 500 ms' }));
        else if (second % 4 === 2) list.push(exchange(n + 2, at + 300, 4, 60, { error: 'crc', words: hex(0x0403, 0x0e00, 0x06ff) }));
    }
    const write = { kind: 'write', table: 'holding', address: 261, count: 1, words: hex(160), registers: [{ name: 'current_limit', value: 16 }], cause: 'm1006' };
    list.push(exchange(901, 20_480, 1, 26, write), exchange(902, 20_420, 1, 27, { ...write, kind: 'read' }));
    return list.sort((a, b) => a.ended.localeCompare(b.ended));
}

const line = (n, at, level, event, text, fields = {}) => ({ n, t: ago(at), level, event, text, fields });
export const logs = () => [
    line(1, 90_000, 'info', 'started', 'Busbar 0.1.0 runs with 4 chargers', { version: '0.1.0' }),
    line(2, 18_000, 'warning', 'uplink_switched', 'WiFi: LAN has no carrier', { to: 'wifi' }),
    line(3, 14_400, 'warning', 'charger_lost', 'COURT-4 does not answer', { charge_point: 'COURT-4', bus: 'rs485-1' }),
    line(4, 14_390, 'info', 'link_connected', 'COURT-4 is connected', { charge_point: 'COURT-4' }),
    line(5, 600, 'error', 'bus_garbled', 'unit 4 answered with a wrong checksum 20 times in a minute', { bus: 'rs485-1', unit: '4' }),
    line(6, 150, 'info', 'limit_applied', 'GARAGE-1 obeys 16 A', { charge_point: 'GARAGE-1' }),
    line(7, 20, 'debug', 'probe', 'gsm passed in 148 ms', { uplink: 'gsm' }),
];

const step = (name, outcome, code, params = {}, more = {}) => ({ step: name, outcome, code, params, ...more });
export const doctorSteps = [
    step('uplink', 'pass', 'uplink_active', { uplink: 'wifi' }),
    step('clock', 'pass', 'clock_confirmed', { source: 'ntp' }),
    step('dns', 'pass', 'dns_found', { host: 'csms.example' }),
    step('tcp', 'pass', 'tcp_connected', { address: '203.0.113.20', port: 443, ms: 24 }),
    step('tls', 'pass', 'tls_agreed', { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }),
    step('certificate', 'warn', 'certificate_ends_soon', { subject: 'csms.example', issuer: 'Example CA R3', not_after: ahead(12 * 86_400), days_left: 12 }),
    step('upgrade', 'pass', 'live_session', { since: ago(4 * 3600), uplink: 'wifi' }),
    step('subprotocol', 'pass', 'subprotocol_ocpp16'),
    step('boot', 'pass', 'boot_accepted'),
];
