// SPDX-License-Identifier: Apache-2.0
// What happens when: drawn from the seed before anything does, so that a seed repeats the same chaos.

import { Random } from './random.mjs';

/// Cars first; in a short life less long.
const begins_s = 12;
const begins_at_most = 0.2;
const gap_s = { least: 0.5, most: 6 };
/// For the rest of the time the process lives on, so that its growth shows.
const deaths_until = 0.55;
const daemon_deaths = new Set(['daemon_killed', 'daemon_stopped']);

/// An endless pack of the faults: each once, so that a short life has many kinds, then each as often as its weight.
function* pack(faults, random) {
    yield* random.shuffled(faults);
    for (;;) yield* random.shuffled(faults.flatMap((fault) => Array(fault.weight).fill(fault)));
}

const claimsOf = (fault, target) => [...fault.claims, ...(fault.claimsOf?.(target) ?? [])];

/// A target that no other fault has; undefined: there is none.
function freeTarget(fault, at, taken, random) {
    const isFree = (target) => claimsOf(fault, target).every((claim) => !(taken.get(claim) > at));
    return random.shuffled(fault.targets).map((target) => ({ target })).find(({ target }) => isFree(target));
}

/// `has`: what the place has; `only`: names of faults, all without it. Gives [{at_s, fault (a name), target, quantity, lasts_s}] in order.
export function drawPlan({ faults, seed, chaos_s, has, only }) {
    const random = new Random(seed);
    const taken = new Map(); // claim -> until when
    const possible = faults.filter(({ needs }) => !needs || has.includes(needs)).filter(({ name }) => !only || only.includes(name));
    if (possible.length === 0) return [];
    const plan = [];
    let at = Math.min(begins_s, chaos_s * begins_at_most);
    for (const fault of pack(possible, random)) {
        at += random.between(gap_s.least, gap_s.most);
        const lasts = random.between(...fault.lasts);
        const quantity = fault.draw?.(random);
        const free = freeTarget(fault, at, taken, random);
        if (at > chaos_s) return plan;
        if (!free || (daemon_deaths.has(fault.name) && at > chaos_s * deaths_until)) continue;
        const lasts_s = Math.min(lasts, Math.max(0.2, chaos_s - at));
        for (const claim of claimsOf(fault, free.target)) taken.set(claim, at + lasts_s + fault.rest);
        plan.push({ at_s: at, fault: fault.name, target: free.target, quantity, lasts_s });
    }
    return plan;
}
