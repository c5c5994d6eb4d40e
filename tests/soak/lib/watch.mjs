// SPDX-License-Identifier: Apache-2.0
// Looks each second at every charger and at the daemon, and writes down what it sees.

import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { get } from '../../e2e/lib/api.mjs';
import { chargers } from './fleet.mjs';

const look_each_ms = 1000;
const current_register = 261; // 0.1 A
const not_ours = new Set(['filler']);

const number = (text, name) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1] ?? NaN);

/// The inodes of sockets that lead to `port`, as a process's network shows them, whatever their state.
function socketsTo(port, pid) {
    const rows = ['tcp', 'tcp6'].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, 'utf8').trim().split('\n').slice(1));
    const fields = rows.map((row) => row.trim().split(/\s+/));
    return new Set(fields.filter(([, , remote]) => parseInt(remote.split(':')[1], 16) === port).map((row) => `socket:[${row[9]}]`));
}

/// What a process has: PSS in kB, threads, links to the central system's `port`, descriptors of everything else. Undefined: it is gone.
function belongings(pid, port) {
    try {
        const descriptors = readdirSync(`/proc/${pid}/fd`).map((fd) => {
            try {
                return readlinkSync(`/proc/${pid}/fd/${fd}`);
            } catch {
                return undefined;
            }
        });
        const to_central = socketsTo(port, pid);
        const links = descriptors.filter((what) => to_central.has(what)).length;
        return {
            links,
            pss_kb: number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss'),
            threads: number(readFileSync(`/proc/${pid}/status`, 'utf8'), 'Threads'),
            descriptors: descriptors.filter(Boolean).length - links,
        };
    } catch {
        return undefined;
    }
}

/// {file: bytes} below `dir`.
function filesBelow(dir, at = '') {
    return Object.assign({}, ...readdirSync(join(dir, at), { withFileTypes: true }).filter(({ name }) => !not_ours.has(name)).map((entry) => {
        const name = join(at, entry.name);
        if (entry.isDirectory()) return filesBelow(dir, name);
        return entry.isFile() ? { [name]: statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0 } : {};
    }));
}

export class Watch {
    /// {charger: [{at, energy_wh, limit_a (what it offers), plugged}]}: what each charger showed.
    shown = Object.fromEntries(chargers.map(({ id }) => [id, []]));
    /// {charger: [{at, amps}]}: each current that was written to it.
    written = Object.fromEntries(chargers.map(({ id }) => [id, []]));
    /// [{at, run, pss_kb, links, descriptors, threads, state_bytes}] of the daemon's process.
    owned = [];
    /// {file: bytes} of the state directory at the last look.
    files = {};
    /// The newest status of the gateway and when it was asked for.
    status = { asked_at: 0 };

    #site;
    #write_counts = {};
    #stopped = false;

    constructor(site) {
        this.#site = site;
        this.began = Date.now();
    }

    /// Looks until stop().
    async run() {
        this.running = this.#look();
        this.asking = this.#ask();
    }

    async stop() {
        this.#stopped = true;
        await Promise.all([this.running, this.asking]);
    }

    async #look() {
        while (!this.#stopped) {
            const next = Date.now() + look_each_ms;
            await Promise.all(chargers.map((one) => this.#lookAt(one)));
            this.#count();
            await sleep(Math.max(0, next - Date.now()));
        }
    }

    async #ask() {
        while (!this.#stopped) {
            const asked_at = Date.now();
            try {
                const status = await this.#timely(get(this.#site.gateway, '/status'));
                this.status = { asked_at, points: Object.fromEntries(status.charge_points.map((point) => [point.id, point])), whole: status };
            } catch {
                this.status = { asked_at: 0 }; // it is not there
            }
            await sleep(look_each_ms);
        }
    }

    #timely(work) {
        work.catch(() => {});
        return Promise.race([work, sleep(2 * look_each_ms).then(() => Promise.reject(new Error('late')))]);
    }

    async #lookAt({ id, line, unit }) {
        const box = await this.#site.simulators[line].tell('show', unit);
        this.shown[id].push({ at: Date.now(), energy_wh: box.energy_wh, limit_a: box.offer_a, plugged: box.plugged });
        if (box.writes === this.#write_counts[id]) return;
        this.#write_counts[id] = box.writes;
        const all = await this.#site.simulators[line].tell('writes', unit);
        const since = this.#site.simulators[line].began;
        const seen = this.written[id].at(-1)?.t_ms ?? -1;
        for (const { t_ms, address, value } of all) {
            if (address === current_register && t_ms > seen) this.written[id].push({ t_ms, at: since + t_ms, amps: value / 10 });
        }
    }

    #count() {
        const { program, state_dir } = this.#site.gateway;
        const own = program?.running && belongings(program.child.pid, this.#site.place.where.port);
        if (!own) return;
        this.files = filesBelow(state_dir);
        const state_bytes = Object.values(this.files).reduce((sum, bytes) => sum + bytes, 0);
        this.owned.push({ at: Date.now(), run: this.#site.runs, ...own, state_bytes });
    }
}
