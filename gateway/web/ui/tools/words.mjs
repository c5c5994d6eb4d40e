// SPDX-License-Identifier: Apache-2.0
// Which sentences the pages ask for, and how: by a key that is written out where it is said, or by one that comes from elsewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All of src/ as one text. */
export const source = () =>
    readdirSync('src', { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('.d.ts'))
        .map((name) => readFileSync(join('src', name), 'utf8'))
        .join('\n');

/** What asks for the sentence of a key that is written out: t('key'), and what Field and Notice call t with, before and after Svelte. Groups: all before the key, the key. */
export const asked = /(\bt\(\s*|\b(?:label|hint|say)(?:=|: ?))['"]([\w.-]+)['"](?=\s*[\s,)}/>])/g;

/** Whether a text of the pages names a key: written out, or by the beginning of one that is put together, `state.${...}` or '@state.' */
export function namedIn(text) {
    const literal = new Set([...text.matchAll(/['"`@]([a-z][\w-]*(?:\.[\w-]+)*)['"`]/g)].map((match) => match[1]));
    const beginnings = [...text.matchAll(/['"`@]([a-z]\w*\.(?:[\w-]+[._])*)\$\{/g)].map((match) => match[1]);
    const endings = [...text.matchAll(/\$\{\w+(?:\.\w+)?\}(_\w+)`/g)].map((match) => match[1]);
    return (key) => {
        const bare = key.replace(/\.(one|other)$/, '');
        return literal.has(bare) || beginnings.some((one) => bare.startsWith(one)) || endings.some((one) => bare.endsWith(one) && literal.has(bare.slice(0, -one.length)));
    };
}
