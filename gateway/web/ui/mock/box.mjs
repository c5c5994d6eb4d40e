// SPDX-License-Identifier: Apache-2.0
// The gateway as a machine: accounts, configuration and setup, network, certificate, security log.
import { randomBytes } from 'node:crypto';
import { ago, ahead } from './world.mjs';

export const ranks = ['viewer', 'owner', 'installer', 'operator'];
export const password = 'mock-password';

const account = (name, role, rest = {}) => ({ name, role, password_change_required: false, expires_at: null, ...rest });
export const users = [account('viewer', 'viewer'), account('owner', 'owner'), account('installer', 'installer', { expires_at: ahead(20 * 3600) }), account('operator', 'operator'), account('fresh', 'operator', { password_change_required: true })];
export const tokens = [{ id: 't1', name: 'energy monitor', role: 'viewer', expires_at: null, used_at: ago(40) }];
const sessions = new Map();

export function login(body) {
    const user = users.find((one) => one.name === body.user);
    if (!user || body.password !== password) return null;
    const id = randomBytes(16).toString('hex');
    sessions.set(id, { id: id.slice(0, 8), user: user.name, role: user.role, from: '192.168.1.77', began_at: ago(0), seen_at: ago(0) });
    return { id, session: sessionOf(id) };
}
export function sessionOf(id) {
    const session = sessions.get(id);
    const user = session && users.find((one) => one.name === session.user);
    return user ? { user: user.name, role: user.role, expires_at: ahead(12 * 3600), password_change_required: user.password_change_required } : null;
}
export const logout = (id) => sessions.delete(id);
export const sessionList = (own) => [...sessions].map(([id, one]) => ({ ...one, own: id === own }));

const bus = { id: 'rs485-1', kind: 'rtu', device: '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0', baud: 19_200, parity: 'even', stop_bits: 1 };
const charger = (id, unit_id, profile, rest = {}) => ({ id, bus: 'rs485-1', unit_id, profile, password: null, phases: 3, voltage_v: 230, max_current_a: 16, authorization: { mode: 'free', id_tag: 'EVENERGY01' }, ...rest });
export const box = {
    version: 1,
    configuration: {
        central_system: { url: 'wss://csms.example/ocpp' },
        buses: [bus, { id: 'lan-1', kind: 'tcp', host: '192.168.1.40', port: 502 }],
        chargers: [charger('GARAGE-1', 1, 'heidelberg-energy-control'), charger('GARAGE-2', 2, 'abb-terra-ac', { max_current_a: 32 }), charger('COURT-3', 255, 'keba-p30', { bus: 'lan-1', max_current_a: 32 }), charger('COURT-4', 4, 'evse-din')],
        charging: { random_delay_s: 0, off_peak: [] },
        uplinks: [{ id: 'lan', interface: 'eth0', kind: 'ethernet' }, { id: 'wifi', interface: 'wlan0', kind: 'wifi', priority: 2 }, { id: 'gsm', interface: 'wwan0', kind: 'gsm', priority: 3, metered: true, monthly_budget_mb: 500, apn: 'internet.example', pin: null, dns: ['10.64.0.1', '10.64.0.2'] }],
    },
    setup: { complete: true, draft: null, updated_at: null, writable: true },
    network: {
        managed: true,
        interfaces: [
            { interface: 'eth0', kind: 'ethernet', state: 'no_link', addresses: [], hindrance: 'the cable is out' },
            { interface: 'wlan0', kind: 'wifi', state: 'up', addresses: ['192.168.1.23'] },
            { interface: 'wwan0', kind: 'gsm', state: 'up', addresses: ['10.64.12.8'] },
        ],
        unconfirmed: null,
    },
    certificate: { subject: 'busbar.local', issuer: 'busbar.local', names: ['busbar.local', '192.168.1.23'], not_before: ago(86_400 * 40), not_after: ahead(86_400 * 325), sha256: '3F:A9:12:7C:E0:4B:88:D1:56:0E:93:AF:7B:22:C4:19:5D:E8:61:0A:BB:34:F7:90:2C:6E:D5:83:47:19:AA:0C', self_signed: true },
};
const print = (text) => text.repeat(16).match(/../g).join(':').slice(0, 95);
const linkCertificate = (subject, issuer, days, text) => ({ subject, issuer, not_before: ago(86_400 * 40), not_after: ahead(86_400 * days), serial: '4A17', fingerprint_sha256: print(text) });
const fleetRoot = linkCertificate('CN=CSMS Root,O=Volt & Co', 'CN=CSMS Root,O=Volt & Co', 3000, '3FA9');
export const linkCertificates = () => box.configuration.chargers.map(({ id }, i) => ({ id, client: i ? null : linkCertificate(`CN=${id},O=Volt & Co`, 'CN=CSMS Root,O=Volt & Co', 300, '7BC2'), next: null, roots: i ? [] : [fleetRoot], manufacturer_roots: [] }));
export const setupTag = () => `"${String(box.setup.updated_at).replace(/\W/g, '')}"`;
export const etag = () => `"${String(box.version).padStart(4, '0')}"`;

export function put(configuration, dryRun) {
    const changes = Object.keys({ ...box.configuration, ...configuration })
        .filter((key) => JSON.stringify(box.configuration[key]) !== JSON.stringify(configuration[key]))
        .map((key) => ({ op: 'replace', path: `/${key}`, from: box.configuration[key] ?? null, to: configuration[key] ?? null }));
    if (!dryRun) Object.assign(box, { configuration, version: box.version + 1 });
    return { dry_run: dryRun, changes, restarts: [], restarts_all: false, warnings: [] };
}

export function putSetup(body) {
    if (body.complete && body.draft?.configuration) put(body.draft.configuration, false);
    box.setup = { ...box.setup, complete: body.complete, draft: body.complete ? null : (body.draft ?? null), updated_at: ago(0) };
    return box.setup;
}

export const inReach = { networks: [{ ssid: 'Tiefgarage', strength: 72, frequency_mhz: 5180, secured: true, enterprise: false }, { ssid: 'Office', strength: 55, frequency_mhz: 2437, secured: true, enterprise: true }, { ssid: 'Guests', strength: 31, frequency_mhz: 2412, secured: false, enterprise: false }] };

export function changeAddress(name, { address, confirm_within_s }) {
    box.network.unconfirmed = { interface: name, address, seconds_left: confirm_within_s ?? 90 };
    return {};
}

const entry = (n, at, event, user, detail) => ({ n, t: ago(at), event, user, from: '192.168.1.77', detail });
export const securityLog = () => [entry(1, 90_000, 'login', 'installer', ''), entry(2, 86_000, 'configuration_changed', 'installer', '/chargers'), entry(3, 7200, 'login_failed', 'admin', 'no such user'), entry(4, 7190, 'login_failed', 'admin', 'no such user'), entry(5, 600, 'login', 'owner', '')];

export const about = { product: 'Busbar', version: '0.1.0', support_until: '2031-12-31', licence: 'Apache-2.0', vulnerability_contact: 'mailto:security@busbar.example', components: [{ name: 'libmodbus', licence: 'LGPL-2.1-or-later' }, { name: 'OpenSSL', licence: 'Apache-2.0' }, { name: 'SQLite', licence: 'public domain' }, { name: 'Svelte', licence: 'MIT' }, { name: 'uPlot', licence: 'MIT' }] };

let letInUntil = 0;
export const support = () => ({ configured: true, active: letInUntil > Date.now(), until: letInUntil > Date.now() ? new Date(letInUntil).toISOString() : null, host: 'support.example' });
export function letIn(minutes) {
    letInUntil = Date.now() + minutes * 60_000;
    return support();
}
export const label = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120" viewBox="0 0 320 120"><rect width="320" height="120" fill="#fff" stroke="#000"/><rect x="12" y="12" width="96" height="96"/><text x="124" y="44" font-family="sans-serif" font-size="22">Busbar</text><text x="124" y="76" font-family="sans-serif" font-size="14">https://busbar.local</text></svg>';
