// SPDX-License-Identifier: Apache-2.0
// Where it happens. In namespaces of our own (tests/netns) the gateway has three uplinks that can fail, and a disk of its
// own that can fill up; elsewhere it has the loopback, and a limit on the size of its files.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../e2e/lib/free_port.mjs';
import { Program } from '../../e2e/lib/processes.mjs';
import { faults as uplinkFaults } from '../../netns/lib/faults.mjs';
import { central, Network, neutral, uplinks } from '../../netns/lib/network.mjs';

const router_services = fileURLToPath(new URL('../../netns/lib/router_services.mjs', import.meta.url));
const powerless = ['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'];
const disk_mb = 24;
const ids = Object.keys(uplinks);

/// What cannot be written any more, because there is no room: the whole rest of the disk.
function fill(file) {
    const block = Buffer.alloc(64 * 1024);
    for (let size = block.length; size >= 1; size = size / 16) {
        try {
            for (;;) writeFileSync(file, block.subarray(0, Math.max(1, size)), { flag: 'a' });
        } catch (error) {
            if (error.code !== 'ENOSPC') throw error;
        }
    }
}

/// Network namespaces: run by tests/netns/namespaces.sh.
export class Namespaces {
    lacks = [];
    names = [`DNS:${central.name}`];
    where = central;
    url = `wss://${central.name}/ocpp`;
    more = {
        uplinks: ids.map((id, index) => {
            const { interface: device, kind, net: own, metered } = uplinks[id];
            return { id, interface: device, kind, role: 'uplink', priority: index + 1, dns: [`${own}.1`], ...(metered && { metered }) };
        }),
        network: { manager: 'none' },
        failover: { failback_hold_s: 10, neutral_targets: [`${neutral.address}:${neutral.port}`] },
    };

    static async make(bench) {
        const made = new Namespaces();
        made.network = new Network(ids);
        made.box_wrap = made.network.gw.wrap;
        made.daemon_wrap = [...made.network.gw.wrap, ...powerless];
        for (const id of ids) {
            const services = new Program(process.execPath, [router_services, central.name, central.address], { wrap: made.network.routers[id].wrap });
            bench.keep(services, () => services.kill());
            await services.says(/^ready$/m);
        }
        const target = net.createServer((socket) => socket.on('error', () => {}).end()).listen(neutral.port, neutral.address);
        await once(target, 'listening');
        bench.keep(target, () => new Promise((resolve) => target.close(resolve)));
        return made;
    }

    /// The state directory gets a disk of its own.
    prepareDisk(bench, state_dir) {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${disk_mb}m`, 'none', state_dir]);
        bench.keep(state_dir, () => execFileSync('umount', ['--lazy', state_dir]));
        this.filler = join(state_dir, 'filler');
    }

    fillDisk = () => fill(this.filler);
    freeDisk = () => rmSync(this.filler, { force: true });

    breakUplink(id, name) {
        uplinkFaults[name].begin({ network: this.network, router: this.network.routers[id], id });
    }

    mendUplink(id, name) {
        uplinkFaults[name].end({ network: this.network, router: this.network.routers[id], id });
    }

    static uplinks = ids;
}

/// This machine as it is.
export class Loopback {
    box_wrap = [];
    daemon_wrap = [];
    names = ['DNS:localhost'];
    more = {};

    /// `lacks`: why there are no namespaces.
    static async make(_, lacks) {
        const made = new Loopback();
        made.lacks = [`no faults of uplinks, and a limit of size in place of a full disk: ${lacks}`];
        made.where = { address: '127.0.0.1', port: await freePort() };
        made.url = `wss://localhost:${made.where.port}/ocpp`;
        return made;
    }

    prepareDisk(_, state_dir) {
        this.log_file = join(state_dir, 'busbar.db-wal');
    }

    fillDisk = (pid) => this.#allow(pid, statSync(this.log_file, { throwIfNoEntry: false })?.size ?? 0);
    freeDisk = (pid) => this.#allow(pid, 'unlimited');

    #allow(pid, bytes) {
        execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
    }
}
