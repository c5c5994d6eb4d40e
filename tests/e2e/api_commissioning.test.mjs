// SPDX-License-Identifier: Apache-2.0
// From an empty gateway to a charger that was proved, and what its owner sees of it later.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { ask, get, job } from './lib/api.mjs';
import { charge } from './lib/charging.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

bench('a setup is left, taken up again after a kill, and applied at the end; its backup is restored elsewhere', async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
    const empty = { central_system: centralSystem(central, authority) };
    const daemon = made.daemon(empty);
    daemon.config_file = join(daemon.state_dir, 'config.json');
    daemon.configure(empty);
    daemon.start();
    const setup = await until('the setup', () => get(daemon, '/setup').catch(() => undefined));
    assert.equal(setup.complete, false);
    assert.equal(setup.writable, true);

    const configuration = { ...empty, buses: [serialBus(sim)], chargers: [charger('CP1')] };
    const { headers } = await ask(daemon, 'GET', '/setup');
    const put = async (body, etag) => ask(daemon, 'PUT', '/setup', body, { 'If-Match': etag ?? (await ask(daemon, 'GET', '/setup')).headers.etag });
    assert.equal((await ask(daemon, 'PUT', '/setup', { complete: false })).body.code, 'if_match_required');
    const kept = await put({ complete: false, draft: { step: 'chargers', configuration } }, headers.etag);
    assert.equal(kept.status, 200, kept.text);
    const late = await put({ complete: false, draft: { step: 'time', configuration: empty } }, headers.etag);
    assert.deepEqual([late.status, late.body.code], [412, 'etag_mismatch'], 'another phone went on meanwhile');
    await daemon.kill();
    daemon.start();
    const again = await until('the draft', () => get(daemon, '/setup').catch(() => undefined));
    assert.equal(again.draft.step, 'chargers');
    assert.equal(again.draft.configuration.chargers[0].password, null, 'not shown');
    assert.equal(central.upgrades.length, 0, 'nothing is in force yet');

    const judged = await ask(daemon, 'PUT', '/setup?dry_run=1', { complete: false, draft: again.draft });
    assert.equal(judged.status, 200, judged.text);
    assert.deepEqual(judged.body.changes.map(({ path }) => path), ['/buses', '/chargers'], judged.text);
    assert.equal((await get(daemon, '/setup')).complete, false);

    const unsound = { ...again.draft, configuration: { ...again.draft.configuration, buses: [] } };
    const refused = await put({ complete: true, draft: unsound });
    assert.equal(refused.body.code, 'configuration_invalid');
    assert.equal((await get(daemon, '/setup')).complete, false);
    const finished = await put({ complete: true, draft: again.draft }, kept.headers.etag);
    assert.deepEqual([finished.status, finished.body.complete, finished.body.draft], [200, true, null], finished.text);
    await central.status('Available');

    const backup = await ask(daemon, 'GET', '/backup');
    assert.ok(!backup.text.includes(password));
    assert.equal(backup.body.format, 'busbar-backup-1');
    backup.body.configuration.chargers[0].max_current_a = 10;
    const restored = await ask(daemon, 'POST', '/restore', backup.body);
    assert.equal(restored.status, 200, restored.text);
    assert.deepEqual(restored.body.restarts, ['CP1']);
    assert.equal((await ask(daemon, 'POST', '/restore', { format: 'other' })).body.code, 'backup_invalid');
});

scenario('models and ports are listed, with what happens when the gateway dies', {}, async ({ daemon }) => {
    const { profiles } = await until('the profiles', () => get(daemon, '/profiles').catch(() => undefined));
    const heidelberg = profiles.find(({ id }) => id === 'heidelberg-energy-control');
    assert.equal(heidelberg.kind, 'charger');
    assert.equal(heidelberg.origin, 'shipped');
    assert.equal(heidelberg.defaults.baud, 19200);
    assert.match(heidelberg.when_gateway_dies.text, /./);
    assert.ok(profiles.some(({ kind }) => kind === 'meter'));
    assert.ok(Array.isArray((await get(daemon, '/ports')).ports));
});

scenario('the checklist proves a charger that charges, and the limit is as before', { speed: 20, within_ms: 120_000 }, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    await sim.limit(16);
    const done = await job(daemon, '/chargers/CP1/checklist', undefined, 100_000);
    assert.equal(done.state, 'done');
    const outcome = Object.fromEntries(done.result.items.map(({ item, state, code }) => [item, `${state} ${code}`]));
    for (const item of ['identity', 'accepted', 'meter_rises', 'limit_16', 'limit_6', 'pause', 'resume'])
        assert.match(outcome[item], /^passed/, `${item}: ${outcome[item]}`);
    await sim.limit(16);
    const currents = await sim.currents();
    assert.ok(currents.includes(60) && currents.every((deciamps) => deciamps <= 160), `${currents}`);
    assert.equal(central.select('StopTransaction').length, 0);

    const ticked = await ask(daemon, 'PUT', '/chargers/CP1/checklist/labels', { state: 'passed', note: 'F12' });
    assert.equal(ticked.status, 200, ticked.text);
    assert.equal((await ask(daemon, 'PUT', '/chargers/CP1/checklist/pause', { state: 'passed' })).body.code, 'automatic_item');
    await daemon.kill();
    daemon.start();
    const kept = await until('the checklist', () => get(daemon, '/chargers/CP1/checklist').catch(() => undefined));
    assert.equal(kept.items.find(({ item }) => item === 'labels').note, 'F12');
    assert.equal(kept.items.find(({ item }) => item === 'limit_6').state, 'passed');
});

scenario('a checklist that is cancelled leaves the limit as it was', { speed: 20 }, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    await sim.limit(16);
    const { body } = await ask(daemon, 'POST', '/chargers/CP1/checklist');
    await sim.limit(6, 1, 30_000);
    assert.equal((await ask(daemon, 'DELETE', `/jobs/${body.id}`)).body.state, 'cancelled');
    await sim.limit(16);
});

scenario('a session is listed while it runs and kept when it is over, after a restart too', { speed: 60 }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await until('energy', async () => (await get(daemon, '/chargers/CP1/sessions')).energy_wh > 5);
    const [running] = (await get(daemon, '/chargers/CP1/sessions')).sessions;
    assert.equal(running.ended_at, null);
    await sim.unplug();
    const stopped = await central.next('StopTransaction');
    await daemon.stop();
    daemon.start();
    const list = await until('the session', () => get(daemon, '/chargers/CP1/sessions').catch(() => undefined));
    assert.equal(list.sessions.length, 1);
    const [session] = list.sessions;
    assert.equal(session.transaction_id, transactionId);
    assert.equal(session.reason, 'EVDisconnected');
    assert.equal(session.meter_start_wh + session.energy_wh, stopped.params.meterStop);
    assert.equal(session.id_tag, 'FREE01', 'an operator sees it');
    assert.equal((await get(daemon, '/chargers/CP1/sessions?to=2020-01-01T00:00:00Z')).sessions.length, 0);
    const csv = await ask(daemon, 'GET', '/chargers/CP1/sessions.csv');
    assert.equal(csv.text.trim().split('\r\n').length, 2);
    const { periods } = await get(daemon, '/chargers/CP1/schedule');
    assert.equal(periods[0].limit_a, 16);
    assert.equal((await get(daemon, '/chargers/CP1/history')).charger, 'CP1');
});
