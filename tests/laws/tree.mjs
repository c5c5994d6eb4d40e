// SPDX-License-Identifier: Apache-2.0
// The files that the laws are about, as a map from path to text, and small ways to look into them.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['gateway', 'adapters', 'ocpp', 'config', 'packaging', 'tests', '.ci'];
const top_files = /^(CMakeLists\.txt|CMakePresets\.json|README\.md|CHANGELOG\.md)$/;
const not_ours = new Set(['node_modules', 'package-lock.json']);

function walk(folder, files) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (not_ours.has(entry.name) || (folder === '.' && !folders.includes(entry.name) && !top_files.test(entry.name))) continue;
        if (entry.isDirectory()) walk(path, files);
        else if (entry.isFile()) files.set(path, readFileSync(join(root, path), 'utf8'));
    }
    return files;
}

/// Every text of the project, by its path from the root.
export const readTree = () => walk('.', new Map());

/// The same code with comments and the insides of strings blanked; line numbers stay.
export function withoutComments(text) {
    const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'/g;
    return text.replace(token, (match) => (match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : match[0] + match[0]));
}

/// JSON as the configuration reader takes it.
export function parseJson(text) {
    const token = /("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
    return JSON.parse(text.replace(token, (match, string) => string ?? ' '));
}

/// {line, text} of each `#include`; text without brackets or quotes.
export function includes(text) {
    return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm)].map((match) => ({ line: lineOf(text, match.index), text: match[1] }));
}

export const lineOf = (text, index) => text.slice(0, index).split('\n').length;

/// "path:line" of each match of `pattern` (global) in code.
export function places(path, text, pattern) {
    return [...withoutComments(text).matchAll(pattern)].map((match) => `${path}:${lineOf(text, match.index)}: ${match[0].trim()}`);
}

export const isCode = (path) => /\.[ch]pp$/.test(path);
export const isHeader = (path) => path.endsWith('.hpp');

/// Code of the gateway itself: neither a test nor the simulator, which is a program of its own.
export const isProduct = (path) => isCode(path) && /^(gateway|adapters|ocpp|config)\//.test(path) && !path.startsWith('adapters/sim/');
