// SPDX-License-Identifier: Apache-2.0
// GET /metrics: a strict reader takes every line, and only who may read them does.

import assert from 'node:assert/strict';
import http from 'node:http';

import { ask, installer } from './lib/browser.mjs';
import { charge } from './lib/charging.mjs';
import { parse, value } from './lib/exposition.mjs';
import { centralSystem, charger, serialBus } from './lib/daemon.mjs';
import { freePort } from './lib/free_port.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const open_metrics = 'application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5';

/// Over the control socket.
const local = (daemon, headers = {}) =>
    new Promise((resolve, reject) => {
        const request = http.request({ socketPath: daemon.socket, path: '/metrics', headers, agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => (text += part));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
        });
        request.on('error', reject).end();
    });

bench('off it is not there; on it opens to a token of the role metrics, which opens nothing else', async (made) => {
    const port = await freePort();
    const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, web: { listen: '127.0.0.1', https_port: port } };
    const daemon = made.daemon(idle);
    daemon.start();
    const boss = await installer(daemon, port);
    const { json: token } = await boss.api('POST', '/tokens', { name: 'prometheus', role: 'metrics' });
    assert.equal(token.role, 'metrics');
    const scrape = (more = {}) => ask(port, 'GET', '/metrics', { headers: { Authorization: `Bearer ${token.token}`, ...more } });
    assert.equal((await scrape()).json.code, 'metrics_off');
    assert.equal((await local(daemon)).status, 404);

    daemon.configure({ ...idle, web: { ...idle.web, metrics: true } });
    daemon.program.child.kill('SIGHUP');
    await until('the reload', () => daemon.events('reloaded').length === 1);
    const page = await until('the pages', () => scrape().then((answer) => answer.status === 200 && answer, () => false));
    assert.equal(page.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.equal((await ask(port, 'GET', '/metrics')).json.code, 'login_required');
    assert.equal((await ask(port, 'GET', '/metrics', { headers: { Cookie: boss.cookie, 'Sec-Fetch-Site': 'cross-site' } })).json.code, 'cross_site');
    assert.equal((await ask(port, 'GET', '/metrics', { headers: { Cookie: boss.cookie } })).status, 200);
    assert.equal((await ask(port, 'POST', '/metrics', { headers: { Authorization: `Bearer ${token.token}`, 'Content-Type': 'application/json' } })).status, 405);
    for (const path of ['/api/v1/status', '/api/v1/session', '/api/v1/events', '/api/v1/trace', '/api/v1/configuration']) {
        assert.equal((await ask(port, 'GET', path, { headers: { Authorization: `Bearer ${token.token}` } })).json.code, 'role_required', path);
    }
    assert.equal((await boss.api('POST', '/users', { name: 'eva', role: 'metrics' })).status, 422, 'it is for tokens');
    assert.equal(value(parse(page.text), 'busbar_web_sessions'), 1);
});

scenario('the figures are those of a car that charges, in both formats, and name nobody', { speed: 20, start: false }, async ({ sim, central, daemon, authority }) => {
    const port = await freePort();
    daemon.configure({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: [charger('CP1')], web: { listen: '127.0.0.1', https_port: port, metrics: true } });
    daemon.start();
    await charge({ sim, central });
    const { text } = await until('a page with power', async () => {
        const answer = await local(daemon);
        return value(parse(answer.text), 'busbar_connector_power_watts') > 1000 && answer;
    });
    const page = parse(text);
    const cp = { charge_point: 'CP1' };
    assert.equal(value(page, 'busbar_link_up', cp), 1);
    assert.equal(value(page, 'busbar_registered', cp), 1);
    assert.ok(value(page, 'busbar_link_state_age_seconds', cp) < 60);
    assert.equal(value(page, 'busbar_connector_status', { ...cp, status: 'Charging' }), 1);
    assert.equal(value(page, 'busbar_connector_status', { ...cp, status: 'Available' }), 0);
    assert.equal(value(page, 'busbar_connector_limit_amperes', cp), 16);
    assert.equal(value(page, 'busbar_connector_limited', { ...cp, reason: 'charger' }), 1);
    assert.ok(value(page, 'busbar_connector_energy_joules_total', cp) > 0);
    assert.ok(value(page, 'busbar_bus_exchanges_total', cp) > 10);
    assert.equal(value(page, 'busbar_bus_errors_total', { ...cp, kind: 'timeout' }), 0);
    assert.ok(value(page, 'busbar_bus_reply_seconds', { ...cp, quantile: '0.99' }) > 0);
    assert.equal(value(page, 'busbar_clock_trusted'), 1);
    assert.ok(value(page, 'busbar_process_resident_memory_bytes') > 1e6);
    assert.ok(Math.abs(value(page, 'busbar_process_start_time_seconds') - Date.now() / 1000) < 120);
    assert.doesNotMatch(text, /FREE01|wallbox-secret|127\.0\.0\.1/);

    const open = await local(daemon, { Accept: open_metrics });
    assert.match(open.headers['content-type'], /^application\/openmetrics-text; version=1\.0\.0/);
    const read = parse(open.text, { open: true });
    assert.equal(read.families.busbar_bus_errors, 'counter');
    assert.equal(read.families.busbar_build, 'info');
    assert.equal(value(read, 'busbar_connector_limit_amperes', cp), 16);
});
