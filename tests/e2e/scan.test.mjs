// SPDX-License-Identifier: Apache-2.0
// Finding a charger on a line and trying a profile on it: by busbarctl alone, and through the daemon beside a charger
// that goes on charging.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ask, get } from './lib/api.mjs';
import { charge } from './lib/charging.mjs';
import { centralSystem, charger, password, tcpBus } from './lib/daemon.mjs';
import { Program, run } from './lib/processes.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { never, until } from './lib/wait.mjs';

const heidelberg = fileURLToPath(new URL('../../config/chargers/heidelberg-energy-control.json', import.meta.url));

/// busbarctl away from any daemon.
const alone = (made, ...args) => run('busbarctl', ['--socket', join(made.dir, 'none.sock'), ...args], { within_ms: 110_000 });

const names = (found) => [...found.models, ...found.could_be].map((model) => model.profile);

bench(
    'busbarctl scan finds the boxes on a line, names them, and writes nothing',
    async (made) => {
        const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1', 'heidelberg:5'] });
        const { code, output } = await alone(made, 'scan', `${sim.device}:19200,even,1`, '--units', '1,5', '--json');
        assert.equal(code, 0, output);
        const scan = JSON.parse(output.trim().split('\n').at(-1));
        assert.equal(scan.state, 'complete');
        assert.deepEqual(scan.found.map((found) => found.unit_id).sort(), [1, 5]);
        for (const found of scan.found) assert.ok(names(found).includes('heidelberg-energy-control'), JSON.stringify(found));
        assert.deepEqual(scan.found[0].setting, { kind: 'rtu', device: sim.device, baud: 19200, parity: 'even', stop_bits: 1 });
        for (const unit of [1, 5]) assert.deepEqual(await sim.tell('writes', unit), []);
    },
    120_000,
);

bench('boxes of their maker\'s protocol are found, asleep or not, and nothing is written', async (made) => {
    for (const [box, profile] of [
        ['abl-evcc2:1', 'abl-evcc2'],
        ['abl-evcc1:1', 'abl-sursum-evcc1'],
        ['openevse:1', 'openevse-rapi'],
    ]) {
        const sim = await made.simulator({ pty: true, boxes: [box] }, profile);
        const { code, output } = await alone(made, 'scan', `serial:${sim.device}`, '--units', '1', '--first', '--json');
        assert.equal(code, 0, output);
        assert.deepEqual(names(JSON.parse(output).found[0]), [profile], output);
        assert.deepEqual(await sim.tell('writes', 1), []);
    }
});

bench('a line on which somebody talks is left alone, and said so', async (made) => {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    await sim.tell('babble', 1);
    const { code, output } = await alone(made, 'scan', sim.device);
    assert.equal(code, 1, output);
    assert.match(output, /Heard before asking/);
    assert.match(output, /Unplug other masters/);
    assert.equal((await sim.show()).requests, 0);
});

bench('Ctrl-C ends a scan within one exchange and shows what was found', async (made) => {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const program = new Program('busbarctl', ['--socket', join(made.dir, 'none.sock'), 'scan', sim.device]);
    let answers = 0;
    let since = Date.now();
    const nothing_more = async () => {
        const shown = await sim.show();
        if (shown.answers !== answers) since = Date.now();
        answers = shown.answers;
        return answers > 10 && Date.now() - since > 1500;
    };
    await until('the box to have been asked who it is', nothing_more, 50_000);
    const began = Date.now();
    const { code } = await program.kill('SIGINT', 3000);
    assert.ok(Date.now() - began < 1500, `ended ${Date.now() - began} ms after Ctrl-C`);
    assert.match(program.output, /this takes 1\d min \d+ s/);
    assert.equal(code, 0, program.output);
    assert.match(program.output, /heidelberg-energy-control/);
    assert.match(program.output, /Stopped before everything was asked/);
});

bench('a scan of a box on the network, and of nothing', async (made) => {
    const sim = await made.simulator({ pty: false, boxes: ['amperfied:1'] });
    const there = await alone(made, 'scan', `tcp:127.0.0.1:${sim.port}`, '--first', '--json');
    assert.equal(there.code, 0, there.output);
    assert.ok(names(JSON.parse(there.output).found[0]).includes('amperfied-connect'), there.output);
    const nobody = await alone(made, 'scan', join(made.dir, 'none'));
    assert.equal(nobody.code, 1);
    assert.match(nobody.output, /does not exist/);
    assert.equal((await alone(made, 'scan', 'tcp:')).code, 2);
}, 120_000);

bench('a site\'s own profiles are known to a scan without the daemon', async (made) => {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
    const plain = JSON.parse(readFileSync(heidelberg, 'utf8').replace(/^\s*\/\/.*$/gm, '').replace(/\s\/\/ .*$/gm, ''));
    for (const id of ['mine', 'yours']) {
        mkdirSync(join(made.dir, id));
        writeFileSync(join(made.dir, id, `${id}.json`), JSON.stringify({ ...plain, id }));
    }
    const config = join(made.dir, 'site.json');
    writeFileSync(config, JSON.stringify({ charger_profile_dirs: [join(made.dir, 'yours')] }));
    const more = ['--profiles', join(made.dir, 'mine'), '--config', config];
    const { output } = await alone(made, 'scan', `${sim.device}:19200`, '--units', '1', '--first', '--json', ...more);
    const known = names(JSON.parse(output.trim().split('\n').at(-1)).found[0]);
    assert.ok(known.includes('mine') && known.includes('yours'), output);
});

bench('busbarctl profile check, show and try', async (made) => {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1,plugged=1'] });
    assert.equal((await alone(made, 'profile', 'check', heidelberg)).code, 0);
    assert.match((await alone(made, 'profile', 'show', heidelberg)).output, /limit +holding +261 \(0x0105\)/);

    const fixture = join(made.dir, 'recorded.json');
    const tried = await alone(made, 'profile', 'try', heidelberg, '--bus', sim.device, '--unit', '1', '--once', '--record', fixture, '--json');
    const trial = JSON.parse(tried.output);
    assert.equal(trial.answers, true);
    assert.equal(trial.registers.find((row) => row.name === 'layout').value, 0x0108);
    assert.match(trial.reading.state, /^[BC]/);
    assert.deepEqual(await sim.tell('writes', 1), []);
    const { cases, exchanges } = JSON.parse(readFileSync(fixture, 'utf8'));
    assert.deepEqual(cases[0].reading, trial.reading);
    assert.ok(Object.keys(exchanges).length > 3);

    const broken = join(made.dir, 'broken.json');
    writeFileSync(broken, '{"id": "x"}');
    const checked = await alone(made, 'profile', 'check', broken);
    assert.equal(checked.code, 1);
    assert.match(checked.output, /\/registers/);
    const absent = await alone(made, 'profile', 'try', heidelberg, '--bus', sim.device, '--unit', '9', '--once');
    assert.equal(absent.code, 1);
    assert.match(absent.output, /Nobody answers/);
});

const busbarctl = (daemon, ...args) => run('busbarctl', ['--socket', daemon.socket, ...args], { within_ms: 110_000 });

scenario(
    'through the daemon a new box is found while another one charges on, and is tried',
    { boxes: ['heidelberg:1', 'heidelberg:4'], chargers: [charger('CP1', { lost_after_s: 10 })], within_ms: 150_000 },
    async ({ sim, central, daemon }) => {
        await charge({ sim, central });
        const scanning = busbarctl(daemon, 'scan', 'line', '--units', '1-6', '--json');
        await never('a charger that falls back', async () => {
            const box = await sim.show(1);
            return box.watchdog_expired || box.current_set_a !== 16;
        }, 8000);
        const { code, output } = await scanning;
        assert.equal(code, 0, output);
        const scan = JSON.parse(output);
        assert.deepEqual(scan.found.map((found) => found.unit_id), [4]);
        assert.ok(names(scan.found[0]).includes('heidelberg-energy-control'));
        assert.deepEqual(await sim.tell('writes', 4), []);
        assert.ok(!central.statuses('CP1').includes('Faulted'));

        // The daemon has this device: asked for by its name, the daemon does it.
        const tried = await busbarctl(daemon, 'profile', 'try', heidelberg, '--bus', sim.device, '--unit', '4', '--once', '--json');
        assert.equal(JSON.parse(tried.output).reading.state, 'A', tried.output);
        assert.deepEqual(await sim.tell('writes', 4), []);
        assert.equal((await sim.show(1)).current_set_a, 16);
    },
);

scenario('a scan in the daemon is one at a time, shows its progress and can be stopped', { chargers: [charger('CP1')] }, async ({ daemon, central }) => {
    await central.status('Available');
    assert.deepEqual(await get(daemon, '/buses/line/scan'), { bus: 'line', state: 'none' });
    assert.equal((await ask(daemon, 'POST', '/buses/elsewhere/scan')).status, 404);
    assert.equal((await ask(daemon, 'POST', '/buses/line/scan')).status, 202);
    assert.equal((await ask(daemon, 'POST', '/buses/line/scan')).status, 409);
    await until('progress', async () => (await ask(daemon, 'GET', '/buses/line/scan')).body.progress > 0);
    const stopped = await busbarctl(daemon, 'scan', 'line', '--stop', '--json');
    assert.equal(JSON.parse(stopped.output).state, 'stopped');
    const bad = await ask(daemon, 'POST', '/buses/line/try', { profile: { id: 'x' }, unit_id: 1 });
    assert.equal(bad.status, 422);
    assert.ok(bad.body.problems.some((problem) => problem.path === '/registers'));
    const known = await until('the end of the scan', async () => {
        const answer = await ask(daemon, 'POST', '/buses/line/try', { profile: 'heidelberg-energy-control', unit_id: 1 });
        return answer.status !== 409 && answer;
    });
    assert.deepEqual([known.status, known.body.answers], [200, true]);
    assert.equal((await ask(daemon, 'POST', '/buses/line/try', { profile: 'nobody-knows', unit_id: 1 })).status, 422);
});

bench('a bus without chargers is scanned by the daemon at every setting', async (made) => {
    const sim = await made.simulator({ pty: true, boxes: ['heidelberg:3'] });
    const daemon = made.daemon({
        central_system: { url: 'wss://127.0.0.1:1/ocpp' },
        buses: [{ id: 'new', kind: 'rtu', device: sim.device, baud: 9600, parity: 'none' }],
        chargers: [],
    });
    daemon.start();
    await until('the daemon', () => daemon.events('started').length > 0);
    const { code, output } = await busbarctl(daemon, 'scan', 'new', '--units', '3', '--first', '--json');
    assert.equal(code, 0, output);
    assert.equal(JSON.parse(output).found[0].unit_id, 3);
    const tried = await busbarctl(daemon, 'profile', 'try', heidelberg, '--bus', 'new', '--unit', '3', '--once', '--json');
    assert.equal(JSON.parse(tried.output).answers, true, tried.output);
}, 150_000);

bench('a port that is no bus yet is searched while another bus charges, and given up when it becomes one', async (made) => {
    const authority = made.authority();
    const sim = await made.simulator({ tcp: true, boxes: ['heidelberg:1'] });
    const plugged_in = await made.simulator({ pty: true, boxes: ['heidelberg:4'] }, 'new');
    const central = await made.central({ certificate: authority.issue({ key: 'ec' }), passwords: { CP1: password } });
    const configuration = { central_system: centralSystem(central, authority), buses: [tcpBus(sim)], chargers: [charger('CP1')] };
    const daemon = made.daemon(configuration);
    daemon.start();
    await charge({ sim, central });
    assert.deepEqual(await get(daemon, '/scan'), { bus: '', state: 'none' });

    const bus = { kind: 'rtu', device: plugged_in.device, baud: 19200, parity: 'even', stop_bits: 1 };
    const post = (body) => ask(daemon, 'POST', '/scan', body);
    assert.equal((await post({})).body.code, 'bad_request');
    const odd = await post({ bus: { ...bus, baud: 19201 } });
    assert.deepEqual([odd.status, odd.body.problems[0].path], [422, '/bus/baud'], odd.text);
    assert.equal((await post({ bus: tcpBus(sim) })).body.code, 'line_in_service');

    const exchanges = async () => (await get(daemon, '/status')).buses[0].units[0].exchanges;
    const before = await exchanges();
    const started = await post({ bus, unit_ids: [4], first: true });
    assert.equal(started.status, 202, started.text);
    assert.equal((await post({ bus })).body.code, 'bus_busy');
    const scan = await until('the end of the scan', async () => {
        const report = await get(daemon, '/scan');
        return report.state !== 'running' && report;
    }, 60_000);
    assert.deepEqual(scan.found.map(({ unit_id }) => unit_id), [4], JSON.stringify(scan));
    const look = (more) => ask(daemon, 'POST', '/try', { bus, profile: 'heidelberg-energy-control', unit_id: 4, ...more });
    const { status, body: trial } = await look({});
    assert.deepEqual([status, trial.answers, trial.reading.state.slice(0, 1)], [200, true, 'A'], JSON.stringify(trial));
    assert.deepEqual([(await look({ unit_id: 0 })).status, (await look({ bus: undefined })).status], [400, 400]);
    assert.equal((await look({ bus: tcpBus(sim) })).body.code, 'line_in_service');
    assert.deepEqual((await get(daemon, '/scan')).found.map(({ unit_id }) => unit_id), [4], 'the report stays');
    assert.deepEqual(await plugged_in.tell('writes', 4), []);
    assert.ok((await exchanges()) > before, 'the other bus went on');

    for (const other of [{ kind: 'serial', device: plugged_in.device }, { kind: 'keba-udp', host: '127.0.0.1' }]) {
        await until('the next', async () => (await post({ bus: other })).status === 202);
        await ask(daemon, 'DELETE', '/scan');
    }
    await until('the next', async () => (await post({ bus, thorough: true })).status === 202);
    daemon.configure({ ...configuration, buses: [...configuration.buses, { id: 'new', ...bus }] });
    daemon.program.child.kill('SIGHUP');
    await until('the bus', async () => (await get(daemon, '/status')).buses.length === 2);
    assert.equal((await get(daemon, '/scan')).state, 'stopped', 'one master a line');
});
