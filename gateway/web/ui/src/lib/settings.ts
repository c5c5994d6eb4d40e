// SPDX-License-Identifier: Apache-2.0
// Plain settings as data: what each may be. Its words are set.<where> and, where it needs more, set.<where>_hint.
// A test holds the table against the configuration's schema.

export interface Setting {
  /** From the object that a form is of: 'mqtt.host'. */
  path: string;
  kind: 'text' | 'secret' | 'number' | 'switch' | 'list' | 'choice';
  min?: number;
  max?: number;
  pattern?: string;
  /** Shown in an empty field: what counts then. */
  usual?: string | number;
  /** Of a switch: what counts when nobody says. */
  on?: boolean;
  choices?: readonly string[];
  /** The object that is there for this one: without it nothing else of it counts. */
  heads?: string;
  /** Only where this setting is there. */
  needs?: string;
}

export const times: readonly Setting[] = [
  { path: 'charging.time_zone', kind: 'text', pattern: '[A-Za-z0-9/_+\\-]{1,64}' },
  { path: 'charging.delay_central_system', kind: 'switch', on: true },
  { path: 'time.sync_source', kind: 'choice', choices: ['auto', 'none'] },
  { path: 'time.wait_for_sync_s', kind: 'number', min: 0, max: 3600, usual: 60 },
];

const mqtt = (path: string, rest: Omit<Setting, 'path' | 'needs'>): Setting => ({ path: `mqtt.${path}`, needs: 'mqtt.host', ...rest });
export const figures: readonly Setting[] = [
  { path: 'mqtt.host', kind: 'text', heads: 'mqtt' },
  mqtt('port', { kind: 'number', min: 1, max: 65_535 }),
  mqtt('tls', { kind: 'switch', on: true }),
  mqtt('ca_file', { kind: 'text', usual: '/etc/ssl/certs/ca-certificates.crt' }),
  mqtt('user', { kind: 'text', pattern: '[ -~]{1,128}' }),
  mqtt('password', { kind: 'secret' }),
  mqtt('client_id', { kind: 'text', pattern: '[A-Za-z0-9_\\-]{1,64}' }),
  mqtt('prefix', { kind: 'text', usual: 'busbar' }),
  mqtt('discovery_prefix', { kind: 'text', usual: 'homeassistant' }),
  mqtt('allow_control', { kind: 'switch' }),
  { path: 'web.metrics', kind: 'switch' },
];

export const ways: readonly Setting[] = [
  { path: 'priority', kind: 'number', min: 1, max: 1000, usual: 1 },
  { path: 'metered', kind: 'switch' },
  { path: 'monthly_budget_mb', kind: 'number', min: 1, max: 10_000_000 },
  { path: 'dns', kind: 'list' },
];
export const mobile: readonly Setting[] = [
  { path: 'apn', kind: 'text', pattern: '[A-Za-z0-9.\\-]{1,100}' },
  { path: 'apn_user', kind: 'text', pattern: '[ -~]{1,64}' },
  { path: 'apn_password', kind: 'secret', pattern: '[ -~]{1,64}' },
  { path: 'pin', kind: 'secret', pattern: '[0-9]{4,8}' },
];

type Tree = Record<string, unknown>;

export const valueAt = (tree: unknown, path: string): unknown => path.split('.').reduce<unknown>((at, key) => (at as Tree | undefined)?.[key], tree);

/** `tree` with `value` at `path`; undefined: without it. */
export function withValue<T>(tree: T, path: string, value: unknown): T {
  const [key = '', ...rest] = path.split('.');
  const { [key]: before, ...others } = tree as Tree;
  const after = rest.length ? withValue(before ?? {}, rest.join('.'), value) : value;
  return (after === undefined ? others : { ...others, [key]: after }) as T;
}

/** What was typed, as the configuration has it: an empty field is no setting, an empty secret the one that the gateway keeps. */
export function typed({ kind }: Setting, text: string): unknown {
  if (kind === 'secret') return text || null;
  text = text.trim();
  if (text === '') return undefined;
  if (kind === 'number') return Number(text);
  return kind === 'list' ? text.split(/[\s,]+/).filter(Boolean) : text;
}
