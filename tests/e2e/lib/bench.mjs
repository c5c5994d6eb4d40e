// SPDX-License-Identifier: Apache-2.0
// A temporary folder and the programs that work in it; one call takes everything down again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CentralSystem } from './central_system.mjs';
import { Authority } from './certificates.mjs';
import { Daemon } from './daemon.mjs';
import { Simulator } from './simulator.mjs';

/// Makes what it is asked for, and takes it down in the reverse order.
export class Bench {
    dir = mkdtempSync(join(tmpdir(), 'busbar-'));
    #stops = [];

    /// Remembers how to end something; gives it back.
    keep(thing, stop) {
        this.#stops.push(stop);
        return thing;
    }

    async simulator(options, name = 'line') {
        const simulator = await Simulator.start(this.dir, name, options);
        return this.keep(simulator, () => simulator.stop());
    }

    authority(name = 'ca') {
        return new Authority(join(this.dir, name), name);
    }

    async central(options) {
        this.system = await CentralSystem.start(options);
        return this.keep(this.system, () => this.system.goAway());
    }

    daemon(configuration) {
        this.gateway = new Daemon(this.dir, configuration);
        return this.keep(this.gateway, () => this.gateway.program?.kill());
    }

    async end() {
        const errors = [];
        for (const stop of this.#stops.reverse()) await Promise.resolve(stop()).catch((error) => errors.push(error));
        rmSync(this.dir, { recursive: true, force: true });
        if (errors.length > 0) throw new AggregateError(errors, 'cleaning up');
    }

    story() {
        const frames = this.system?.calls.map((call) => `${new Date(call.at).toISOString()} ${call.chargePoint} ${call.action} ${JSON.stringify(call.params)}`);
        return [`--- OCPP, as it arrived`, ...(frames ?? []), `--- the daemon's log`, this.gateway?.log ?? ''].join('\n');
    }
}
