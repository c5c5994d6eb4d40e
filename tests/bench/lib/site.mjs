// SPDX-License-Identifier: Apache-2.0
// Simulated chargers on Modbus TCP, and the daemon that serves them, started by the driver.

import { Bench } from '../../e2e/lib/bench.mjs';
import { Daemon, charger, tcpBus } from '../../e2e/lib/daemon.mjs';
import { Driver } from './driver.mjs';

export const per_bus = 20;

export class Site {
    made = new Bench();

    static async make() {
        const site = new Site();
        site.dir = site.made.dir;
        site.authority = site.made.authority();
        site.driver = await Driver.start(site.dir, site.authority);
        site.made.keep(site.driver, () => site.driver.stop());
        return site;
    }

    /// `count` chargers, `per_bus` on a bus; `charging`: with a car each. `settings`: of each charger, `box`: of each box.
    async build(count, { charging = false, settings = {}, box = '' } = {}) {
        this.sims = [];
        const chargers = [];
        for (let first = 0; first < count; first += per_bus) {
            const units = Array.from({ length: Math.min(per_bus, count - first) }, (_, index) => index + 1);
            const name = `line${this.sims.length + 1}`;
            const boxes = units.map((unit) => `heidelberg:${unit},plugged=${Number(charging)},battery_wh=900000,answers_after_ms=0,wants_gap_ms=0,ignores_below_ms=0${box}`);
            this.sims.push(await this.made.simulator({ tcp: true, boxes }, name));
            for (const unit of units) chargers.push(charger(`CP${first + unit}`, { bus: name, unit_id: unit, poll_interval_ms: 1000, lost_after_s: 30, ...settings }));
        }
        this.daemon = new Daemon(this.dir, {
            central_system: { url: `wss://127.0.0.1:${this.driver.port}/ocpp`, ca_file: this.authority.file },
            buses: this.sims.map((sim, index) => tcpBus(sim, `line${index + 1}`)),
            chargers,
        });
        this.count = count;
    }

    async start() {
        this.pid = await this.driver.run('busbard', ...this.daemon.arguments('--log-level', 'warning'));
        return this.pid;
    }
    accepted = (within_ms) => this.driver.shows(`${this.count} accepted`, ({ accepted }) => accepted === this.count, within_ms);
    charging = (within_ms) => this.driver.shows(`${this.count} transactions`, ({ transactions }) => transactions >= this.count, within_ms);

    /// Bare connections in place of the daemon.
    async floor(count) {
        const pid = await this.driver.run('busbar_bench_floor', this.driver.port, this.authority.file, count);
        await this.driver.shows(`${count} bare connections`, ({ accepted }) => accepted === count);
        return pid;
    }

    async end() {
        await this.made.end();
    }
}

/// A site for `work`, taken down whatever happens.
export async function withSite(work) {
    const site = await Site.make();
    try {
        return await work(site);
    } finally {
        await site.end();
    }
}
