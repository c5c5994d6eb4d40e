// SPDX-License-Identifier: Apache-2.0
// busbard as a program: its arguments, its exit codes, its end.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { charge } from './lib/charging.mjs';
import { charger } from './lib/daemon.mjs';
import { run } from './lib/processes.mjs';
import { bench, scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const good = {
    central_system: { url: 'wss://127.0.0.1:1/ocpp' },
    buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }],
    chargers: [charger('CP1')],
};

bench('--check finds nothing wrong with a good file', async (made) => {
    const { code, output } = await made.daemon(good).run('--check');
    assert.equal(code, 0, output);
});

bench('--check prints every error with its JSON path, and both ways exit with 78', async (made) => {
    const daemon = made.daemon({
        central_system: { url: 'ws://plain.example/ocpp' },
        buses: [{ id: 'line', kind: 'rtu' }],
        chargers: [{ ...charger('has:colon'), bus: 'elsewhere', unitid: 1 }],
    });
    const { code, output } = await daemon.run('--check');
    assert.equal(code, 78);
    for (const path of ['/central_system/url', '/buses/0/device', '/chargers/0/id', '/chargers/0/bus', '/chargers/0/unitid']) {
        assert.match(output, new RegExp(`(^|[ :])${path}\\b`, 'm'));
    }
    assert.equal((await daemon.run()).code, 78);
});

bench('a configuration that is not there or no JSON exits with 78', async (made) => {
    assert.equal((await made.daemon('{ "central_system": ').run()).code, 78);
    assert.equal((await run('busbard', ['--config', join(made.dir, 'none.json')])).code, 78);
});

bench('an unknown profile and a card mode without a reader are errors of --check', async (made) => {
    const daemon = made.daemon({ ...good, chargers: [charger('CP1', { profile: 'no-such-box' }), charger('CP2', { unit_id: 2, authorization: { mode: 'rfid' } })] });
    const { code, output } = await daemon.run('--check');
    assert.equal(code, 78);
    assert.match(output, /\/chargers\/0\/profile/);
    assert.match(output, /\/chargers\/1\/authorization/);
});

bench('wrong arguments exit with 2 and say how it goes', async () => {
    for (const args of [[], ['--no-such-option'], ['--config', 'x', '--log-level', 'loud']]) {
        const { code, output } = await run('busbard', args);
        assert.equal(code, 2, args.join(' '));
        assert.match(output, /--config/);
    }
    assert.equal((await run('busbarctl', ['dance'])).code, 2);
});

bench('a state directory that cannot be used exits with 74', async (made) => {
    const daemon = made.daemon(good);
    writeFileSync(join(made.dir, 'file'), '');
    daemon.state_dir = join(made.dir, 'file', 'state');
    const { code, output } = await daemon.run();
    assert.equal(code, 74, output);
});

scenario('SIGTERM ends it within 5 s with exit 0 and leaves the limit and the transaction as they are', {}, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    const asked = Date.now();
    assert.equal(await daemon.stop(), 0);
    assert.ok(Date.now() - asked < 5000);
    assert.equal((await sim.show()).current_set_a, 16);
    assert.equal(central.select('StopTransaction').length, 0);
    await until('the closed link', () => !central.connected('CP1'));
});

scenario('busbarctl status tells link, registration, connector, transaction, limit and bus counters', {}, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    const status = await daemon.status();
    const text = JSON.stringify(status);
    for (const word of ['CP1', 'connected', 'Accepted', 'Charging', 'line']) assert.match(text, new RegExp(word));
    assert.equal(status.charge_points[0].connectors[0].transaction.id, transactionId);
    const { code, output } = await run('busbarctl', ['--socket', daemon.socket, 'status']);
    assert.equal(code, 0);
    assert.match(output, /CP1.*Charging/s);
});

bench('busbarctl without a daemon says so', async (made) => {
    const { code, output } = await run('busbarctl', ['--socket', join(made.dir, 'none.sock'), 'status']);
    assert.notEqual(code, 0);
    assert.match(output, /none\.sock/);
});
