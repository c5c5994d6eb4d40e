// SPDX-License-Identifier: Apache-2.0
// The benchmarks that are programs of their own: their lines become figures.

import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

import { run } from '../../e2e/lib/processes.mjs';

const within_ms = 1_800_000;

async function linesOf(program, args) {
    const { code, output } = await run(program, args, { within_ms });
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${output}`);
    return output.split('\n').filter(Boolean);
}

/// "what   1.234 x the line's own time   (wanted: 1.05; ...)"
export async function bus(table, { short }) {
    for (const line of await linesOf('busbar_bus_bench', short ? ['--short'] : [])) {
        const [, what, ours, unit, remark] = line.match(/^ *(.*?)\s{2,}([\d.]+) (.*?)(?:\s{2,}\((.*)\))?$/);
        table.add(what, unit, Number(ours), { wanted: remark });
    }
}

const own = (file, ...args) => async (table) => {
    for (const line of await linesOf(execPath, [fileURLToPath(new URL(`../${file}`, import.meta.url)), ...args])) table.say(line);
};
export const web = own('web.mjs');
export const news = (table, { short }) => own('news.mjs', short ? '20' : '200')(table);
