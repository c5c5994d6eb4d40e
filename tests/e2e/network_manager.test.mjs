// SPDX-License-Identifier: Apache-2.0
// The real NetworkManager on a bus and in namespaces of its own, and busbard beside it without any privilege: name
// servers, the default route, a change of address that nobody confirms, and NetworkManager's end and return.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Bed, patience } from '../netns/lib/bed.mjs';
import { NetworkManager, routeOf } from '../netns/lib/network_manager.mjs';
import { uplinks } from '../netns/lib/network.mjs';
import { until } from './lib/wait.mjs';

const namespaces = fileURLToPath(new URL('../netns/namespaces.sh', import.meta.url));
const confirm_within_s = 10;

/// Answers the status and the body of `method` `path` on the daemon's socket.
function ask(daemon, method, path, body) {
    return new Promise((resolve, reject) => {
        const request = http.request({ socketPath: daemon.socket, method, path }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, text }));
        });
        request.on('error', reject).end(body && JSON.stringify(body));
    });
}

class ManagedBed extends Bed {
    async begin() {
        await this.set({ ids: ['lan', 'wifi'], network_manager: true });
        const bus = `unix:path=${join(this.dir, 'network-manager', 'bus')}`;
        this.gateway.wrap.splice(this.network.gw.wrap.length, 0, 'env', `DBUS_SYSTEM_BUS_ADDRESS=${bus}`);
        this.gateway.configure({
            central_system: this.central_system,
            buses: [],
            chargers: [],
            uplinks: [
                { id: 'lan', interface: uplinks.lan.interface, kind: 'ethernet', priority: 1 },
                { id: 'wifi', interface: uplinks.wifi.interface, kind: 'wifi', priority: 2 },
            ],
            network: { manager: 'networkmanager' },
            failover: { failback_hold_s: 1 },
            time: { sync_source: 'none' },
        });
        this.gateway.start();
        await this.says('lan', ['online'], 20);
        await this.says('wifi', ['online'], 20);
    }

    daemon(configuration) {
        this.central_system = configuration.central_system;
        return super.daemon(configuration);
    }

    addresses(id) {
        return this.network.gw.ip(`-o -4 addr show dev ${uplinks[id].interface}`);
    }

    async routeIs(id, within_s = 10) {
        await until(() => `the default route through ${id}\n${this.network.gw.ip('route')}`, () => routeOf(this.network) === id, within_s * 1000 * patience);
    }

    async changeAddress(last) {
        const { net } = uplinks.wifi;
        const { status, text } = await ask(this.gateway, 'POST', `/api/v1/network/${uplinks.wifi.interface}/address`,
            { address: `${net}.${last}`, prefix: 24, gateway: `${net}.1`, name_servers: [`${net}.1`], confirm_within_s });
        assert.equal(status, 200, text);
        await until(() => `the new address: ${this.addresses('wifi')}`, () => this.addresses('wifi').includes(`${net}.${last}/`), 10_000 * patience);
    }
}

async function story(bed) {
    const { uplinks: told } = JSON.parse((await ask(bed.gateway, 'GET', '/api/v1/uplinks')).text);
    assert.deepEqual(told.map(({ name_servers }) => name_servers), [['10.1.0.1'], ['10.2.0.1']], 'name servers as NetworkManager has them');

    await until(() => bed.network.gw.ip('route'), () => /default via 10\.1\.0\.1 dev eth0 .*metric 50\b/.test(bed.network.gw.ip('route')), 10_000 * patience);
    await bed.ctl('uplink', 'prefer', 'wifi');
    await bed.routeIs('wifi');
    await bed.says('lan', ['online'], 20); // its route is there still
    await bed.ctl('uplink', 'auto');
    await bed.routeIs('lan', 20);

    const network = async () => JSON.parse((await ask(bed.gateway, 'GET', '/api/v1/network')).text);
    assert.deepEqual((await network()).interfaces.map(({ interface: name, kind, state }) => [name, kind, state]), [['eth0', 'ethernet', 'up'], ['wlan0', 'wifi', 'up']]);
    assert.equal((await network()).unconfirmed, null);

    await bed.changeAddress(77);
    const { unconfirmed } = await network();
    assert.deepEqual([unconfirmed.interface, unconfirmed.address], ['wlan0', '10.2.0.77']);
    assert.ok(unconfirmed.seconds_left <= confirm_within_s);
    await until(() => `the old address: ${bed.addresses('wifi')}`, () => bed.addresses('wifi').includes('10.2.0.2/') && !bed.addresses('wifi').includes('10.2.0.77/'),
        2 * confirm_within_s * 1000 * patience);
    assert.equal((await ask(bed.gateway, 'POST', '/api/v1/network/confirm')).status, 409, 'there is nothing to confirm any more');
    await bed.changeAddress(78);
    assert.equal((await ask(bed.gateway, 'POST', '/api/v1/network/confirm')).status, 200);
    await sleep(confirm_within_s * 1000 + 2000);
    assert.match(bed.addresses('wifi'), /10\.2\.0\.78\//);

    assert.equal((await ask(bed.gateway, 'GET', '/api/v1/network/nosuch0/wifi')).status, 404);
    assert.equal((await ask(bed.gateway, 'POST', '/api/v1/network/wlan0/access-point', { ssid: 'Busbar' })).status, 422, 'never without a key');
}

async function restart(bed) {
    await bed.manager.kill('SIGTERM');
    await until('the word that it is gone', () => bed.gateway.events('network_manager_absent').length > 0);
    await sleep(3000);
    assert.equal(bed.gateway.events('network_manager_absent').length, 1);
    await bed.says('lan', ['online'], 10);
    bed.manager = NetworkManager.launch(bed, bed.network);
    await until('the word that it is back', () => bed.gateway.events('network_manager_back').length === 1, 30_000 * patience);
    await bed.ctl('uplink', 'prefer', 'wifi');
    await bed.routeIs('wifi', 20);
}

/// Why it cannot be tried here; undefined: it can.
function obstacle() {
    const { status, stdout } = spawnSync(namespaces, ['--possible'], { encoding: 'utf8' });
    return status === 0 ? undefined : stdout.trim();
}

/// Gives the exit code.
async function inside() {
    const bed = new ManagedBed();
    try {
        await bed.begin();
        await story(bed);
        await restart(bed);
        return 0;
    } catch (error) {
        console.error(error, `\n${bed.story()}`);
        return 1;
    } finally {
        await bed.end();
    }
}

if (process.env.BUSBAR_INSIDE) {
    process.exit(await inside());
} else {
    test('name servers, routes, addresses and restarts with the real NetworkManager', { skip: obstacle() ?? false }, () => {
        const { status, stdout, stderr } = spawnSync(namespaces, [process.execPath, fileURLToPath(import.meta.url)],
            { encoding: 'utf8', env: { ...process.env, BUSBAR_INSIDE: '1' }, timeout: 300_000 });
        assert.equal(status, 0, stdout + stderr);
    });
}
