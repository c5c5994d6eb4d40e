// SPDX-License-Identifier: Apache-2.0
// llvm-cov's summary (JSON on stdin) as a table by layer. Exit 1 where a layer has fewer lines covered than the bound.
import {readFileSync} from 'node:fs';
import {relative} from 'node:path';

const bound = 90;
const root = process.argv[2];
const files = JSON.parse(readFileSync(0, 'utf8')).data[0].files
    .map(file => ({name: relative(root, file.filename), ...file.summary.lines}));

const percent = ({covered, count}) => (100 * covered) / Math.max(count, 1);
const sum = list => list.reduce((all, {covered, count}) => ({covered: all.covered + covered, count: all.count + count}), {covered: 0, count: 0});

let failed = false;
for (const layer of ['ocpp', 'adapters', 'config']) {
    const of = files.filter(file => file.name.startsWith(`${layer}/`));
    const total = sum(of);
    failed ||= !(percent(total) >= bound);
    console.log(`${layer.padEnd(10)} ${percent(total).toFixed(1).padStart(5)} % of ${total.count} lines in ${of.length} files (bound ${bound} %)`);
}
console.log('\nleast covered:');
for (const file of [...files].sort((a, b) => percent(a) - percent(b)).slice(0, 10)) {
    console.log(`${percent(file).toFixed(1).padStart(5)} %  ${file.name} (${file.count - file.covered} lines)`);
}
process.exit(failed ? 1 : 0);
