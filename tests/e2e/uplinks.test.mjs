// SPDX-License-Identifier: Apache-2.0
// Uplinks as the outside sees them: the state file, the API, busbarctl, and the reload. The loopback is one that works.
// Failover itself needs network namespaces: tests/netns.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { charge } from './lib/charging.mjs';
import { centralSystem, charger, serialBus } from './lib/daemon.mjs';
import { run } from './lib/processes.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const lan = { id: 'lan', interface: 'lo', kind: 'ethernet', priority: 1 };
const gsm = { id: 'gsm', interface: 'nosuch0', kind: 'gsm', priority: 2, metered: true, monthly_budget_mb: 500 };

const file = (daemon) => join(daemon.state_dir, 'uplinks.json');
const said = (daemon) => (existsSync(file(daemon)) ? JSON.parse(readFileSync(file(daemon), 'utf8')) : undefined);
const stateOf = (daemon, id) => said(daemon)?.uplinks.find((one) => one.id === id)?.state;

const configuration = ({ sim, central, authority }, uplinks) => ({
    central_system: centralSystem(central, authority),
    buses: [serialBus(sim)],
    chargers: [charger('CP1')],
    network: { manager: 'none' },
    ...(uplinks && { uplinks }),
});

async function ctl(daemon, ...words) {
    return run('busbarctl', ['--socket', daemon.socket, 'uplink', ...words]);
}

/// Starts with an uplink that works and one that is not there.
async function begin(made) {
    made.daemon.configure(configuration(made, [lan, gsm]));
    made.daemon.start();
    await made.central.status('Available');
    await until('both to be known', () => stateOf(made.daemon, 'lan') === 'online' && stateOf(made.daemon, 'gsm') === 'absent');
}

scenario('the state file, the status and the tables say which uplink is used and how all are', { start: false }, async (made) => {
    const { daemon } = made;
    await begin(made);
    assert.equal(said(daemon).active, 'lan');
    assert.deepEqual(said(daemon).switches, []);
    assert.equal(said(daemon).uplinks[1].reason, 'has no such interface');
    const status = await daemon.status();
    assert.equal(status.charge_points[0].link.uplink, 'lan');
    assert.equal(status.uplinks.active, 'lan');
    assert.equal(status.uplinks.uplinks[0].sessions, 1);
    for (const { since } of status.uplinks.uplinks) assert.ok(Date.parse(since) >= Date.parse(status.started_at) - 1000, since);
    assert.equal(status.uplinks.uplinks[0].ping.interval_s, 20);
    assert.equal(status.uplinks.uplinks[1].ping.bytes_a_month, Math.floor((283 * 2_592_000) / 45));
    assert.equal(status.uplinks.uplinks[1].traffic.budget_mb, 500);
    const table = await ctl(daemon, 'status');
    assert.equal(table.code, 0);
    assert.match(table.output, /^\* +lan +lo +online .*reaches the central system$/m);
    assert.match(table.output, /^ +gsm +nosuch0 +absent/m);
});

scenario('a test tells each layer', { start: false }, async (made) => {
    const { daemon } = made;
    await begin(made);
    const good = await ctl(daemon, 'test', 'lan', '--json');
    assert.equal(good.code, 0, good.output);
    const { passed, layers } = JSON.parse(good.output);
    assert.equal(passed, true);
    assert.deepEqual(layers.map(({ layer }) => layer), ['interface', 'link', 'address', 'dns', 'tcp', 'tls']);
    const bad = await ctl(daemon, 'test', 'gsm');
    assert.equal(bad.code, 1);
    assert.match(bad.output, /^interface +FAILED +the kernel has no interface nosuch0$/m);
    assert.equal((await ctl(daemon, 'test', 'nothing')).code, 1);
});

scenario('a person chooses, the choice is kept over a restart, and the priorities come back', { start: false }, async (made) => {
    const { daemon, central } = made;
    await begin(made);
    assert.equal((await ctl(daemon, 'prefer', 'nothing')).code, 1);
    const chosen = await ctl(daemon, 'prefer', 'gsm', '--json');
    assert.equal(chosen.code, 0, chosen.output);
    assert.equal(JSON.parse(chosen.output).preferred, 'gsm');
    assert.equal(JSON.parse(chosen.output).active, 'lan', 'the one that was chosen does not work');
    await daemon.stop();
    daemon.start();
    await until('the second start', () => central.upgrades.length === 2);
    assert.equal((await daemon.status()).uplinks.preferred, 'gsm');
    const ended = await ctl(daemon, 'auto', '--json');
    assert.equal(JSON.parse(ended.output).preferred, null);
});

scenario('uplinks come and go with the configuration, and the transaction goes on', { start: false, within_ms: 90_000 }, async (made) => {
    const { sim, daemon, central } = made;
    daemon.configure(configuration(made));
    daemon.start();
    const { transactionId } = await charge({ sim, central });
    assert.equal((await daemon.status()).uplinks, undefined);
    assert.equal(said(daemon), undefined);

    daemon.configure(configuration(made, [lan, gsm]));
    daemon.program.child.kill('SIGHUP');
    await until('the session on the uplink', async () => (await daemon.status()).charge_points[0].link.uplink === 'lan');
    assert.equal(central.upgrades.length, 2);

    daemon.configure(configuration(made));
    daemon.program.child.kill('SIGHUP');
    await until('the session off the uplink', () => central.upgrades.length === 3);
    await until('the file to be gone', () => !existsSync(file(daemon)));
    await sim.unplug();
    assert.equal((await central.next('StopTransaction')).params.transactionId, transactionId);
    assert.equal(central.select('StartTransaction').length, 1);
    assert.equal(central.select('BootNotification').length, 1);
});
