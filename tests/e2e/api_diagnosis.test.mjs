// SPDX-License-Identifier: Apache-2.0
// Support without a visit: the connection test, the paired trace, logs and the bundle, and what none of them shows.

import assert from 'node:assert/strict';

import { ask, get, job } from './lib/api.mjs';
import { charge, limitTo } from './lib/charging.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const said = (done) => done.result.steps.map(({ step, outcome, code }) => `${step} ${outcome} ${code}`);
const test = (daemon, charge_point) => job(daemon, '/diagnostics/connection', charge_point && { charge_point }, 60_000);

scenario('the connection test passes every step beside a session that does not notice', {}, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    const done = await test(daemon, 'CP1');
    assert.equal(done.result.passed, true, JSON.stringify(done.result));
    assert.deepEqual(done.result.steps.map(({ step }) => step), ['uplink', 'clock', 'dns', 'tcp', 'tls', 'certificate', 'upgrade', 'subprotocol', 'boot']);
    const { params } = done.result.steps.find(({ step }) => step === 'tls');
    assert.match(params.version, /^TLSv1\.[23]$/);
    assert.equal(done.result.steps.at(-1).code, 'boot_accepted');
    assert.equal(central.upgrades.length, 1, 'one connection, as before');
    assert.equal(central.select('BootNotification').length, 1);
    assert.equal((await test(daemon)).result.steps.length, 6, 'without a charge point it ends after TLS');
    assert.equal((await ask(daemon, 'POST', '/diagnostics/connection', { charge_point: 'CP9' })).body.code, 'no_charger');
});

bench('the connection test names a wrong password, an unknown authority and a port where nobody listens', async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: 'another-password-9' } });
    const configuration = (system) => ({ central_system: system, buses: [serialBus(sim)], chargers: [charger('CP1')] });
    const daemon = made.daemon(configuration(centralSystem(central, authority)));
    daemon.start();
    await until('the refusal', () => daemon.events('link_failed', 'cause=http_401').length > 0);
    const refused = await test(daemon, 'CP1');
    assert.equal(said(refused).at(-1), 'upgrade fail http_401');
    assert.match(refused.result.steps.at(-1).cure, /./);

    const reloaded = async (system) => {
        const before = daemon.events('reloaded').length;
        daemon.configure(configuration(system));
        daemon.program.child.kill('SIGHUP');
        await until('the reload', () => daemon.events('reloaded').length > before);
    };
    await reloaded(centralSystem(central, made.authority('stranger')));
    assert.equal(said(await test(daemon, 'CP1')).at(-1), 'certificate fail certificate_unknown_ca');
    await reloaded({ ...centralSystem(central, authority), url: 'wss://localhost:1/ocpp' });
    assert.equal(said(await test(daemon, 'CP1')).at(-1), 'tcp fail tcp_refused');
});

scenario('a message is shown with its answer, its words and the writes it caused, and no card number', { speed: 20 }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await central.call('CP1', 'SetChargingProfile', limitTo(9, { transactionId }));
    await sim.limit(9);
    const caused = await until('the message with its write', async () => {
        const { messages } = await get(daemon, '/trace/ocpp?charge_point=CP1');
        return messages.find(({ action, exchanges }) => action === 'SetChargingProfile' && exchanges.length > 0);
    });
    assert.equal(caused.direction, 'received');
    assert.equal(caused.answer.status, 'Accepted');
    assert.equal(caused.sentence.code, 'set_charging_profile');
    assert.equal(caused.sentence.params.limit, 9);
    const { exchanges, load } = await get(daemon, '/trace/bus?bus=line');
    const write = exchanges.find(({ n }) => n === caused.exchanges[0]);
    assert.equal(write.kind, 'write');
    assert.equal(write.charge_point, 'CP1');
    assert.equal(write.cause, caused.id);
    assert.ok(write.registers.some(({ value }) => value === 9), JSON.stringify(write));
    assert.ok(load.line > 0 && load.line <= 1);

    const file = await ask(daemon, 'GET', '/trace/ocpp?format=jsonl');
    assert.match(file.headers['content-disposition'], /attachment/);
    const lines = file.text.trim().split('\n').map((line) => JSON.parse(line));
    const started = lines.find(({ action }) => action === 'StartTransaction');
    assert.equal(started.request.idTag, 'F…', 'masked');
    assert.ok(!file.text.includes('FREE01'));
});

scenario('the bundle has what support asks for, and neither password nor card', {}, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    const done = await job(daemon, '/support-bundle');
    const file = await ask(daemon, 'GET', `/jobs/${done.id}/file`);
    for (const part of ['about', 'status', 'configuration', 'ocpp', 'buses', 'logs']) assert.ok(file.body[part], part);
    assert.equal(file.body.status.charge_points[0].id, 'CP1');
    for (const secret of [password, 'FREE01']) assert.ok(!file.text.includes(secret), secret);
    const { lines, last } = await get(daemon, '/logs?level=info');
    assert.ok(lines.some(({ event }) => event === 'started'));
    assert.ok(lines.every(({ level }) => level !== 'debug'));
    assert.ok((await get(daemon, `/logs?after=${last}`)).lines.every(({ n }) => n > last));
    assert.equal((await get(daemon, '/about')).product, 'Busbar');
});
