// SPDX-License-Identifier: Apache-2.0
// MQTT with a broker that is real, one that lies, and one that is not there: Home Assistant is told, may steer where it is
// allowed, and charging never notices.

import assert from 'node:assert/strict';

import { get } from './lib/api.mjs';
import { charge } from './lib/charging.mjs';
import { centralSystem, charger, serialBus } from './lib/daemon.mjs';
import { MqttBroker } from './lib/mqtt.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { never, until } from './lib/wait.mjs';

const base = 'busbar/box';
const state = `${base}/CP1/1/state`;
const plain = (broker, more = {}) => ({ host: '127.0.0.1', port: broker.port, tls: false, client_id: 'box', ...more });
const idle = (mqtt) => ({ central_system: { url: 'wss://127.0.0.1:1/ocpp' }, mqtt });
const mqttOf = async (daemon) => (await daemon.status().catch(() => ({}))).mqtt;
const connected = (daemon) => until('the broker', async () => (await mqttOf(daemon))?.connected);
const notConnected = (daemon, detail) => until(() => `no connection for ${detail}`, async () => {
    const mqtt = await mqttOf(daemon);
    return mqtt && !mqtt.connected && detail.test(mqtt.detail);
}, 30_000);

/// A charger whose daemon speaks to a broker: body({sim, central, daemon, broker, settings}).
function house(name, more, body) {
    scenario(name, { speed: 20, start: false }, async (all) => {
        const { sim, central, daemon, authority, made } = all;
        const broker = await MqttBroker.start(made);
        const settings = (mqtt) => ({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: [charger('CP1')], mqtt });
        daemon.configure(settings(plain(broker, more)));
        daemon.start();
        await body({ ...all, broker, settings });
    });
}

const limitOf = async (daemon) => (await daemon.status()).charge_points[0].connectors[0].limit;

house('Home Assistant finds each charger and follows it, and nothing of the card leaves', {}, async ({ sim, central, daemon, broker }) => {
    await connected(daemon);
    const topic = (kind, key) => `homeassistant/${kind}/box/CP1_1_${key}/config`;
    const energy = await broker.says(topic('sensor', 'energy'), (one) => one.unique_id === 'busbar_CP1_1_energy');
    assert.deepEqual([energy.unit_of_measurement, energy.device_class, energy.state_class], ['kWh', 'energy', 'total_increasing']);
    assert.equal(energy.state_topic, state);
    await broker.says(state, (one) => one.status === 'Available' && one.plugged === 'OFF' && one.connected === 'ON');
    await charge({ sim, central });
    const now = await broker.says(state, (one) => one.charging === 'ON' && one.power > 1000 && one.session_energy >= 0 && one.current_l1 > 5);
    assert.equal(now.limit, 16);
    assert.equal(now.limit_reason, 'charger');
    const retained = await broker.retained();
    assert.equal(retained[`${base}/status`], 'online');
    assert.ok(retained[state] && retained[topic('binary_sensor', 'plugged')]);
    assert.equal(retained[topic('switch', 'paused')], undefined);
    assert.doesNotMatch(JSON.stringify(retained), /FREE01|wallbox-secret/);
    assert.equal(broker.program.output.match(/Received SUBSCRIBE from box/), null, 'it listens to nobody');

    await daemon.kill();
    await until('the last will', () => broker.newest(`${base}/status`) === 'offline');
    daemon.start();
    await until('it is back', () => broker.newest(`${base}/status`) === 'online');
    assert.equal(await daemon.stop(), 0);
    await until('goodbye', () => broker.newest(`${base}/status`) === 'offline');
});

house('a state is told at most once a second, and not while it is the same', {}, async ({ sim, central, broker }) => {
    await charge({ sim, central });
    await broker.says(state, (one) => one.charging === 'ON');
    const began = Date.now();
    const count = () => broker.heard.filter((one) => one.topic === state).length;
    const before = count();
    await until('three more', () => count() >= before + 3, 30_000);
    assert.ok(Date.now() - began > 1500);
    const discoveries = broker.heard.filter((one) => one.topic.endsWith('/config') && one.topic.includes('_power'));
    assert.ok(discoveries.length <= 2, 'once, and once more when the charger has told its name');
});

house('a command is refused by default: nobody even listens', {}, async ({ sim, central, daemon, broker }) => {
    await charge({ sim, central });
    await connected(daemon);
    await broker.publish(`${base}/CP1/1/pause/set`, 'ON');
    await never('a pause', async () => (await limitOf(daemon)).local.paused, 2500);
    await sim.limit(16);
});

house('where it may, a pause and a limit hold beside the central system and survive a restart', { allow_control: true }, async ({ sim, central, daemon, broker }) => {
    await charge({ sim, central });
    await broker.says('homeassistant/number/box/CP1_1_local_limit/config', (one) => one.max === 16 && one.command_topic === `${base}/CP1/1/limit/set`);
    await broker.publish(`${base}/CP1/1/limit/set`, '10');
    await sim.limit(10);
    await broker.says(state, (one) => one.local_limit === 10 && one.limit_reason === 'local' && one.limit === 10);
    await broker.publish(`${base}/CP1/1/pause/set`, 'ON');
    await sim.limit(0);
    await broker.says(state, (one) => one.paused === 'ON');
    await daemon.kill();
    daemon.start();
    await until('the pause after the restart', async () => (await limitOf(daemon).catch(() => ({}))).local?.paused);
    await connected(daemon);
    await broker.publish(`${base}/CP1/1/pause/set`, 'OFF');
    await sim.limit(10);
    await broker.publish(`${base}/CP1/1/limit/set`, 'none');
    await sim.limit(16);
    assert.equal(central.select('StopTransaction').length, 0);
});

house('garbage, floods and what is retained change nothing', { allow_control: true }, async ({ sim, central, daemon, broker }) => {
    await charge({ sim, central });
    await connected(daemon);
    const rubbish = ['', '17', '-1', 'NaN', '1e1', 'ON', '{"limit_a":6}', 'x'.repeat(5000)];
    for (const payload of rubbish) await broker.publish(`${base}/CP1/1/limit/set`, payload || ' ');
    await broker.publish(`${base}/CP1/1/pause/set`, 'on');
    await broker.publish(`${base}/CP1/2/pause/set`, 'ON');
    await broker.publish(`${base}/CP9/1/pause/set`, 'ON');
    await broker.publish(`${base}/CP1/1/reboot/set`, 'ON');
    await until('the refusals', async () => (await mqttOf(daemon)).commands_refused >= 5);
    assert.deepEqual((await limitOf(daemon)).local, { paused: false, limit_a: null });
    await broker.publish(`${base}/CP1/1/pause/set`, 'ON', '-r');
    await sim.limit(0);
    await broker.publish(`${base}/CP1/1/pause/set`, 'OFF');
    await sim.limit(16);
    await daemon.kill();
    daemon.start();
    await connected(daemon);
    await never('a pause from long ago', async () => (await limitOf(daemon)).local.paused, 2500);
    for (let i = 0; i < 4; ++i) await broker.publish(`${base}/CP1/1/pause/set`, 'x'.repeat(60_000));
    await until('enough of it', () => daemon.events('mqtt_lost').some((line) => line.includes('more than')));
    await connected(daemon);
    await sim.limit(16);
    assert.equal(central.select('StopTransaction').length, 0);
});

house('a broker that restarts forgets, and is told all again; one that is gone costs charging nothing', {}, async ({ sim, central, daemon, broker }) => {
    await connected(daemon);
    await broker.stop();
    await notConnected(daemon, /./);
    await charge({ sim, central });
    await broker.up();
    await connected(daemon);
    await broker.says(state, (one) => one.charging === 'ON');
    assert.ok(await until('the discovery', () => broker.newest('homeassistant/sensor/box/CP1_1_power/config')));
    assert.equal(daemon.events('mqtt_lost').length, 1, 'said once');
});

house('a change of the configuration moves to the new broker, takes entities back and ends', { allow_control: true }, async ({ daemon, broker, settings }) => {
    const paused = 'homeassistant/switch/box/CP1_1_paused/config';
    await broker.says(paused, (one) => one.name === 'Pause');
    daemon.configure(settings(plain(broker)));
    daemon.program.child.kill('SIGHUP');
    await until('taken back', () => broker.newest(paused) === '');
    daemon.configure(settings(undefined));
    daemon.program.child.kill('SIGHUP');
    await until('goodbye', () => broker.newest(`${base}/status`) === 'offline');
    await until('nothing of it', async () => (await daemon.status()).mqtt === undefined);
});

bench('a password is sent, is asked for, and reads as null', async (made) => {
    const broker = await MqttBroker.start(made, { user: 'box', password: 'broker-secret' });
    const daemon = made.daemon(idle(plain(broker, { user: 'box', password: 'wrong-secret' })));
    daemon.start();
    await notConnected(daemon, /refuses us.*(not authori[sz]ed|bad user name)/i);
    assert.equal((await get(daemon, '/configuration')).mqtt.password, null);
    daemon.configure(idle(plain(broker, { user: 'box', password: 'broker-secret' })));
    daemon.program.child.kill('SIGHUP');
    await connected(daemon);
    assert.doesNotMatch(daemon.log + JSON.stringify(await daemon.status()), /broker-secret|wrong-secret/);
});

bench('TLS by default: the right certificate for the right name, and no other', async (made) => {
    const authority = made.authority();
    const stranger = made.authority('stranger');
    const broker = await MqttBroker.start(made, { certificate: authority.issue() });
    const over = (more) => idle({ host: 'localhost', port: broker.port, client_id: 'box', ca_file: authority.file, ...more });
    const daemon = made.daemon(over({ ca_file: stranger.file }));
    daemon.start();
    await notConnected(daemon, /certificate/);
    assert.equal(broker.program.output.match(/New client connected from .* as box/), null);
    const take = (mqtt) => (daemon.configure(mqtt), daemon.program.child.kill('SIGHUP'));
    take(over({}));
    await connected(daemon);
    take(over({ host: '127.0.0.1' }));
    await connected(daemon);
    await broker.stop();
    broker.certify(authority.issue({ names: ['DNS:elsewhere.example'] }));
    await broker.up();
    await notConnected(daemon, /certificate.*mismatch/);
    take(over({ ca_file: '/nonexistent.pem' }));
    await notConnected(daemon, /mqtt\.ca_file/);
});
