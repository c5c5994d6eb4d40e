// SPDX-License-Identifier: Apache-2.0
// Builds the pages into dist/, each file beside its gzipped twin, which is what the gateway serves.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const gzipped = (): Plugin => ({
  name: 'gzipped',
  apply: 'build',
  closeBundle() {
    for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|html|svg|json)$/.test(name)) continue;
      const path = join('dist', name);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  },
});

export default defineConfig({
  plugins: [svelte(), gzipped()],
  build: {
    target: 'es2021',
    manifest: true,
    modulePreload: { polyfill: false },
    // A data: URL in a style sheet is a request that the content security policy refuses.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': process.env.BUSBAR_API ?? 'http://127.0.0.1:4180' } },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
