// SPDX-License-Identifier: Apache-2.0
// Twenty charge points on one line of simulated chargers, and the gateway's configuration for them and its uplinks.

import { charger, tcpBus } from '../../e2e/lib/daemon.mjs';
import { until } from '../../e2e/lib/wait.mjs';
import { neutral, six as prefixes, uplinks } from './network.mjs';

export const count = 20;
export const sample_s = 5;
const units = Array.from({ length: count }, (_, index) => index + 1);

export const chargePointOf = (unit) => `CP${String(unit).padStart(2, '0')}`;
export const chargePoints = units.map(chargePointOf);

/// Each counter starts elsewhere, so that no two can be mistaken for each other.
const boxes = units.map((unit) => `amperfied:${unit},battery_wh=1000000,energy_wh=${100_000 + 1000 * unit}`);

const chargers = units.map((unit) =>
    charger(chargePointOf(unit), {
        unit_id: unit,
        profile: 'amperfied-connect',
        poll_interval_ms: 1000,
        lost_after_s: 30,
        configuration: { MeterValueSampleInterval: String(sample_s) },
    }));

export const passwords = Object.fromEntries(chargers.map(({ id, password }) => [id, password]));

const uplink = (id, priority, six) => {
    const { interface: device, kind, net, metered } = uplinks[id];
    return { id, interface: device, kind, role: 'uplink', priority, dns: [six === 'alone' ? `${prefixes.net}:1` : `${net}.1`], ...(metered && { metered }) };
};

/// `ids` are the uplinks, the preferred one first; none: the system's routing decides. `six`: as for Network.
export const configuration = ({ url, ca_file, simulator, ids, six, failover }) => ({
    central_system: { url, ca_file },
    buses: [tcpBus(simulator)],
    chargers,
    ...(ids.length > 0 && {
        uplinks: ids.map((id, index) => uplink(id, index + 1, index === 0 && six)),
        network: { manager: 'none' },
        failover: { neutral_targets: [`${neutral.address}:${neutral.port}`], ...failover },
    }),
    time: { sync_source: 'none' },
});

export class Fleet {
    static async start(bench, wrap) {
        const made = new Fleet();
        made.simulator = await bench.simulator({ pty: false, boxes, speed: 10, wrap });
        return made;
    }

    /// A car at every charger, and a transaction at every charge point.
    async plugIn(central) {
        this.meters = {};
        for (const unit of units) {
            const { energy_wh } = await this.simulator.show(unit);
            this.meters[chargePointOf(unit)] = { meter_start: Math.floor(energy_wh) };
            await this.simulator.plug(unit);
        }
        // A sample under its transaction's id shows that the answer to StartTransaction has arrived.
        const charging = () => new Set(central.select('MeterValues').map(({ chargePoint }) => chargePoint)).size;
        await until(() => `samples of ${count} transactions; so far of ${charging()}`, () => charging() >= count, 40_000);
    }

    /// The cars leave; gives what each charger counted: {charge point: {meter_start, meter_stop}}.
    async unplug(central, within_ms) {
        for (const unit of units) {
            await this.simulator.unplug(unit);
            const { energy_wh } = await this.simulator.show(unit);
            this.meters[chargePointOf(unit)].meter_stop = Math.floor(energy_wh);
        }
        const stopped = () => new Set(central.select('StopTransaction').map(({ chargePoint }) => chargePoint)).size;
        await until(() => `${count} StopTransaction; so far ${stopped()}`, () => stopped() >= count, within_ms);
        return this.meters;
    }
}
