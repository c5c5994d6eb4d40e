// SPDX-License-Identifier: Apache-2.0
// Svelte with TypeScript in its components; runes everywhere.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true } };
