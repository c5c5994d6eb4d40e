// SPDX-License-Identifier: Apache-2.0
// The real NetworkManager in the gateway's namespace, on a message bus of its own, with its connectivity check on: what
// the benchmark compares with. It sets addresses and routes; nobody else does.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';

import { Program } from '../../e2e/lib/processes.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { central, uplinks } from './network.mjs';

const check_interval_s = 10;
const proof = 'NetworkManager is online';

const bus_configuration = (socket) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
  </policy>
</busconfig>
`;

const settings = (dir) => `[main]
plugins=keyfile
rc-manager=unmanaged
auth-polkit=false
no-auto-default=*
[keyfile]
path=${dir}/connections
[connectivity]
enabled=true
uri=http://${central.name}/
response=${proof}
interval=${check_interval_s}
`;

const connection = (id) => `[connection]
id=${id}
type=ethernet
interface-name=${uplinks[id].interface}
[ipv4]
method=manual
address1=${uplinks[id].net}.2/24,${uplinks[id].net}.1
route-metric=${uplinks[id].metric}
dns=${uplinks[id].net}.1;
[ipv6]
method=disabled
`;

/// It wants its state below /var/lib to itself and /sys read-only, where it then looks for no udev.
const boot = `
    mount -t tmpfs none /var/lib/NetworkManager
    mount -o remount,bind,ro /sys
    exec NetworkManager --debug --log-level INFO --config "$CONFIGURATION" --config-dir /var/lib/NetworkManager`;

export class NetworkManager {
    static possible() {
        try {
            execFileSync('sh', ['-c', 'command -v NetworkManager && command -v dbus-daemon']);
            return true;
        } catch {
            return false;
        }
    }

    /// As if the machine had just booted: no address, no route, the links down. `bench` takes everything down again.
    static async start(bench, network, ids) {
        const dir = join(bench.dir, 'network-manager');
        mkdirSync(join(dir, 'connections'), { recursive: true, mode: 0o700 });
        for (const id of ids) writeFileSync(join(dir, 'connections', `${id}.nmconnection`), connection(id), { mode: 0o600 });
        writeFileSync(join(dir, 'bus.conf'), bus_configuration(join(dir, 'bus')));
        writeFileSync(join(dir, 'nm.conf'), settings(dir));
        await serveCheck(bench);
        const bus = new Program('/usr/bin/dbus-daemon', ['--nofork', '--print-address', '--config-file', join(dir, 'bus.conf')]);
        bench.keep(bus, () => bus.kill());
        await bus.says(/unix:path/);
        const devices = ids.map((id) => uplinks[id].interface);
        for (const device of devices) {
            network.gw.ip(`addr flush dev ${device}`);
            network.gw.ip(`link set ${device} down`);
        }
        const manager = NetworkManager.launch(bench, network);
        followNames(bench);
        await until(() => `a default route through ${devices[0]}; NetworkManager says:\n${manager.output.slice(-3000)}`,
            () => routeOf(network) === ids[0], 30_000);
        return manager;
    }

    /// Again, after it was ended; as start() it left the files.
    static launch(bench, network) {
        const dir = join(bench.dir, 'network-manager');
        const manager = new Program('/bin/sh', ['-c', boot], {
            wrap: network.gw.wrap,
            env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(dir, 'bus')}`, CONFIGURATION: join(dir, 'nm.conf') },
        });
        return bench.keep(manager, () => manager.kill());
    }
}

/// The uplink that the system's routing prefers; "" none.
export function routeOf(network) {
    try {
        const [, device] = network.gw.ip(`route get ${central.address}`).match(/ dev (\S+)/);
        return Object.keys(uplinks).find((id) => uplinks[id].interface === device) ?? '';
    } catch {
        return '';
    }
}

/// It would replace the name server file, which is a mount here and cannot be: we copy what it wants in there.
function followNames(bench) {
    const follow = setInterval(() => {
        try {
            writeFileSync('/etc/resolv.conf', readFileSync('/run/NetworkManager/resolv.conf'));
        } catch {
            // not written yet
        }
    }, 100);
    bench.keep(follow, () => clearInterval(follow));
}

async function serveCheck(bench) {
    const server = http.createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end(proof));
    server.listen(80, central.address);
    await once(server, 'listening');
    bench.keep(server, () => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
    }));
}
