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

/// What can happen at `at`: of those that found no place before, else the next of the pack that finds one.
function nextFault({ waiting, drawn, taken, random, mayHappen }, at) {
    for (const fault of [...waiting]) {
        const free = freeTarget(fault, at, taken, random);
        if (free) waiting.splice(waiting.indexOf(fault), 1);
        if (free && mayHappen(fault, at)) return { fault, ...free };
    }
    const fault = drawn.next().value;
    const free = freeTarget(fault, at, taken, random);
    if (!free) waiting.push(fault);
    return free && mayHappen(fault, at) ? { fault, ...free } : undefined;
}

/// `has`: what the place has; `only`: names of faults, all without it. Gives [{at_s, fault (a name), target, quantity,
/// lasts_s}] in order.
export function drawPlan({ faults, seed, chaos_s, has, only }) {
    const random = new Random(seed);
    const taken = new Map(); // claim -> until when
    const possible = faults.filter(({ needs }) => !needs || has.includes(needs)).filter(({ name }) => !only || only.includes(name));
    if (possible.length === 0) return [];
    const mayHappen = ({ name }, at) => !daemon_deaths.has(name) || at <= chaos_s * deaths_until;
    const draws = { waiting: [], drawn: pack(possible, random), taken, random, mayHappen };
    const plan = [];
    for (let at = Math.min(begins_s, chaos_s * begins_at_most); at <= chaos_s; at += random.between(gap_s.least, gap_s.most)) {
        const next = nextFault(draws, at);
        if (!next) continue;
        const { fault, target } = next;
        const lasts_s = Math.min(random.between(...fault.lasts), Math.max(0.2, chaos_s - at));
        for (const claim of claimsOf(fault, target)) taken.set(claim, at + lasts_s + fault.rest);
        plan.push({ at_s: at, fault: fault.name, target, quantity: fault.draw?.(random), lasts_s });
    }
    return plan;
}
