// SPDX-License-Identifier: Apache-2.0
// What the plugin in vite.config.ts makes of src/i18n/*.json.
declare module 'words:*' {
  const words: Record<string, string>;
  export default words;
}
