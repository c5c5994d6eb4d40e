// SPDX-License-Identifier: Apache-2.0
// The figures of the gateway's failover beside those of NetworkManager's own connectivity check (every 10 s), each on the
// same bed: the same daemon, once with uplinks, once following the system's routing. tests/netns/bench.sh starts this.

import { execFileSync } from 'node:child_process';

import { figures, systems } from './lib/figures.mjs';
import { NetworkManager } from './lib/network_manager.mjs';

const how = { encoding: 'utf8', env: { ...process.env, BUSBAR_PATIENCE: '1' }, stdio: ['ignore', 'pipe', 'ignore'] };
const measure = (system, figure) => execFileSync('./namespaces.sh', [process.execPath, 'bench_one.mjs', system, figure], how).trim();

const compared = NetworkManager.possible() ? Object.keys(systems) : ['busbar'];
if (compared.length === 1) console.log('NetworkManager or dbus-daemon is not installed (packages: network-manager, dbus): busbar is measured alone.\n');

const asked = process.argv.slice(2);
const unknown = asked.filter((figure) => !Object.hasOwn(figures, figure));
if (unknown.length > 0) {
    console.error(`no figure is called ${unknown.join(' or ')}; the names: ${Object.keys(figures).join(' ')}`);
    process.exit(2);
}
for (const figure of asked.length > 0 ? asked : Object.keys(figures)) {
    const { what, promised } = figures[figure];
    console.log(`${what} (promised: ${promised})`);
    for (const system of compared) console.log(`    ${systems[system].name.padEnd(15)}${measure(system, figure)}`);
}
