// SPDX-License-Identifier: Apache-2.0
// Coming up: the first messages, and what a central system may answer to them.

import assert from 'node:assert/strict';

import { silence } from './lib/central_system.mjs';
import { scenario } from './lib/scenario.mjs';
import { never } from './lib/wait.mjs';

const boot = (status, interval = 1) => ({ status, interval, currentTime: new Date().toISOString() });

scenario('a charger comes up as its own charge point and reports both connectors Available', {}, async ({ central, daemon }) => {
    const { params } = await central.next('BootNotification');
    assert.match(params.chargePointVendor, /./);
    assert.match(params.firmwareVersion, /^busbar \d+\.\d+\.\d+/);
    await central.status('Available', { connectorId: 0 });
    await central.status('Available');

    const [upgrade] = central.upgrades;
    assert.deepEqual([upgrade.chargePoint, upgrade.endpoint, upgrade.protocols], ['CP1', '/ocpp', ['ocpp1.6']]);

    const status = await daemon.status();
    assert.match(JSON.stringify(status), /"CP1"/);
});

scenario('the box is held paused before the first Available, though it powers on with 16 A', {}, async ({ sim, central }) => {
    await central.status('Available');
    assert.equal((await sim.show()).current_set_a, 0);
});

scenario('heartbeats come at the interval of BootNotification.conf', {}, async ({ central }) => {
    central.answer('BootNotification', () => boot('Accepted', 1));
    const first = await central.next('Heartbeat');
    const second = await central.next('Heartbeat');
    assert.ok(second.at - first.at > 500 && second.at - first.at < 3000, `${second.at - first.at} ms`);
});

scenario('while Pending only BootNotification is sent, again after the interval, until Accepted', {}, async ({ central }) => {
    let answers = 0;
    central.answer('BootNotification', () => boot(++answers < 3 ? 'Pending' : 'Accepted'));
    await central.status('Available');
    const third = central.select('BootNotification')[2];
    assert.equal(answers, 3);
    assert.ok(central.calls.filter((call) => call.at < third.at).every((call) => call.action === 'BootNotification'), central.summary());
});

scenario('Pending answers what the central system asks and obeys its trigger', {}, async ({ central }) => {
    central.answer('BootNotification', () => boot('Pending', 60));
    await central.next('BootNotification');
    const { configurationKey } = await central.call('CP1', 'GetConfiguration', { key: ['HeartbeatInterval'] });
    assert.equal(configurationKey[0].key, 'HeartbeatInterval');
    assert.deepEqual(await central.call('CP1', 'TriggerMessage', { requestedMessage: 'BootNotification' }), { status: 'Accepted' });
    await central.next('BootNotification');
});

scenario('Rejected keeps the link open and silent until the interval has passed', {}, async ({ central }) => {
    let answers = 0;
    central.answer('BootNotification', () => boot(++answers < 2 ? 'Rejected' : 'Accepted', 3));
    await central.next('BootNotification');
    await never('a message while Rejected', () => central.calls.length > 1, 2000);
    assert.ok(central.connected('CP1'));
    await central.status('Available');
    assert.equal(central.upgrades.length, 1);
});

scenario('a BootNotification that nobody answers is repeated on the same connection', { within_ms: 90_000 }, async ({ central }) => {
    let answers = 0;
    central.answer('BootNotification', () => (++answers < 2 ? silence : boot('Accepted', 300)));
    await central.next('BootNotification');
    await central.next('BootNotification', { within_ms: 60_000 });
    await central.status('Available');
    assert.equal(central.upgrades.length, 1);
});

scenario('a car in free mode charges although the central system is still Pending', { boxes: ['heidelberg:1,plugged=1'] }, async ({ sim, central }) => {
    let verdict = 'Pending';
    central.answer('BootNotification', () => boot(verdict));
    await sim.shows('a charging car at 16 A', (shown) => shown.power_w > 1000 && shown.current_set_a === 16);
    assert.equal(central.select('StartTransaction').length, 0);
    verdict = 'Accepted';
    await central.next('StartTransaction');
});
