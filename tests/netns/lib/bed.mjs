// SPDX-License-Identifier: Apache-2.0
// The whole bed: network, routers' services, central system, chargers, gateway; its faults and what is seen of it.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Bench } from '../../e2e/lib/bench.mjs';
import { Program, run } from '../../e2e/lib/processes.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { Central } from './central.mjs';
import { faults } from './faults.mjs';
import { chargePoints, configuration, count, Fleet, passwords } from './fleet.mjs';
import { breakOff } from './front.mjs';
import { central as place, Network, neutral } from './network.mjs';
import { NetworkManager } from './network_manager.mjs';

const router_services = fileURLToPath(new URL('router_services.mjs', import.meta.url));
/// How many times longer than on an idle machine things may take: 2 unless BUSBAR_PATIENCE says otherwise.
export const patience = Number(process.env.BUSBAR_PATIENCE ?? 2);
const stop_within_s = 60;
/// The gateway runs with no privilege at all.
const powerless = ['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'];

export class Bed extends Bench {
    /// What was measured: {what, first_s, all_s}.
    figures = [];
    #begun = new Map(); // uplink -> names of faults
    #mark = 0;
    #counted; // by the chargers, when the cars left
    #lateness = monitorEventLoopDelay();

    /// `ids`: uplinks, the preferred one first; `six`: as for Network; `duplicates`, `idle_s`, `loses`: as for Central; `failover`: of
    /// the configuration.
    /// `network_manager`: NetworkManager rules over addresses and routes, and the gateway follows the system's routing.
    async set({ ids, six, duplicates, idle_s, loses, failover, network_manager = false }) {
        this.ids = ids;
        this.network = new Network(ids, six);
        await Promise.all(ids.map((id) => this.#serveRouter(id, six)));
        await this.#serveNeutralTarget();
        const authority = this.authority();
        const certificate = authority.issue({ names: [`DNS:${place.name}`] });
        this.central = await Central.start(this, { certificate, passwords, duplicates, idle_s, loses, six });
        this.fleet = await Fleet.start(this, this.network.gw.wrap);
        if (network_manager) this.manager = await NetworkManager.start(this, this.network, ids);
        this.daemon(configuration({
            url: this.central.url,
            ca_file: authority.file,
            simulator: this.fleet.simulator,
            ids: network_manager ? [] : ids,
            six,
            failover,
        }));
        this.gateway.wrap = [...this.network.gw.wrap, ...powerless];
    }

    /// All charge points online on `id`, each with an open transaction.
    async start(id = this.ids[0]) {
        this.#mark = Date.now();
        this.#lateness.enable();
        this.gateway.start();
        await this.moved(id, 'start', { all_s: 40 });
        await this.fleet.plugIn(this.system);
    }

    /// The cars leave, once; gives what each charger counted.
    async unplug() {
        this.#counted ??= await this.fleet.unplug(this.system, stop_within_s * 1000 * patience);
        return this.#counted;
    }

    /// `name` is a row of the table of faults.
    fault(id, name) {
        this.#mark = Date.now();
        if (!faults[name].spares_links) this.central.break(id);
        faults[name].begin(this.#place(id));
        this.#begun.set(id, [...(this.#begun.get(id) ?? []), name]);
    }

    heal(id) {
        this.#mark = Date.now();
        for (const name of this.#begun.get(id).reverse()) faults[name].end(this.#place(id));
        this.#begun.delete(id);
        this.central.mend(id);
    }

    /// Packets to the central system vanish; all else of the Internet works.
    dropCentral() {
        this.#mark = Date.now();
        this.ids.forEach((id) => this.central.break(id));
        this.network.cloud.nft(`table inet down {
            chain here { type filter hook input priority 0; ip daddr ${place.address} tcp dport ${place.port} drop; }
        }`);
    }

    reachCentral() {
        this.#mark = Date.now();
        this.network.cloud.nft('delete table inet down');
        this.ids.forEach((id) => this.central.mend(id));
    }

    /// As by kill -9.
    async killGateway() {
        this.central.front.open().forEach(breakOff);
        await this.gateway.kill();
    }

    /// The clock of moved() starts now.
    mark() {
        this.#mark = Date.now();
    }

    /// Waits until every charge point has a connection through `id` that was made, or brought something, since the last
    /// fault, healing or mark(); notes how long that took, and fails when the first or the last took longer than it may.
    async moved(id, what, { first_s = Infinity, all_s }) {
        await until(() => `${count} connections through ${id}; so far ${this.#aliveOn(id).length}\n${this.uplinksText()}`,
            () => this.#running() && this.#aliveOn(id).length >= count, all_s * 1000 * patience);
        const times = this.#aliveOn(id).map(({ upgraded_at }) => Math.max(0, upgraded_at - this.#mark) / 1000);
        const figure = { what, first_s: Math.min(...times), all_s: Math.max(...times) };
        this.figures.push(figure);
        if (figure.first_s > first_s * patience) throw new Error(`${what}: the first was there after ${figure.first_s} s, not ${first_s} s`);
        return figure;
    }

    /// Waits for the first connections through `id`.
    async someOn(id, within_s) {
        await until(() => `a connection through ${id}`, () => this.#aliveOn(id).length > 2, within_s * 1000 * patience);
    }

    /// Lets the site charge on.
    pass = (seconds) => sleep(seconds * 1000);

    /// What the daemon says of its uplinks.
    uplinks() {
        return JSON.parse(this.uplinksText());
    }

    uplinksText() {
        try {
            return readFileSync(join(this.gateway.state_dir, 'uplinks.json'), 'utf8');
        } catch (error) {
            return `{"missing": "${error.code}"}`;
        }
    }

    /// busbarctl; fails when that fails.
    async ctl(...words) {
        const { code, output } = await run('busbarctl', ['--socket', this.gateway.socket, ...words]);
        if (code !== 0) throw new Error(`busbarctl ${words.join(' ')}: ${output}`);
    }

    /// Waits until the daemon calls this uplink one of `states`.
    async says(id, states, within_s) {
        const said = () => this.uplinks().uplinks?.find((one) => one.id === id);
        return until(() => `${id} to be ${states.join(' or ')}: ${this.uplinksText()}`, () => states.includes(said()?.state) && said(), within_s * 1000 * patience);
    }

    /// How late at most we have noticed something since start(): the machine may be busy.
    get late_ms() {
        return this.#lateness.max / 1e6;
    }

    #running() {
        if (!this.gateway.program.running) throw new Error(`busbard has ended: ${this.gateway.log.slice(-1000)}`);
        return true;
    }

    #aliveOn(id) {
        const alive = this.central.sessions.filter((one) =>
            one.uplink === id && one.status === 101 && one.ended_at === undefined && one.heard_at >= this.#mark);
        return chargePoints.flatMap((chargePoint) => alive.find((one) => one.chargePoint === chargePoint) ?? []);
    }

    #place(id) {
        return { network: this.network, router: this.network.routers[id], id };
    }

    async #serveRouter(id, six) {
        const { wrap } = this.network.routers[id];
        const services = new Program(process.execPath, [router_services, place.name, place.address, ...(six ? [place.six] : [])], { wrap });
        this.keep(services, () => services.kill());
        await services.says(/^ready$/m);
    }

    async #serveNeutralTarget() {
        const server = net.createServer((socket) => socket.on('error', () => {}).end()).listen(neutral.port, neutral.address);
        await once(server, 'listening');
        this.keep(server, () => new Promise((resolve) => server.close(resolve)));
    }
}
