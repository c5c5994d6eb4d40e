// SPDX-License-Identifier: Apache-2.0
// The daemon beside the least that could do its work, in one run: tests/bench/run.sh [--short] [PART...]
// The table goes to standard error, JSON to standard output.

import { readFileSync } from 'node:fs';
import os from 'node:os';

import { disk, drain } from './lib/part_disk.mjs';
import { calls, reconnect, start, statuses } from './lib/part_link.mjs';
import { idle, sizes } from './lib/part_memory.mjs';
import { core } from './lib/part_core.mjs';
import { bus, news, web } from './lib/part_others.mjs';
import { Table } from './lib/table.mjs';

const parts = { start, calls, sizes, idle, statuses, reconnect, drain, disk, core, bus, news, web };

const short = process.argv.includes('--short');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const name of named) if (!parts[name]) throw new Error(`no part ${name}; there are ${Object.keys(parts).join(', ')}`);

const table = new Table();
for (const [name, part] of Object.entries(parts)) {
    if (named.length === 0 || named.includes(name)) await part(table, { short });
}

const model = readFileSync('/proc/cpuinfo', 'utf8').match(/^model name\s*: (.*)$/m)?.[1];
console.log(JSON.stringify({ at: new Date().toISOString(), machine: { model, cores: os.cpus().length, kernel: os.release(), load: os.loadavg()[0] }, short, rows: table.rows }, null, 1));
