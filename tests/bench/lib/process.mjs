// SPDX-License-Identifier: Apache-2.0
// What the kernel counts of a process.

import { readFileSync, readdirSync } from 'node:fs';

const field = (text, name) => Number(text.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))[1]);

/// MB (10^6 bytes) resident, proportional, and its own alone.
export function memory(pid) {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const mb = (name) => (field(text, name) * 1024) / 1e6;
    return { rss: mb('Rss'), pss: mb('Pss'), private: mb('Private_Dirty') + mb('Private_Clean'), threads: readdirSync(`/proc/${pid}/task`).length };
}

/// CPU seconds of all threads so far.
export function cpu(pid) {
    const times = readdirSync(`/proc/${pid}/task`).map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
    return times.reduce((sum, time) => sum + time, 0) / 1e9;
}

/// Bytes it made the kernel write to disks so far, as pages; on tmpfs 0.
export const written = (pid) => field(readFileSync(`/proc/${pid}/io`, 'utf8'), 'write_bytes');
