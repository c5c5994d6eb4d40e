// SPDX-License-Identifier: Apache-2.0
// tests/soak/run.sh starts this. Arguments: MINUTES --seed N --out DIR [--faults NAME,...] [--lacks WHY]; or --judge DIR, which judges once more
// what was written there. Exit 0: all agree; 1: a disagreement; 2: wrong arguments.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { faults } from './lib/chaos.mjs';
import { judge } from './lib/judge.mjs';
import { play } from './lib/play.mjs';
import { say } from './lib/report.mjs';

/// The longest that start, settling and stop may take beside the chaos.
const beside_s = 400;

function conclude(evidence, out) {
    const report = judge(evidence);
    writeFileSync(join(out, 'report.json'), JSON.stringify(report, null, 1));
    writeFileSync(join(out, 'report.txt'), `${say(report)}\n`);
    console.log(`\n${say(report)}\n\nkept: ${out}/{report.json,evidence.json,busbard.log}`);
    return report.passed ? 0 : 1;
}

async function main() {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { seed: { type: 'string' }, out: { type: 'string' }, faults: { type: 'string' }, lacks: { type: 'string', default: '' }, judge: { type: 'string' } },
    });
    if (values.judge) return conclude(JSON.parse(readFileSync(join(values.judge, 'evidence.json'), 'utf8')), values.judge);
    const [minutes, seed] = [Number(positionals[0]), Number(values.seed)];
    if (!(minutes > 0) || !Number.isSafeInteger(seed) || !values.out) return 2;
    const only = values.faults?.split(',');
    const unknown = only?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
    if (unknown.length > 0) throw new Error(`no fault is called ${unknown.join(', ')}; the names: ${faults.map(({ name }) => name).join(' ')}`);
    mkdirSync(values.out, { recursive: true });
    const watchdog = setTimeout(() => {
        console.error('it did not end in time');
        process.exit(1);
    }, (minutes * 60 + beside_s) * 1000);
    const patience = Number(process.env.BUSBAR_PATIENCE ?? 1);
    const evidence = await play({ seed, chaos_s: minutes * 60, only, lacks: values.lacks, log_file: join(values.out, 'busbard.log'), patience });
    clearTimeout(watchdog);
    writeFileSync(join(values.out, 'evidence.json'), JSON.stringify(evidence));
    return conclude(evidence, values.out);
}

process.exit(await main());
