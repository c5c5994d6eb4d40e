// SPDX-License-Identifier: Apache-2.0
// The table of routes: method, path, least role, answer. A thrown `refuse` becomes a problem document.
import * as box from './box.mjs';
import * as field from './field.mjs';
import * as trace from './trace.mjs';
import * as update from './update.mjs';
import * as world from './world.mjs';

export function refuse(status, code, params) {
    throw Object.assign(new Error(code), { problem: { type: 'about:blank', title: code, status, code, detail: code, ...(params ? { params } : {}) } });
}
const must = (value, code) => value ?? refuse(404, code);
const noScan = (bus) => ({ bus, state: 'none' });
const pointOf = ({ params }) => must(world.world.points.find((one) => one.id === params[0]), 'no_charger');
const page = (list, name, after) => ({ [name]: list.filter((one) => one.n > after), last: list.at(-1)?.n ?? 0 });
const after = ({ query }) => Number(query.get('after') ?? 0);
const answer = (body, rest = {}) => ({ body, ...rest });
const jsonl = (list) => ({ text: list.map((one) => JSON.stringify(one)).join('\n') + '\n', type: 'application/jsonl' });
const list = (all, name) => (ask) => (ask.query.get('format') === 'jsonl' ? jsonl(all()) : answer(page(all(), name, after(ask))));

function sessionsCsv(point) {
    const rows = world.sessions(point).map((one) => [one.started_at, one.ended_at ?? '', one.energy_wh, one.reason ?? ''].join(','));
    return { text: ['started_at,ended_at,energy_wh,reason', ...rows].join('\r\n') + '\r\n', type: 'text/csv' };
}
function changeConfiguration({ body, query, headers }) {
    const dryRun = query.get('dry_run') === '1';
    if (!dryRun && !headers['if-match']) refuse(428, 'if_match_required');
    if (!dryRun && headers['if-match'] !== box.etag()) refuse(412, 'etag_mismatch');
    return answer(box.put(body, dryRun), { etag: box.etag() });
}
function putSetup({ body, query, headers }) {
    if (query.get('dry_run') === '1') return answer(box.put(body.draft?.configuration ?? box.box.configuration, true));
    if (!headers['if-match']) refuse(428, 'if_match_required');
    if (headers['if-match'] !== box.setupTag()) refuse(412, 'etag_mismatch');
    return answer(box.putSetup(body), { etag: box.setupTag() });
}
function changePassword({ body, user }) {
    if (body.old !== box.password) refuse(401, 'wrong_credentials');
    if (body.new.length < 10) refuse(422, 'weak_password');
    box.users.find((one) => one.name === user.user).password_change_required = false;
    return { status: 204 };
}
function dropUser({ params }) {
    const at = box.users.findIndex((one) => one.name === params[0]);
    if (at < 0) refuse(404, 'no_user');
    if (box.users.filter((one) => one.role === 'operator').length === 1 && box.users[at].role === 'operator') refuse(409, 'last_manager');
    box.users.splice(at, 1);
    return { status: 204 };
}
function addUser({ body }) {
    if (box.users.some((one) => one.name === body.name)) refuse(409, 'user_exists');
    const user = { name: body.name, role: body.role, password_change_required: true, expires_at: body.expires_at ?? null };
    box.users.push(user);
    return answer({ ...user, ...(body.password ? {} : { password: 'maple-otter-42-violet' }) }, { status: 201 });
}
const job = (kind, subject) => ({ hear, ...ask }) => {
    const started = field.startJob(kind, subject(ask), (one) => hear('jobs', one));
    return answer(started, { status: 202, location: `/api/v1/jobs/${started.id}` });
};
const layers = (passed) => ['interface', 'link', 'address', 'dns', 'tcp', 'tls'].map((layer, i) => ({ layer, passed: passed || i < 1, detail: passed || i < 1 ? 'good' : 'no carrier: check the cable' })).slice(0, passed ? 6 : 2);

let lineSearched = 'line';

export const routes = [
    ['GET', '/status', 'viewer', () => answer({ ...world.status(), support_until: box.support().until })],
    ['GET', '/session', 'viewer', ({ user }) => answer(user)],
    ['POST', '/session/password', 'viewer', changePassword],
    ['GET', '/sessions', 'owner', ({ cookie }) => answer({ sessions: box.sessionList(cookie) })],
    ['DELETE', '/sessions/:', 'owner', () => ({ status: 204 })],
    ['GET', '/users', 'owner', () => answer({ users: box.users })],
    ['POST', '/users', 'owner', addUser],
    ['DELETE', '/users/:', 'owner', dropUser],
    ['GET', '/tokens', 'owner', () => answer({ tokens: box.tokens })],
    ['GET', '/certificates', 'viewer', () => answer({ charge_points: box.linkCertificates() })],
    ['GET', '/certificate', 'viewer', () => answer(box.box.certificate)],
    ['GET', '/security-log', 'owner', (ask) => answer(page(box.securityLog(), 'entries', after(ask)))],
    ['GET', '/configuration', 'installer', () => answer(box.box.configuration, { etag: box.etag() })],
    ['PUT', '/configuration', 'installer', changeConfiguration],
    ['GET', '/configuration/schema', 'viewer', () => answer({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { central_system: {}, buses: {}, chargers: {}, charging: {} } })],
    ['GET', '/setup', 'installer', () => answer(box.box.setup, { etag: box.setupTag() })],
    ['PUT', '/setup', 'installer', (request) => putSetup(request)],
    ['GET', '/backup', 'installer', () => answer({ format: 'busbar-backup-1', version: '0.1.0', created_at: world.ago(0), configuration: box.box.configuration, profiles: [] })],
    ['POST', '/restore', 'installer', ({ body, query }) => (body.format === 'busbar-backup-1' ? answer(box.put(body.configuration, query.get('dry_run') === '1')) : refuse(422, 'backup_invalid'))],
    ['GET', '/profiles', 'viewer', () => answer({ profiles: field.profiles })],
    ['GET', '/ports', 'installer', () => answer({ ports: field.ports() })],
    ['POST', '/buses/:/scan', 'installer', ({ params }) => answer(field.startScan(params[0]), { status: 202 })],
    ['GET', '/buses/:/scan', 'viewer', ({ params }) => answer(field.scanOf(params[0]) ?? noScan(params[0]))],
    ['DELETE', '/buses/:/scan', 'installer', ({ params }) => answer(field.stopScan(params[0]) ?? noScan(params[0]))],
    ['GET', '/scan', 'installer', () => answer(field.scanOf(lineSearched) ?? noScan(''))],
    ['POST', '/scan', 'installer', ({ body }) => answer(field.startScan((lineSearched = body.bus?.id ?? 'line')), { status: 202 })],
    ['POST', '/try', 'installer', ({ body }) => answer(field.trial(body.profile ?? 'keba-p30', body.unit_id ?? 1))],
    ['DELETE', '/scan', 'installer', () => answer(field.stopScan(lineSearched) ?? noScan(''))],
    ['POST', '/buses/:/try', 'installer', ({ body }) => answer(field.trial(typeof body.profile === 'string' ? body.profile : body.profile.id, body.unit_id ?? 1))],
    ['POST', '/chargers/:/actions/pause', 'owner', (ask) => answer(world.setLocal(pointOf(ask), { paused: true }))],
    ['POST', '/chargers/:/actions/resume', 'owner', (ask) => answer(world.setLocal(pointOf(ask), { paused: false }))],
    ['POST', '/chargers/:/actions/limit', 'owner', (ask) => answer(world.setLocal(pointOf(ask), { limit_a: ask.body.limit_a }))],
    ['POST', '/chargers/:/actions/charge-now', 'owner', (ask) => (pointOf(ask).connectors[0].transaction ? answer(world.setLocal(pointOf(ask), {})) : refuse(409, 'no_transaction'))],
    ['POST', '/chargers/:/actions/unlock', 'installer', (ask) => (pointOf(ask).connectors[0].transaction ? refuse(409, 'in_transaction') : { status: 204 })],
    ['POST', '/chargers/:/actions/reset', 'installer', (ask) => (pointOf(ask), { status: 202, body: {} })],
    ['GET', '/chargers/:/sessions', 'owner', (ask) => answer({ sessions: world.sessions(pointOf(ask)), energy_wh: world.sessions(pointOf(ask)).reduce((sum, one) => sum + one.energy_wh, 0), more: false })],
    ['GET', '/chargers/:/sessions.csv', 'owner', (ask) => sessionsCsv(pointOf(ask))],
    ['GET', '/chargers/:/history', 'viewer', (ask) => answer(world.history(pointOf(ask)))],
    ['GET', '/chargers/:/schedule', 'viewer', (ask) => answer(world.schedule(pointOf(ask)))],
    ['GET', '/chargers/:/checklist', 'installer', (ask) => answer(field.checklistOf(pointOf(ask).id))],
    ['POST', '/chargers/:/checklist', 'installer', job('checklist', ({ params }) => params[0])],
    ['PUT', '/chargers/:/checklist/:', 'installer', ({ params, body }) => answer(must(field.tick(params[0], params[1], body), 'no_item'))],
    ['POST', '/diagnostics/connection', 'owner', job('connection-test', ({ body }) => body.charge_point ?? null)],
    ['POST', '/support-bundle', 'owner', job('support-bundle', () => null)],
    ['GET', '/jobs', 'owner', () => answer({ jobs: field.jobList() })],
    ['GET', '/jobs/:', 'owner', ({ params }) => answer(must(field.jobOf(params[0]), 'no_job'))],
    ['DELETE', '/jobs/:', 'owner', ({ params }) => answer(must(field.cancelJob(params[0]), 'no_job'))],
    ['GET', '/jobs/:/file', 'owner', () => answer(field.bundle(), { file: 'busbar-support.json' })],
    ['GET', '/trace/ocpp', 'installer', list(trace.messages, 'messages')],
    ['GET', '/trace/bus', 'installer', (ask) => (ask.query.get('format') === 'jsonl' ? jsonl(trace.exchanges()) : answer({ ...page(trace.exchanges(), 'exchanges', after(ask)), load: { 'rs485-1': 0.253, 'lan-1': 0.012 } }))],
    ['GET', '/logs', 'installer', list(trace.logs, 'lines')],
    ['GET', '/update', 'viewer', () => answer(update.update())],
    ['DELETE', '/update', 'owner', () => answer(update.cancel())],
    ['PUT', '/update/bundle', 'owner', ({ bytes }) => answer(update.take(bytes) ?? refuse(422, 'bad_bundle'), { status: 201 })],
    ['POST', '/update/install', 'owner', ({ body }) => answer(update.install(body) ?? refuse(409, 'no_bundle'), { status: 202 })],
    ['POST', '/update/postpone', 'owner', ({ body }) => answer(update.postpone(body.hours) ?? refuse(409, 'no_plan'))],
    ['GET', '/support', 'owner', () => answer(box.support())],
    ['POST', '/factory-reset', 'operator', ({ body }) => (body.password === box.password ? answer({}, { status: 202 }) : refuse(401, 'wrong_credentials'))],
    ['POST', '/support', 'owner', ({ body }) => answer(box.letIn(body.minutes))],
    ['DELETE', '/support', 'owner', () => answer(box.letIn(0))],
    ['GET', '/label', 'installer', () => answer({ name: 'Busbar', address: 'https://busbar.local', setup_password: null, access_point: null })],
    ['GET', '/label.svg', 'installer', () => ({ text: box.label, type: 'image/svg+xml' })],
    ['GET', '/about', 'viewer', () => answer(box.about)],
    ['GET', '/uplinks', 'viewer', () => answer(world.uplinks)],
    ['POST', '/uplinks/prefer', 'installer', ({ body }) => answer(Object.assign(world.uplinks, { preferred: body.id }))],
    ['POST', '/uplinks/:/test', 'installer', ({ params }) => answer({ id: params[0], passed: params[0] !== 'lan', layers: layers(params[0] !== 'lan'), intercepted: false, portal: null })],
    ['GET', '/network', 'installer', () => answer(box.box.network)],
    ['GET', '/network/:/wifi', 'installer', () => answer(box.inReach)],
    ['POST', '/network/:/wifi', 'installer', () => answer({})],
    ['POST', '/network/:/address', 'installer', ({ params, body }) => answer(box.changeAddress(params[0], body))],
    ['POST', '/network/confirm', 'installer', () => answer(((box.box.network.unconfirmed = null), {}))],
].map(([method, path, role, handle]) => ({ method, role, handle, pattern: new RegExp(`^${path.replaceAll(':', '([^/]+)').replaceAll('.', '\\.')}$`) }));
