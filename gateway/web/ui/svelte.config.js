// SPDX-License-Identifier: Apache-2.0
// Svelte with TypeScript in its components; runes everywhere; scoped class names as short as they can be.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default { preprocess: vitePreprocess(), compilerOptions: { runes: true, cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}` } };
