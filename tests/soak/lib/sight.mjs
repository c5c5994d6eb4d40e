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

    /// What kept the gateway from this charger at some moment of [from, to]; undefined: nothing.
    excuse(charger, from, to = from) {
        return this.windows.find((one) => (one.who === charger || one.who === 'all') && meet(from, to, one));
    }

    /// A clock that was wrong at some moment of [from, to].
    wrongClock(from, to) {
        return this.windows.find((one) => one.who === 'clock' && meet(from, to, one));
    }
}
