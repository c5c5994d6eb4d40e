// SPDX-License-Identifier: Apache-2.0
// The life of one charging place: cars come, charge, pause, are full, leave. What it writes down is what the charger itself
// counted; the gateway's status it reads only to know when the next car may come.

import { setTimeout as sleep } from 'node:timers/promises';

import { limitTo } from '../../e2e/lib/charging.mjs';
import { Random } from './random.mjs';

const battery_wh = 1_000_000;
const step_ms = 250;
const seconds = (count) => count * 1000;

/// A limit for all transactions, from the moment it is taken.
function profile(amps) {
    const request = limitTo(amps, { purpose: 'TxDefaultProfile' });
    delete request.csChargingProfiles.chargingSchedule.startSchedule;
    request.csChargingProfiles.chargingProfileKind = 'Relative';
    return request;
}

export class Driver {
    /// {plugged_at, meter_start, unplugged_at, meter_stop}, times in ms, meters in Wh with fractions.
    visits = [];
    /// {asked_at, answered_at, amps, answer}: limits of the central system; `answer` without a status: nobody knows.
    limits = [];

    #site;
    #charger;
    #random;
    #ends_at = Infinity;

    constructor(site, charger, index, seed) {
        this.#site = site;
        this.#charger = charger;
        this.#random = new Random(seed, index + 1);
    }

    /// Lives until `ends_at` (ms) at the latest; a car that is there then leaves.
    async live(ends_at) {
        this.#ends_at = ends_at;
        await this.#rest(seconds(this.#random.between(0, 6)));
        while (this.#goesOn()) {
            await this.#visit();
            if (!(await this.#noticed())) return;
            await this.#rest(seconds(this.#random.between(0, 12)));
        }
    }

    #goesOn = () => Date.now() < this.#ends_at;
    #tell = (word, ...more) => this.#site.simulators[this.#charger.line].tell(word, this.#charger.unit, ...more);

    async #rest(ms) {
        await sleep(Math.max(0, Math.min(ms, this.#ends_at - Date.now())));
    }

    async #visit() {
        await this.#tell('battery', battery_wh);
        const before = await this.#tell('show');
        const visit = { plugged_at: Date.now(), meter_start: before.energy_wh };
        this.visits.push(visit);
        await this.#tell('plug');
        const happenings = [() => this.#limit(), () => this.#limit(), () => this.#pause(), () => this.#fill()];
        for (let left = this.#random.whole(0, 3); left > 0 && this.#goesOn(); --left) {
            await this.#rest(seconds(this.#random.between(1, 15)));
            await this.#random.pick(happenings)();
        }
        await this.#rest(seconds(this.#random.between(1, 20)));
        await this.#tell('unplug');
        visit.unplugged_at = Date.now();
        visit.meter_stop = (await this.#tell('show')).energy_wh;
    }

    async #ask(amps) {
        const asked = { asked_at: Date.now(), amps };
        this.limits.push(asked);
        asked.answer = (await this.#site.central.call(this.#charger.id, 'SetChargingProfile', profile(amps))).result ?? {};
        asked.answered_at = Date.now();
    }

    #limit = () => this.#ask(this.#random.whole(6, 16));

    async #pause() {
        await this.#ask(0);
        await this.#rest(seconds(this.#random.between(3, 12)));
        await this.#limit();
    }

    /// The car has enough; sometimes it wants more later.
    async #fill() {
        await this.#tell('battery', 0);
        await this.#rest(seconds(this.#random.between(2, 10)));
        if (!this.#random.once(3)) await this.#tell('battery', battery_wh);
    }

    /// Waits until the gateway has seen that the car is gone: two visits with nobody looking between them would be one to
    /// it. False: the end came first.
    async #noticed() {
        while (this.#goesOn()) {
            if (this.#site.saysFree(this.#charger.id, this.visits.at(-1).unplugged_at)) return true;
            await sleep(step_ms);
        }
        return false;
    }
}
