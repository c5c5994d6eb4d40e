// SPDX-License-Identifier: Apache-2.0
// The stage for abuse: some charge points face raw peers; beside them CP2 charges on a strict central system and must
// not notice.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { charge, limitTo } from './charging.mjs';
import { centralSystem, charger, serialBus } from './daemon.mjs';
import { programs } from './processes.mjs';
import { RawCentral } from './raw_peer.mjs';
import { bench } from './scenario.mjs';
import { until } from './wait.mjs';

const sanitized = readFileSync(join(programs, 'busbard')).includes('__asan_init');

/// Samples come every second; a busy machine may hold one up.
const longest_gap_ms = 6000;

class Stage {
    constructor(parts) {
        Object.assign(this, parts);
    }

    /// The daemon's resident memory in MB.
    get memory() {
        const status = readFileSync(`/proc/${this.daemon.program.child.pid}/status`, 'utf8');
        return Number(status.match(/VmRSS:\s+(\d+) kB/)[1]) / 1024;
    }

    /// `work` must not make the daemon grow by more than 20 MB. Under AddressSanitizer, which keeps what is freed, this
    /// says nothing and is not asked.
    async bounded(work) {
        const before = this.memory;
        const result = await work();
        const grown = this.memory - before;
        if (!sanitized) assert.ok(grown < 20, `grown by ${grown.toFixed(1)} MB from ${before.toFixed(1)} MB`);
        return result;
    }

    /// A new limit for CP2 is confirmed and in force at the box.
    async obeys(amps) {
        const asked = Date.now();
        assert.deepEqual(await this.central.call('CP2', 'SetChargingProfile', limitTo(amps, { transactionId: this.transactionId })), { status: 'Accepted' });
        await this.sim.limit(amps, 2);
        return Date.now() - asked;
    }

    /// CP2 has one connection and samples without a gap since the beginning; the others said nothing that OCPP forbids.
    undisturbed() {
        const mine = { chargePoint: 'CP2' };
        const times = this.central.select('MeterValues', mine).map((call) => call.at);
        const gaps = [...times, Date.now()].slice(1).map((time, n) => time - times[n]);
        assert.ok(Math.max(...gaps) < longest_gap_ms, `a gap in CP2's samples: ${gaps}`);
        assert.equal(this.central.upgrades.length, 1, 'CP2 was connected all the time');
        assert.equal(this.central.select('BootNotification', mine).length, 1);
        assert.equal(this.central.select('StopTransaction', mine).length, 0);
        assert.deepEqual(this.raws.flatMap((raw) => raw.problems), [], 'what was sent against the specification');
        assert.equal(this.daemon.program.running, true);
    }
}

/// A test in which `body(stage)` abuses `count` charge points: stage.raws, the first of them stage.raw (CP1).
export function abuse(name, body, { count = 1, within_ms = 90_000 } = {}) {
    bench(
        name,
        async (made) => {
            const authority = made.authority();
            const ids = ['CP1', 'CP3', 'CP4', 'CP5'].slice(0, count);
            const raws = ids.map((id) => new RawCentral(id));
            const sim = await made.simulator({ pty: true, boxes: ['heidelberg:2,battery_wh=100000'] });
            const takes = (request, socket) => raws.some((raw) => raw.takes(request, socket));
            const central = await made.central({ certificate: authority.issue(), takes });
            const daemon = made.daemon({
                central_system: centralSystem(central, authority),
                buses: [serialBus(sim), { id: 'nothing', kind: 'tcp', host: '127.0.0.1', port: 1 }],
                chargers: [
                    ...ids.map((id, n) => charger(id, { bus: 'nothing', unit_id: n + 1 })),
                    charger('CP2', { unit_id: 2, configuration: { MeterValueSampleInterval: '1' } }),
                ],
            });
            daemon.start();
            const { transactionId } = await charge({ sim, central }, { unit: 2, chargePoint: 'CP2' });
            await until('samples', () => central.select('MeterValues').length > 0);
            const stage = new Stage({ raws, raw: raws[0], sim, central, daemon, transactionId });
            await body(stage);
            await stage.obeys(11);
            stage.undisturbed();
        },
        within_ms,
    );
}
