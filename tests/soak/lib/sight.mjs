// SPDX-License-Identifier: Apache-2.0
// When the gateway could not know or not do what is asked of it. The judges take this for the only excuse.

/// Whether [from, to] and [begin, end] have a moment in common.
const meet = (from, to, { begin, end }) => from <= end && begin <= to;

export class Sight {
    /// {who: a charger, or "all", or "clock", why, begin, end} in ms; without an end yet: Infinity.
    windows = [];

    open(who, why) {
        const opened = { who, why, begin: Date.now(), end: Infinity };
        this.windows.push(opened);
        return opened;
    }

    /// `afterwards_ms`: how long it takes until all is known again.
    close(opened, afterwards_ms = 0) {
        opened.end = Date.now() + afterwards_ms;
    }

    static over = (windows) => Object.assign(new Sight(), { windows: windows.map((one) => ({ ...one, end: one.end ?? Infinity })) });

    #of = (charger) => this.windows.filter(({ who }) => who === charger || who === 'all');

    /// What kept the gateway from this charger at some moment of [from, to], of several what began first; `before`: only what
    /// began earlier than that. Undefined: nothing.
    excuse(charger, from, to = from, before = undefined) {
        const found = this.#of(charger).filter((one) => meet(from, to, one) && (!before || one.begin < before.begin));
        return found.reduce((first, one) => (first && first.begin <= one.begin ? first : one), undefined);
    }

    /// Whether this was why at that moment.
    because = (charger, why, at) => this.#of(charger).some((one) => one.why === why && meet(at, at, one));

    /// A clock that was wrong at some moment of [from, to].
    wrongClock(from, to) {
        return this.windows.find((one) => one.who === 'clock' && meet(from, to, one));
    }
}
