// SPDX-License-Identifier: Apache-2.0
// What takes time: scans, trials, the connection doctor, the checklist, the bundle.
import { ago, status } from './world.mjs';
import { doctorSteps, exchanges, logs, messages } from './trace.mjs';

const model = (profile, vendor, name, kind = 'charger') => ({ profile, vendor, model: name, kind });
export const profiles = [
    ['heidelberg-energy-control', 'Heidelberg', 'Energy Control', 'modbus', ['rtu'], { unit_id: 1, baud: 19_200, parity: 'even', stop_bits: 1 }, 'stops'],
    ['abb-terra-ac', 'ABB', 'Terra AC', 'modbus', ['rtu', 'tcp'], { unit_id: 1, baud: 9600, parity: 'even', stop_bits: 1 }, 'keeps_limit'],
    ['keba-p30', 'KEBA', 'KeContact P30', 'modbus', ['tcp'], { unit_id: 255, port: 502 }, 'failsafe'],
    ['evse-din', 'EVracing', 'EVSE DIN', 'modbus', ['rtu'], { unit_id: 1, baud: 9600, parity: 'none', stop_bits: 1 }, 'keeps_limit'],
    ['abl-evcc2', 'ABL', 'EVCC2/3', 'abl', ['ascii', 'serial'], { unit_id: 1, baud: 38_400, parity: 'even', stop_bits: 1 }, 'full_power'],
].map(([id, vendor, name, protocol, bus_kinds, defaults, fallback]) => ({
    id, vendor, model: name, kind: 'charger', origin: 'shipped', source: `${vendor} register table`, confidence: 'documented', protocol, bus_kinds, defaults,
    phases: 3, connectors: 1, min_current_a: 6, max_current_a: 16, has_meter: true, card_reader: false, unlock: false, when_gateway_dies: { fallback, text: '' },
}));

export const ports = () => [
    { device: '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0', path: '/dev/ttyUSB0', names: [], kind: 'usb', label: 'FTDI FT232R USB UART', in_use_by: 'rs485-1', accessible: true },
    { device: '/dev/ttyS1', path: '/dev/ttyS1', names: [], kind: 'onboard', label: 'RS485, terminals A1 B1', in_use_by: null, accessible: true },
];

const setting = { kind: 'rtu', device: '/dev/ttyS1', baud: 19_200, parity: 'even', stop_bits: 1 };
const other = { kind: 'rtu', device: '/dev/ttyS1', baud: 9600, parity: 'none', stop_bits: 1 };
const hit = (unit_id, models, could_be = []) => ({ unit_id, setting, setting_text: '19200 8E1', answer: 'input register 4', models, could_be, any_unit_id: false, also_at: [] });
const counted = (one, text, rest) => ({ setting: one, setting_text: text, asked: 40, answered: 0, silent: 40, garbled: 0, hung_up: 0, garbled_units: [], ...rest });
const phases = ['listening', 'known_models', 'units', 'units', 'ended'];
const scans = new Map();

export function startScan(bus) {
    scans.set(bus, { began: Date.now(), stopped: null });
    return scanOf(bus);
}
export function stopScan(bus) {
    const scan = scans.get(bus);
    if (scan) scan.stopped ??= Date.now();
    return scanOf(bus);
}
/** A scan of eight seconds: two chargers, a meter, and something garbled on unit 4. */
export function scanOf(bus) {
    const scan = scans.get(bus);
    if (!scan) return null;
    const done = Math.min(1, ((scan.stopped ?? Date.now()) - scan.began) / 8000);
    const found = [hit(1, [model('heidelberg-energy-control', 'Heidelberg', 'Energy Control')]), hit(7, [], [model('abb-terra-ac', 'ABB', 'Terra AC'), model('evse-din', 'EVracing', 'EVSE DIN')]), hit(101, [model('eastron-sdm630', 'Eastron', 'SDM630', 'meter')])];
    const over = done >= 1 || scan.stopped !== null;
    return {
        bus, state: scan.stopped ? 'stopped' : over ? 'complete' : 'running', phase: over ? 'ended' : phases[Math.floor(done * 4)], progress: done, seconds_left: Math.ceil(8 * (1 - done)),
        doing: over ? '' : `asks unit ${Math.round(done * 247)} at 19200 8E1`, heard: { bytes: 0, text: 'silence' }, found: found.slice(0, Math.floor(done * 3.4)),
        settings: done < 0.4 ? [] : [counted(setting, '19200 8E1', { answered: 3, silent: 34, garbled: 3, garbled_units: [4] }), counted(other, '9600 8N1', {})],
        advice: done < 0.6 ? [] : ['Unit 4 answers with a wrong checksum at 19200 8E1: look for a missing terminating resistor, or two devices with the same unit id.'],
    };
}

const register = (name, address, words, value) => ({ connector: 1, name, unit_id: 1, table: 'input', address, count: 1, words, value, why: '' });
export const trial = (profile, unit_id) => ({
    profile, unit_id, answers: true,
    registers: [register('state', 5, '0007', 7), register('current_l1', 6, '009F', 15.9), register('voltage_l1', 10, '00E7', 231), { ...register('temperature', 9, null, null), why: 'exception 2: illegal data address' }],
    connectors: [], reading: { state: 'C', power_w: 10_980, current_a: [15.9, 16, 15.8], voltage_v: [231, 230, 229], energy_import_wh: 2_121_440 },
    identity: { serial: 'HD-2021-04417', firmware: '1.0.8' }, exchanges: [],
});

const automatic = ['identity', 'accepted', 'meter_rises', 'limit_6', 'limit_16', 'pause', 'resume', 'offline_start'];
const manual = ['protective_devices', 'labels', 'cable_routing', 'handover'];
const checklists = new Map();
export function checklistOf(charger) {
    if (!checklists.has(charger)) {
        const item = (kind, state) => (name) => ({ item: name, kind, state, at: state === 'passed' ? ago(86_400) : null, note: '', code: state === 'passed' ? 'answers' : 'not_tried', params: {} });
        checklists.set(charger, { charger, complete: false, items: [...automatic.slice(0, 3).map(item('automatic', 'passed')), ...automatic.slice(3).map(item('automatic', 'open')), ...manual.map(item('manual', 'open'))] });
    }
    return checklists.get(charger);
}
export function tick(charger, name, change) {
    const list = checklistOf(charger);
    const item = list.items.find((one) => one.item === name);
    if (!item) return null;
    Object.assign(item, change, { at: ago(0) });
    list.complete = list.items.every((one) => ['passed', 'not_applicable'].includes(one.state));
    return list;
}

const jobs = new Map();
let lastJob = 0;
export function startJob(kind, subject, hear) {
    const job = { id: String(++lastJob), kind, subject, state: 'running', progress: 0, started_at: ago(0), ended_at: null, result: null, file: null };
    jobs.set(job.id, job);
    const steps = kind === 'support-bundle' ? 4 : kind === 'checklist' ? 5 : doctorSteps.length;
    let done = 0;
    const timer = setInterval(() => {
        if (job.state !== 'running') return clearInterval(timer);
        job.progress = ++done / steps;
        if (kind === 'connection-test') job.result = { url_host: 'csms.example:443', charge_point: subject, passed: done < steps ? null : true, steps: doctorSteps.slice(0, done) };
        if (kind === 'checklist') job.result = tick(subject, automatic[2 + done], { state: 'passed' });
        if (done === steps) Object.assign(job, { state: 'done', ended_at: ago(0), file: kind === 'support-bundle' ? 'busbar-support.json' : null });
        hear(job);
    }, 450);
    return job;
}
export const jobList = () => [...jobs.values()].reverse();
export const jobOf = (id) => jobs.get(id) ?? null;
export function cancelJob(id) {
    const job = jobs.get(id);
    if (job?.state === 'running') Object.assign(job, { state: 'cancelled', ended_at: ago(0) });
    return job ?? null;
}
export const bundle = () => ({ about: {}, status: status(), configuration: {}, trace: { messages: messages(), exchanges: exchanges() }, logs: logs() });
