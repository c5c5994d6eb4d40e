// SPDX-License-Identifier: Apache-2.0
// The disk lets us down: full, or the database destroyed. The car charges all the same, and what can be told is told.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync, closeSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { charge, limitTo } from './lib/charging.mjs';
import { charger } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { never, until } from './lib/wait.mjs';

const metering = [charger('CP1', { configuration: { MeterValueSampleInterval: '1' } })];
const database = (daemon) => join(daemon.state_dir, 'busbar.db');

/// From now on no file of the daemon grows beyond `bytes`: to it, the disk is full.
const allow = (daemon, bytes) => execFileSync('prlimit', ['--pid', String(daemon.program.child.pid), `--fsize=${bytes}:`]);

scenario('a disk that fills up in a session: limits are obeyed, statuses told, messages held back, all told once there is room', { chargers: metering }, async ({ sim, central, daemon }) => {
    const { transactionId } = await charge({ sim, central });
    await central.next('MeterValues');
    allow(daemon, statSync(`${database(daemon)}-wal`).size);
    const answered = central.raw('CP1', [2, 'while the disk is full', 'SetChargingProfile', limitTo(0, { transactionId })]);
    await sim.limit(0);
    await central.status('SuspendedEVSE');
    await until('the report', () => daemon.events('store_failed').length === 1);
    assert.match(daemon.events('store_failed')[0], /busbar\.db/);

    const samples = central.select('MeterValues').length;
    await until('samples of the session that is told', () => central.select('MeterValues').length >= samples + 2);

    await sim.unplug();
    await central.status('Available');
    await sim.plug();
    await sim.limit(16);
    await sim.shows('the next session', (box) => box.power_w > 1000);
    await never('a transaction that is not on the disk', () => central.select('StopTransaction').length + central.select('StartTransaction').length > 1, 1000);

    allow(daemon, 'unlimited');
    await until('the recovery', () => daemon.events('store_recovered').length === 1, 2000);
    assert.deepEqual((await answered)[2], { status: 'Accepted' });
    const stopped = await central.next('StopTransaction');
    assert.deepEqual([stopped.params.transactionId, stopped.params.reason], [transactionId, 'EVDisconnected']);
    await central.next('StartTransaction');
    await central.next('MeterValues', { where: (params) => params.transactionId !== transactionId });
    assert.equal(daemon.events('store_failed').length, 1, 'one line a streak');
});

scenario('a disk that is full at the start: the car charges, and its transaction is told once there is room', { chargers: metering }, async ({ sim, central, daemon }) => {
    await central.status('Available');
    assert.equal(await daemon.stop(), 0);
    daemon.wrap = ['prlimit', '--fsize=0:'];
    daemon.start();
    await until('the link', () => central.connected('CP1'));
    await sim.plug();
    await sim.limit(16);
    await sim.shows('a charging car', (box) => box.power_w > 1000);
    await central.status('Charging');
    await until('the report', () => daemon.events('store_failed').length === 1);
    assert.equal(central.select('StartTransaction').length, 0);
    allow(daemon, 'unlimited');
    await central.next('StartTransaction');
    await central.next('MeterValues');
});

scenario('a disk that is full at the very first start: the car charges, the status says what is wrong, and all is saved once there is room', { chargers: metering, start: false }, async ({ sim, central, daemon }) => {
    daemon.wrap = ['prlimit', '--fsize=0:'];
    daemon.start();
    await until('the link', () => central.connected('CP1'));
    await sim.plug();
    await sim.shows('a charging car', (box) => box.power_w > 1000);
    await central.status('Charging');
    await until('the report', () => daemon.events('store_failed').length === 1);
    assert.match((await daemon.status()).warnings.join(), /Nothing can be saved: .*busbar\.db/);
    assert.equal(central.select('StartTransaction').length, 0);

    allow(daemon, 'unlimited');
    const started = await central.next('StartTransaction');
    await central.next('MeterValues');
    assert.deepEqual((await daemon.status()).warnings, []);
    assert.equal(daemon.events('store_failed').length, 1, 'one line a streak');
    await daemon.kill();
    daemon.wrap = [];
    daemon.start();
    await central.next('MeterValues', { where: (params) => params.transactionId === central.transactionOf(started) });
    assert.equal(central.select('StartTransaction').length, 1, 'it is the same transaction');
});

/// Overwrites the middle of a file: the roots of the tables, not the header.
function damage(file) {
    const { size } = statSync(file);
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(size - 1024, 0xa5), 0, size - 1024, 1024);
    closeSync(descriptor);
}

const corruptions = {
    'a file that is no database': (file) => writeFileSync(file, 'this is no database, and longer than a header of one '.repeat(40)),
    'a damaged database': damage,
};

for (const [what, corrupt] of Object.entries(corruptions)) {
    scenario(`${what} is kept aside and reported, and the car that is plugged charges on`, { chargers: metering }, async ({ sim, central, daemon }) => {
        const { transactionId } = await charge({ sim, central });
        assert.equal(await daemon.stop(), 0);
        corrupt(database(daemon));
        const corrupted = readFileSync(database(daemon));
        daemon.start();
        const again = await central.next('StartTransaction');
        assert.notEqual(central.transactionOf(again), transactionId);
        await central.status('Charging');
        await sim.limit(16);
        await central.next('MeterValues', { where: (params) => params.transactionId === central.transactionOf(again) });

        assert.equal(daemon.events('store_corrupt').length, 1, daemon.log);
        const [kept] = readdirSync(daemon.state_dir).filter((name) => name.startsWith('busbar.db.corrupt-'));
        assert.ok(daemon.events('store_corrupt')[0].includes(kept));
        assert.ok(readFileSync(join(daemon.state_dir, kept)).equals(corrupted), 'kept as it was found');

        await daemon.kill();
        daemon.start();
        await central.next('MeterValues', { where: (params) => params.transactionId === central.transactionOf(again) });
        assert.equal(daemon.events('store_corrupt').length, 1, 'the new database is whole');
    });
}
