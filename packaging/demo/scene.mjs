// SPDX-License-Identifier: Apache-2.0
// The scene of the demo: two Heidelberg boxes on one RS485 line (a pty pair), an Amperfied box on Modbus TCP, a
// central system behind TLS 1.2, and the gateway between them.

import { Bench } from '../../tests/e2e/lib/bench.mjs';
import { centralSystem, charger, serialBus, tcpBus } from '../../tests/e2e/lib/daemon.mjs';

const speed = 120; // batteries and meters; a minute of charging passes in half a second
const metering = { MeterValueSampleInterval: '2', MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import' };

/// The chargers by the names their charge points have.
const cast = {
    'GARAGE-1': { line: 'rs485', unit: 1, profile: 'heidelberg-energy-control', authorization: { mode: 'free', id_tag: 'GARAGE' } },
    'GARAGE-2': { line: 'rs485', unit: 2, profile: 'heidelberg-energy-control', authorization: { mode: 'remote' } },
    'CARPORT': { line: 'lan', unit: 255, profile: 'amperfied-connect', authorization: { mode: 'free', id_tag: 'CARPORT' } },
};

/// One charger of the scene: the charge point that the central system knows and the simulated box behind it.
class Station {
    constructor(id, simulator, central, { unit }) {
        this.id = id;
        this.unit = unit;
        this.simulator = simulator;
        this.central = central;
    }

    plug = () => this.simulator.plug(this.unit);
    unplug = () => this.simulator.unplug(this.unit);
    show = () => this.simulator.show(this.unit);
    limit = (amps) => this.simulator.limit(amps, this.unit);
    status = (status) => this.central.status(status, { chargePoint: this.id, within_ms: 30_000 });
    next = (action, where) => this.central.next(action, { chargePoint: this.id, where, within_ms: 30_000 });
    call = (action, params) => this.central.call(this.id, action, params);
}

export class Scene {
    bench = new Bench();
    stations = {};

    async open() {
        const rs485 = await this.bench.simulator({ pty: true, boxes: ['heidelberg:1,battery_wh=60000', 'heidelberg:2,battery_wh=60000'], speed }, 'rs485');
        const lan = await this.bench.simulator({ pty: false, boxes: ['amperfied:255,battery_wh=60000'], speed }, 'lan');
        const chargers = Object.entries(cast).map(([id, { line, unit, ...rest }]) => charger(id, { ...rest, bus: line, unit_id: unit, lost_after_s: 10, poll_interval_ms: 500, configuration: metering }));
        const authority = this.bench.authority();
        const passwords = Object.fromEntries(chargers.map(({ id, password }) => [id, password]));
        this.central = await this.bench.central({ certificate: authority.issue(), passwords });
        for (const [id, role] of Object.entries(cast)) {
            this.stations[id] = new Station(id, role.line === 'lan' ? lan : rs485, this.central, role);
        }
        this.daemon = this.bench.daemon({
            central_system: centralSystem(this.central, authority),
            buses: [serialBus(rs485, 'rs485'), tcpBus(lan, 'lan')],
            chargers,
        });
        this.daemon.start();
    }

    close() {
        return this.bench.end();
    }
}
