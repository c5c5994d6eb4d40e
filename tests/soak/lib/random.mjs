// SPDX-License-Identifier: Apache-2.0
// Chance by seed: the same seed gives the same numbers on every machine.

const golden = 0x9e3779b9;

/// mulberry32. Each of them is a stream of its own; `salt` tells the streams of one seed apart.
export class Random {
    #state;

    constructor(seed, salt = 0) {
        this.#state = (seed ^ Math.imul(salt + 1, golden)) >>> 0;
    }

    /// 0 up to 1, without 1.
    next() {
        this.#state = (this.#state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    between = (least, most) => least + this.next() * (most - least);
    whole = (least, most) => Math.floor(this.between(least, most + 1));
    pick = (list) => list[this.whole(0, list.length - 1)];
    /// True once in `times`.
    once = (times) => this.next() * times < 1;

    shuffled(list) {
        const left = [...list];
        const out = [];
        while (left.length > 0) out.push(...left.splice(this.whole(0, left.length - 1), 1));
        return out;
    }
}
