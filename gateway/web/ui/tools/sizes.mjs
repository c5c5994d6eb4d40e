// SPDX-License-Identifier: Apache-2.0
// What dist/ weighs gzipped: all of it, and what a browser loads before it shows the overview in one language. Exit 1 above the budget.
import { readFileSync, readdirSync, statSync } from 'node:fs';

const budget = { all: 150_000, first: 50_000 };
const files = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.gz'));
const size = (names) => names.reduce((sum, name) => sum + statSync(`dist/${name}`).size, 0);

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));
const seen = new Set();
const language = process.argv[2] ?? 'en';
function load(key) {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.add(key);
    (chunk.imports ?? []).forEach(load);
}
['index.html', `src/i18n/${language}.json`, 'src/pages/Overview.svelte'].forEach(load);
const named = [...readFileSync('dist/index.html', 'utf8').matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1]);
const names = new Set(['index.html', ...named, ...[...seen].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])])]);
const first = size([...names].map((name) => `${name}.gz`));
const all = size(files);
for (const name of files.sort((a, b) => size([b]) - size([a])).slice(0, 12)) console.log(String(size([name])).padStart(7), name);
console.log(`all ${all} of ${budget.all}, first view (${language}) ${first} of ${budget.first} bytes`);
process.exit(all <= budget.all && first <= budget.first ? 0 : 1);
