// SPDX-License-Identifier: Apache-2.0
// What an owner may and may not do from the phone, and what is masked.

import assert from 'node:assert/strict';

import { get } from './lib/api.mjs';
import { installer, user } from './lib/browser.mjs';
import { charge } from './lib/charging.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { freePort } from './lib/free_port.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

bench('an owner pauses and looks, commissions nothing, sees no card number, and hears how the test goes', async (made) => {
    const authority = made.authority();
    const port = await freePort();
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'], speed: 20 });
    const central = await made.central({ certificate: authority.issue(), passwords: { CP1: password } });
    const daemon = made.daemon({
        central_system: centralSystem(central, authority),
        buses: [serialBus(sim)],
        chargers: [charger('CP1')],
        web: { listen: '127.0.0.1', https_port: port },
    });
    daemon.start();
    const manager = await installer(daemon, port);
    const owner = await user(manager, port, 'owner');
    await charge({ sim, central });

    const tagOf = ({ charge_points }) => charge_points[0].connectors[0].transaction.id_tag;
    const news = await manager.stream('/events?topics=status');
    const told = await until('the status', () => news.events.find(({ event }) => event === 'status'));
    news.close();
    assert.deepEqual([tagOf((await manager.api('GET', '/status')).json), tagOf(JSON.parse(told.data))], ['F…', 'F…'], 'nobody on the network');
    assert.equal(tagOf(await get(daemon, '/status')), 'FREE01', 'whoever is at the machine');
    assert.doesNotMatch(JSON.stringify((await owner.api('GET', '/trace')).json), /FREE01/);
    assert.match(JSON.stringify(await get(daemon, '/trace')), /FREE01/);

    const status = async (browser, method, path, body) => (await browser.api(method, path, body)).status;
    assert.equal(await status(owner, 'POST', '/chargers/CP1/actions/pause', {}), 200);
    await sim.limit(0);
    assert.equal(await status(owner, 'POST', '/chargers/CP1/actions/resume', {}), 200);
    for (const [method, path] of [['POST', '/chargers/CP1/actions/unlock'], ['POST', '/chargers/CP1/actions/reset'], ['GET', '/configuration'], ['GET', '/logs'], ['GET', '/trace/ocpp'], ['PUT', '/setup']])
        assert.equal(await status(owner, method, path, method === 'GET' ? undefined : {}), 403, `${method} ${path}`);

    assert.equal((await owner.api('GET', '/chargers/CP1/sessions')).json.sessions[0].id_tag, 'F…');
    assert.equal((await manager.api('GET', '/chargers/CP1/sessions')).json.sessions[0].id_tag, 'FREE01');

    const heard = await owner.stream('/events?topics=jobs');
    const { json } = await owner.api('POST', '/diagnostics/connection', { charge_point: 'CP1' });
    const last = await until('the end of the test', () => heard.events.filter(({ event }) => event === 'jobs').map(({ data }) => JSON.parse(data)).find(({ id, state }) => id === json.id && state === 'done'));
    assert.equal(last.result.passed, true, JSON.stringify(last.result));
    heard.close();
});
