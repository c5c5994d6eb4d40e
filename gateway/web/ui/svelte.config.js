// SPDX-License-Identifier: Apache-2.0
// Svelte with TypeScript in its components; runes everywhere; scoped class names as short as they can be: the file's place among the files.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('src/', import.meta.url));
const components = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte')).sort();
const cssHash = ({ filename }) => `s${components.findIndex((name) => filename.endsWith(name)).toString(36)}`;

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, cssHash } };
