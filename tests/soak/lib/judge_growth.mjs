// SPDX-License-Identifier: Apache-2.0
// Whether the daemon's longest life ended with more than it began with, once it was warm. Pure.

const warm_after_ms = 45_000;
/// Shorter lives say nothing about memory.
const least_life_ms = 120_000;
/// What it had at most in so many looks when it was warm, its links up and down, is held against what it has at rest.
const looked_at_first = 60;
const looked_at_last = 10;

/// What may be more at the end. Descriptors: without the connections to the central system (`links`), which come and go; of those one
/// a charge point may be there. Memory: what SQLite's caches and the rings of trace, log and history take until they are
/// full. Disk: sessions, and a write-ahead log that was long once stays so.
const may_grow = {
    pss_kb: { by: 3000, unit: 'kB of memory' },
    descriptors: { by: 2, unit: 'descriptors' },
    threads: { by: 0, unit: 'threads' },
    state_bytes: { by: 6_000_000, unit: 'bytes on the disk' },
};

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const most = (values) => Math.max(...values);

/// {run, life_s, begin, end: {pss_kb, descriptors, threads, state_bytes}} of the last life; undefined: it was too short.
export function growth({ owned }) {
    const last_run = owned.at(-1)?.run;
    const life = owned.filter(({ run }) => run === last_run);
    const warm = life.filter(({ at }) => at >= life[0].at + warm_after_ms);
    if (life.length === 0 || life.at(-1).at - life[0].at < least_life_ms) return undefined;
    const at = (looks, by) => Object.fromEntries(Object.keys(may_grow).map((key) => [key, by(looks.map((look) => look[key]))]));
    const end = { ...at(warm.slice(-looked_at_last), median), links: median(warm.slice(-looked_at_last).map(({ links }) => links)) };
    return { run: last_run, life_s: (life.at(-1).at - life[0].at) / 1000, begin: at(warm.slice(0, looked_at_first), most), end };
}

export function growthComplaints(evidence) {
    const grown = growth(evidence);
    if (!grown) return [];
    const points = evidence.chargers.length;
    const forgotten = grown.end.links > points ? [{ at: evidence.ended_at, who: 'busbard', what: `${grown.end.links} connections to the central system for ${points} charge points` }] : [];
    const more = Object.entries(may_grow)
        .filter(([key]) => key !== 'pss_kb' || !evidence.sanitized) // a sanitizer keeps what was freed
        .filter(([key, { by }]) => grown.end[key] > grown.begin[key] + by)
        .map(([key, { unit }]) => ({ at: evidence.ended_at, who: 'busbard', what: `grew from ${grown.begin[key]} to ${grown.end[key]} ${unit} in ${grown.life_s.toFixed(0)} s` }));
    return [...forgotten, ...more];
}
