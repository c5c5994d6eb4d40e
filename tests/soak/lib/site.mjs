// SPDX-License-Identifier: Apache-2.0
// Everything that is there: the place, the chargers, the central system, the gateway; and what can be done to the gateway.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { Bench } from '../../e2e/lib/bench.mjs';
import { Daemon } from '../../e2e/lib/daemon.mjs';
import { Program } from '../../e2e/lib/processes.mjs';
import { Central } from './central.mjs';
import { Clock } from './clock.mjs';
import { configuration, passwords, startSimulators } from './fleet.mjs';
import { Loopback, Namespaces } from './place.mjs';
import { Sight } from './sight.mjs';
import { Watch } from './watch.mjs';

const stops_within_ms = 5000;
/// How long after a start, or after it stood still, the gateway needs to know its chargers again.
const knows_all_after_ms = 12_000;
const read_lately_ms = 300;

export class Site extends Bench {
    /// What went wrong at once, for everybody to see: {at, who, what}.
    findings = [];
    sight = new Sight();
    /// The daemon's processes so far.
    runs = 0;

    #absent; // the window of sight while the daemon is away
    #clock_is_off;

    /// `lacks`: why there are no namespaces; '' in namespaces. `log_file`: for all that the daemon says.
    static async make({ lacks, log_file, patience }) {
        const site = new Site();
        site.log_file = log_file;
        site.patience = patience;
        site.place = await (lacks ? Loopback : Namespaces).make(site, lacks);
        site.clock = Clock.possible ? new Clock(site.dir) : undefined;
        if (!site.clock) site.place.lacks.push('no steps of the clock: busbar_wrong_clock is not built');
        const authority = site.authority();
        site.simulators = await startSimulators(site, site.place.box_wrap);
        site.central = await Central.start(site, { where: site.place.where, certificate: authority.issue({ names: site.place.names }), passwords });
        site.gateway = new Daemon(site.dir, configuration({ url: site.place.url, ca_file: authority.file, simulators: site.simulators, more: site.place.more }));
        site.place.prepareDisk(site, site.gateway.state_dir);
        site.keep(site.gateway, () => site.gateway.program?.kill());
        site.watch = new Watch(site);
        return site;
    }

    get front() {
        return this.central.front;
    }

    /// What faults may need of the place.
    get has() {
        return [...(this.place.more.uplinks ? ['uplinks'] : []), ...(this.clock ? ['clock'] : [])];
    }

    found(who, what) {
        this.findings.push({ at: Date.now(), who, what });
    }

    startDaemon() {
        ++this.runs;
        this.#absent ??= this.sight.open('all', 'the gateway has just started');
        const wrap = [...this.place.daemon_wrap, ...(this.clock?.wrap ?? [])];
        const program = new Program('busbard', this.gateway.arguments('--log-level', 'info'), { wrap });
        const run = this.runs;
        for (const stream of [program.child.stdout, program.child.stderr]) {
            stream.on('data', (text) => appendFileSync(this.log_file, text.replace(/^(?=.)/gm, `${new Date().toISOString()} `)));
        }
        this.gateway.program = program;
        program.wanted = true;
        program.ended.then(({ code, signal }) => {
            if (program.wanted) this.found('busbard', `run ${run} ended by itself (${code ?? signal}): ${program.output.slice(-2000)}`);
        });
        this.sight.close(this.#absent, knows_all_after_ms * this.patience);
        this.#absent = undefined;
    }

    #leave(why) {
        this.#absent ??= this.sight.open('all', why);
        this.gateway.program.wanted = false;
    }

    async killDaemon() {
        this.#leave('the gateway was killed');
        await this.gateway.kill();
    }

    async stopDaemon() {
        this.#leave('the gateway was stopped');
        const asked_at = Date.now();
        const code = await this.gateway.stop();
        const lasted_ms = Date.now() - asked_at;
        if (code !== 0) this.found('busbard', `ended with ${code} when it was told to stop: ${this.gateway.program.output.slice(-2000)}`);
        if (lasted_ms > stops_within_ms * this.patience) this.found('busbard', `took ${lasted_ms} ms to stop`);
    }

    signal(name) {
        this.gateway.program.child.kill(name);
        if (name === 'SIGSTOP') this.#absent = this.sight.open('all', 'the gateway is frozen');
        else this.sight.close(this.#absent, knows_all_after_ms * this.patience);
        if (name === 'SIGCONT') this.#absent = undefined;
    }

    stepClock(seconds) {
        this.clock.step(seconds);
        if (seconds !== 0) this.#clock_is_off = this.sight.open('clock', `the clock is off by ${seconds} s`);
        else this.sight.close(this.#clock_is_off, knows_all_after_ms);
    }

    /// The gateway's word, asked for after `since`, that a charger has no car and no transaction.
    saysFree(charger, since) {
        const { asked_at, points } = this.watch.status;
        if (asked_at < since + read_lately_ms) return false;
        const [connector] = points[charger]?.connectors ?? [];
        return connector?.status === 'Available' && !connector.transaction;
    }

    /// Who is not at rest yet: not connected, with messages that wait, or not free. Undefined: the gateway does not answer.
    restless() {
        return this.watch.status.whole?.charge_points
            .filter(({ registration, queue, link, connectors }) =>
                registration !== 'Accepted' || link.state !== 'connected' || queue > 0 || connectors[0].status !== 'Available' || connectors[0].transaction)
            .map(({ id, registration, queue, link, connectors }) => `${id}: ${link.state} ${registration}, ${queue} messages, ${connectors[0].status}`);
    }

    database = (name) => join(this.gateway.state_dir, name);
}
