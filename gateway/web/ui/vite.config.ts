// SPDX-License-Identifier: Apache-2.0
// Builds the pages into dist/, each file beside its gzipped twin, which is what the gateway serves.
import { gzipAsync } from '@gfx/zopfli';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
// @ts-expect-error plain JavaScript, as the tests and Node use it
import { asked, namedIn, source } from './tools/words.mjs';

const words = (language: string): Record<string, string> => JSON.parse(readFileSync(`src/i18n/${language}.json`, 'utf8')) as Record<string, string>;

/** Those of one beginning together, in the order of their names. */
function grouped(keys: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of [...keys].sort()) {
    const group = key.slice(0, key.lastIndexOf('.') + 1);
    groups.set(group, [...(groups.get(group) ?? []), key]);
  }
  return groups;
}

/**
 * words:de and its like: the sentences of a language, one a line. A key that pages only ever write out where it is said is its
 * line's number in what is built; of the others there is one list for all languages, each group of them behind its name: half of a language is keys.
 */
const languages = (): Plugin => {
  const all = Object.keys(words('en'));
  let named = grouped(all);
  let keys = [...named.values()].flat();
  let building = false;
  return {
    name: 'languages',
    configResolved({ command }) {
      building = command === 'build';
      if (!building) return;
      const text = source();
      const written = namedIn(text.replace(asked, ''));
      const ends = ['.one', '.other', '_short', ...[...text.matchAll(/\}(_\w+)`/g)].map((match) => match[1]!)];
      // A plural, and what is put together from another key, may come from one that is written out.
      const elsewhere = (key: string): boolean => written(key) || ends.some((end) => key.endsWith(end));
      named = grouped(all.filter(elsewhere));
      keys = [...named.values(), ...grouped(all.filter((key) => !elsewhere(key))).values()].flat();
    },
    transform: (code, id) => (building && /\/src\/.*\.(svelte|ts)$/.test(id) ? code.replace(asked, (whole, before: string, key: string) => (keys.indexOf(key) > 0 ? before + keys.indexOf(key) : whole)) : null),
    resolveId: (id) => (id.startsWith('words:') ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith('\0words:')) return null;
      const name = id.slice('\0words:'.length);
      if (name === 'keys') {
        const lines = [...named].map(([group, members]) => [group, ...members.map((key) => key.slice(group.length))].join(' '));
        return `export default ${JSON.stringify(lines.join('\n'))}.split('\\n').flatMap((line) => line.split(' ').map((one, i, [group]) => (i ? group + one : '')).slice(1));`;
      }
      this.addWatchFile(join(process.cwd(), `src/i18n/${name}.json`));
      const mine = words(name);
      const list = JSON.stringify(keys.map((key) => mine[key] ?? key).join('\n'));
      return `import keys from 'words:keys';\nconst list = ${list}.split('\\n');\nexport default Object.assign(list, Object.fromEntries(keys.map((key, i) => [key, list[i]])));`;
    },
  };
};

/** What a chart of linear scales without legend, cursor and selection does not use of uPlot: left out, as all of it would be an eighth of the pages. */
const lean: readonly [RegExp, string][] = [
  [/const mode = self\.mode;/g, 'const mode = 1;'],
  [/const showLegend = legend\.show;/g, 'const showLegend = false;'],
  [/const showCursor = +cursor\.show;/g, 'const showCursor = false;'],
  [/\bselect\.show\b/g, 'false'],
  [/\b(\w+\.distr|distr|xScaleDistr) +[=>]= +([234]|100)\b/g, 'false'],
  [/\(paths\.(bars|spline) += \w+\);/g, ''],
  [/uPlot\.(rangeLog|rangeAsinh|join|fmtDate|tzDate|addGap) += \w+;/g, ''],
  // Times in milliseconds, and as words: ours are in seconds, and said in the reader's language.
  [/const \[ timeIncrsMs,.*\n/, ''],
  [/\bms == 1\b/g, 'false'],
  [/const (_timeAxisVals|_timeSeriesVal|_fmtDate) += .*\n/g, 'const $1 = null;\n'],
  [/\btime(AxisVals?|SeriesVal)\(_tzDate, (time\w+\((av|sv), _fmtDate\)|av)\)/g, 'null'],
  [/const _timeAxisStamps = \[[^;]*;/, 'const _timeAxisStamps = null;'],
  [/const (days3|months3|localTz) = .*;/g, 'const $1 = null;'],
];
/** Its functions for what nobody does here: a pointer over the chart, a selection, charts that follow each other, series that come and go. */
const idle = 'updateCursor cacheMouse mouseMove mouseDown mouseUp mouseLeave dblClick pub pubSync hideSelect setSelect setLegend setSeries addSeries delSeries setBand addBand delBand clipBandLine setAlpha setFocus initCursorPt initLegendRow closestIdxFromXpos posToVal batch cursorPointShow cursorPointSize cursorPointFill cursorPointStroke cursorMove filtBtn0 filtTarg legendStroke legendFill elTrans elColor elSize'.split(' ');
const leanChart = (): Plugin => ({
  name: 'lean-chart',
  transform(code, id) {
    if (!id.endsWith('uPlot.esm.js')) return null;
    const emptied = idle.map((name): [RegExp, string] => [new RegExp(`function ${name}\\(.*\\) \\{`), '$& return;']);
    return [...lean, ...emptied].reduce((text, [what, instead]) => {
      if (text.search(what) < 0) this.error(`uPlot has no ${what} any more`);
      return text.replace(what, instead);
    }, code);
  },
});

/** By Zopfli, as what is built once is sent often: 4 % smaller than zlib makes it. */
const gzipped = (): Plugin => ({
  name: 'gzipped',
  apply: 'build',
  async closeBundle() {
    for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|html|svg)$/.test(name)) continue;
      const path = join('dist', name);
      writeFileSync(`${path}.gz`, await gzipAsync(readFileSync(path), { numiterations: 2 }));
    }
  },
});

/** Few files: what is fetched together compresses better together. The first that fits; the rest is as the imports have it. */
const chunks: readonly [string, RegExp][] = [
  ['box', /\/pages\/(settings\/|setup\/|Setup|Settings|More|Find|Label)|\/ui\/(Interface|Address|Wifi|Tokens|Uplinks|Bus|Search|Found|Live|AddCharger|ChargerFields|ChargerSettings|ChargingHours|ClockPanel|Signal|Configuration|SettingsFields|LinkList|LinkCertificates|Update|Remote|Factory)|\/lib\/(scan|wizard|configuration|sections|settings|upload)/],
  ['tools', /\/pages\/(Charger|Trace|Scope|Commissioning|Doctor)|\/ui\/(Chart|Lanes|Sessions|Actions|Ask|Checklist|Exchange|Message|Doctor)|\/lib\/(feed|job|words\/(ocpp|render|bus|doctor|history|sessions))/],
  ['core', /\/node_modules\/svelte\/|\/src\/(lib|ui)\/|\/pages\/(Overview|Login|NewPassword)/],
];
const chunkOf = (id: string): string | undefined => chunks.find(([, pattern]) => pattern.test(id))?.[0];

export default defineConfig({
  plugins: [languages(), leanChart(), svelte(), gzipped()],
  build: {
    target: 'es2022',
    minify: 'terser',
    terserOptions: { ecma: 2020, module: true, compress: { passes: 3, pure_getters: true, unsafe_arrows: true }, format: { comments: false } },
    manifest: true,
    cssCodeSplit: false,
    modulePreload: false,
    // A data: URL in a style sheet is a request that the content security policy refuses.
    assetsInlineLimit: 0,
    rollupOptions: { output: { manualChunks: chunkOf, freeze: false, generatedCode: { preset: 'es2015', symbols: false } } },
  },
  server: { proxy: { '/api': process.env.BUSBAR_API ?? 'http://127.0.0.1:4180' } },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
