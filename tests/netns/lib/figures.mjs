// SPDX-License-Identifier: Apache-2.0
// The figures of the benchmark as a table: how each is measured, and what is promised. Each has a bed of its own.

import { chargePoints } from './fleet.mjs';
import { routeOf } from './network_manager.mjs';

/// Longer than this is never.
const patience_s = 90;
const flapping_s = Number(process.env.BUSBAR_FLAPPING_S ?? 300);

const timed = ({ first_s, all_s }) => `${first_s.toFixed(1)} s to the first, ${all_s.toFixed(1)} s to all`;

/// What is measured, or "not within 90 s" for what never comes.
async function orNever(bed, id) {
    try {
        return timed(await bed.moved(id, '', { all_s: patience_s }));
    } catch (error) {
        if (!/in vain/.test(error.message)) throw error;
        return `not within ${patience_s} s`;
    }
}

const away = (fault) => async (bed) => {
    await bed.pass(15); // a connectivity check knows the uplinks by now
    bed.fault('lan', fault);
    return orNever(bed, 'wifi');
};

async function restart(bed) {
    await bed.central.front.down();
    await bed.pass(30);
    bed.mark();
    await bed.central.front.up();
    return orNever(bed, 'lan');
}

/// Counts how often the way changes while `story` runs.
async function changes(bed, story) {
    let way = bed.way();
    let count = 0;
    const look = setInterval(() => {
        const now = bed.way();
        if (now && now !== way) ++count;
        way = now || way;
    }, 100);
    await story();
    clearInterval(look);
    return count;
}

async function flapping(bed) {
    const count = await changes(bed, async () => {
        for (let n = 0; n < flapping_s / 16; ++n) {
            bed.fault('lan', 'black_hole');
            await bed.pass(8);
            bed.heal('lan');
            await bed.pass(8);
        }
    });
    const alive = bed.central.sessions.filter(({ heard_at, ended_at }) => ended_at === undefined && heard_at > Date.now() - 10_000);
    const online = new Set(alive.map(({ chargePoint }) => chargePoint)).size;
    return `switches: ${count} in ${flapping_s} s; online at the end: ${online} of ${chargePoints.length}`;
}

async function failback(bed) {
    bed.fault('lan', 'black_hole');
    await orNever(bed, 'wifi');
    bed.heal('lan');
    const healed = Date.now();
    const back = await orNever(bed, 'lan');
    await bed.pass(20);
    const since = (chargePoint) => bed.central.sessions.filter((one) => one.chargePoint === chargePoint && one.upgraded_at > healed).length;
    return `interruptions of one charge point: ${Math.max(...chargePoints.map(since))}; ${back}`;
}

/// measure(bed) gives a text; `failover` goes into the configuration.
export const figures = {
    carrier_loss: { what: 'carrier lost', promised: 'first < 2 s, all < 7 s', measure: away('carrier_loss') },
    address_removed: { what: 'address removed', promised: 'first < 2 s, all < 7 s', measure: away('address_removed') },
    black_hole: { what: 'black hole', promised: 'first < 12 s', measure: away('black_hole') },
    restart: { what: 'central system back after 30 s', promised: 'all < 10 s', measure: restart },
    flapping: { what: 'flapping, 8 s on and off', promised: '1 switch at most in 300 s', measure: flapping },
    failback: { what: 'failback, hold 10 s', promised: '1 interruption', measure: failback, failover: { failback_hold_s: 10 } },
};

/// Whose decision carries the sessions.
export const systems = {
    busbar: { name: 'busbar', way: (bed) => bed.uplinks().active },
    networkmanager: { name: 'NetworkManager', network_manager: true, way: (bed) => routeOf(bed.network) },
};
