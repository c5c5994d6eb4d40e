// SPDX-License-Identifier: Apache-2.0
// The configuration over the API: two phones cannot overwrite each other, secrets stay inside, and only what is touched restarts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ask, listen } from './lib/api.mjs';
import { charge } from './lib/charging.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const two_boxes = { boxes: ['heidelberg:1', 'heidelberg:2'], speed: 60, start: false, system: { passwords: undefined } };

/// The configuration lies where the gateway may write it.
async function startWritable({ sim, central, daemon, authority }, chargers = [charger('CP1'), charger('CP2', { unit_id: 2 })]) {
    daemon.config_file = join(daemon.state_dir, 'config.json');
    daemon.configure({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers });
    daemon.start();
    await central.status('Available', { chargePoint: 'CP2' });
}

const read = (daemon) => ask(daemon, 'GET', '/configuration');
const put = (daemon, body, etag, query = '') => ask(daemon, 'PUT', `/configuration${query}`, body, etag ? { 'If-Match': etag } : {});

scenario('one charger changes, the transaction beside it notices nothing, and the password that is never shown is kept', two_boxes, async (made) => {
    const { sim, central, daemon } = made;
    await startWritable(made);
    const { transactionId } = await charge({ sim, central });
    const seen = await read(daemon);
    assert.ok(!seen.text.includes(password), 'no password leaves');
    assert.equal(seen.body.chargers[1].password, null);

    seen.body.chargers[1].max_current_a = 8;
    const preview = await put(daemon, seen.body, undefined, '?dry_run=1');
    assert.deepEqual(preview.body.changes, [{ op: 'add', path: '/chargers/1/max_current_a', to: 8 }]);
    assert.deepEqual(preview.body.restarts, ['CP2']);
    assert.equal((await read(daemon)).headers.etag, seen.headers.etag, 'a dry run changes nothing');

    const heard = await listen(daemon, 'configuration');
    const taken = await put(daemon, seen.body, seen.headers.etag);
    assert.equal(taken.status, 200, taken.text);
    await until('the news of it', () => heard.events.length === 1);
    heard.close();
    assert.notEqual(taken.headers.etag, seen.headers.etag);
    await until('CP2 anew', () => central.select('BootNotification', { chargePoint: 'CP2' }).length === 2);
    assert.equal(JSON.parse(readFileSync(daemon.config_file, 'utf8')).chargers[1].password, password);
    await sim.unplug();
    assert.equal((await central.next('StopTransaction')).params.transactionId, transactionId);
    assert.equal(central.select('BootNotification', { chargePoint: 'CP1' }).length, 1);
});

scenario('what is stale, unsound or written blindly is refused and changes nothing', two_boxes, async (made) => {
    const { daemon } = made;
    await startWritable(made);
    const { body, headers } = await read(daemon);
    assert.equal((await put(daemon, body)).body.code, 'if_match_required');
    assert.equal((await put(daemon, body, '"another"')).status, 412);

    const unsound = await put(daemon, { ...body, chargers: [{ ...body.chargers[0], unit_id: 999 }] }, headers.etag);
    assert.equal(unsound.status, 422);
    assert.equal(unsound.body.code, 'configuration_invalid');
    assert.equal(unsound.body.problems[0].path, '/chargers/0/unit_id');

    const stranger = await put(daemon, { ...body, chargers: [{ ...body.chargers[0], id: 'CP9' }] }, headers.etag);
    assert.match(stranger.body.problems[0].text, /password/, 'a null for a charger that is new stands for nothing');
    const no_roots = await put(daemon, { ...body, central_system: { ...body.central_system, ca_file: '/nowhere.pem' } }, headers.etag);
    assert.equal(no_roots.status, 422);
    assert.equal((await read(daemon)).headers.etag, headers.etag);
});

scenario('a configuration outside the state directory is read only', { start: true }, async ({ daemon }) => {
    await until('the socket', async () => (await read(daemon).catch(() => ({}))).status === 200);
    const { body, headers } = await read(daemon);
    const refused = await put(daemon, body, headers.etag);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, 'config_read_only');
    assert.equal((await put(daemon, body, undefined, '?dry_run=1')).status, 200);
    assert.equal((await ask(daemon, 'GET', '/configuration/schema')).body.title, 'Busbar configuration');
});
