// SPDX-License-Identifier: Apache-2.0
// The pure parts behind the pages: why, the chart, the bus, the search, the wizard, the configuration.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atFoundSetting, copyOf, freeChargerId, networkBus, rebased, soundAddress, soundChargerId, withBus, withCharger, withPassword } from '../src/lib/configuration';
import { unitIds, wiringHints } from '../src/lib/scan.svelte';
import type { Connector, Exchange, History, Scan, ScanFound, Schedule } from '../src/lib/types';
import { figures, mobile, times, typed, ways, withValue, type Setting } from '../src/lib/settings';
import { localTime, nextNight } from '../src/lib/update.svelte';
import { canSchedule, missing, usualOffPeak } from '../src/lib/wizard';
import { lanesOf, outcomeOf, tally } from '../src/lib/words/bus';
import { whyOf, waits } from '../src/lib/words/charging';
import { columns } from '../src/lib/words/history';
import { monthsOf } from '../src/lib/words/sessions';

const connector = (rest: object): Connector => ({ id: 1, status: 'Charging', error_code: 'NoError', transaction: { id: 1, id_tag: '', started_at: null, meter_start_wh: 0 }, limit: { wanted_a: 16, applied_a: 16, why: 'central_system', local: { paused: false, limit_a: null } }, power_w: 1, energy_wh: 1, energy_origin: 'register', ...rest }) as Connector;
const limit = (rest: object) => ({ limit: { wanted_a: 16, applied_a: 16, why: 'central_system', local: { paused: false, limit_a: null }, ...rest } });

describe('why', () => {
  it('names who limits, and until when', () => {
    expect(whyOf(connector(limit({ until: '2026-03-01T18:00:00Z' })))).toMatchObject({ key: 'why.central_until', limit: 16 });
    expect(whyOf(connector(limit({ wanted_a: 0 })))).toMatchObject({ key: 'why.central_pause' });
    expect(whyOf(connector(limit({ why: 'group' })))).toMatchObject({ key: 'why.group' });
  });
  it('puts a pause by hand and a disobedient charger before all limits', () => {
    expect(whyOf(connector(limit({ local: { paused: true, limit_a: null } }))).key).toBe('why.local_pause');
    expect(whyOf(connector(limit({ refused: 'no' }))).key).toBe('why.refused');
    expect(whyOf(connector(limit({ wanted_a: 0, why: 'off_peak', until: '2026-11-23T22:00:00.000Z' })))).toEqual({ key: 'why.off_peak', limit: 0, until: '2026-11-23T22:00:00.000Z' });
    expect(waits(connector(limit({ why: 'delay' })))).toBe(true);
    expect(waits(connector(limit({ why: 'local' })))).toBe(false);
  });
  it('tells a lost charger from a faulty one', () => {
    expect(whyOf(connector({ status: 'Faulted', vendor_error_code: 'COMM_LOST', info: 'connection refused' }))).toEqual({ key: 'why.lost', detail: 'connection refused' });
    expect(whyOf(connector({ status: 'Faulted', error_code: 'GroundFailure', vendor_error_code: '0x12' })).code).toBe('GroundFailure / 0x12');
  });
  it('says of a free charger that it is ready', () => expect(whyOf(connector({ status: 'Available', transaction: null })).key).toBe('why.Available'));
});

describe('the chart', () => {
  const history = { charger: 'A', step_s: 15, connectors: [{ connector: 1, t: [100, 115], power_w: [6900, null], limit_a: [10, 10] }] } as History;
  const schedule = { charger: 'A', connector: 1, until: null, periods: [{ start: new Date(100_000).toISOString(), limit_a: 10, phases: 3 }, { start: new Date(1_000_000).toISOString(), limit_a: 0, phases: 3 }] } as Schedule;
  it('joins the past and the steps ahead', () => {
    const one = columns(history, schedule, 1, 3, 1, 12, 120);
    expect(one.t).toEqual([100, 115, 120, 1000, 1000, 120 + 12 * 3600]);
    expect(one.power.slice(0, 2)).toEqual([6.9, null]);
    expect(one.ahead.slice(2)).toEqual([6.9, 6.9, 0, 0]);
  });
  it('is empty without anything', () => expect(columns(null, null, 1, 3, 1, 12, 120).t).toEqual([]));
});

describe('the year', () => {
  it('has twelve months, also those without a session', () => {
    const months = monthsOf([{ started_at: '2026-02-03T10:00:00Z', energy_wh: 5000 }, { started_at: '2024-02-03T10:00:00Z', energy_wh: 1 }] as never, new Date('2026-03-15T00:00:00Z'));
    expect(months.length).toBe(12);
    expect(months[0]!.month).toBe('2025-04');
    expect(months[10]).toEqual({ month: '2026-02', energy_wh: 5000, count: 1 });
  });
});

describe('the bus', () => {
  const exchange = (n: number, rest: object): Exchange => ({ n, bus: 'b', unit_id: 1, kind: 'read', error: null, began: new Date(1000).toISOString(), ended: new Date(1040).toISOString(), duration_ms: 40, ...rest }) as Exchange;
  it('tells refusals, garbage and silence apart', () => {
    expect(outcomeOf({ kind: 'read', error: 'exception 2: illegal data address' })).toBe('exception');
    expect(outcomeOf({ kind: 'read', error: 'CRC mismatch' })).toBe('garbled');
    expect(outcomeOf({ kind: 'read', error: 'no answer within 500 ms' })).toBe('silent');
    expect(outcomeOf({ kind: 'write', error: null })).toBe('write');
  });
  it('draws a lane a unit, cut at the window', () => {
    const lanes = lanesOf([exchange(1, {}), exchange(2, { unit_id: 7, began: new Date(0).toISOString() }), exchange(3, { ended: new Date(10).toISOString(), began: new Date(0).toISOString() })], 1040, 100);
    expect(lanes.map((one) => one.unit)).toEqual([1, 7]);
    expect(lanes[0]!.bars).toEqual([{ n: 1, from: 0.6, to: 1, outcome: 'read' }]);
    expect(lanes[1]!.bars[0]!.from).toBe(0);
  });
  it('counts without the failed ones in the times', () => expect(tally([exchange(1, {}), exchange(2, { error: 'timeout', duration_ms: 500 })])).toMatchObject({ exchanges: 2, p95_ms: 40, silent: 1 }));
});

describe('the search', () => {
  const scan = (rest: object): Scan => ({ state: 'complete', settings: [], ...rest }) as unknown as Scan;
  const count = (rest: object) => ({ asked: 10, answered: 0, silent: 10, garbled: 0, hung_up: 0, ...rest });
  it('reads unit ids as people write them', () => {
    expect(unitIds('1-3, 20')).toEqual([1, 2, 3, 20]);
    expect(unitIds('')).toEqual([]);
    expect(unitIds('3-1')).toBeUndefined();
    expect(unitIds('256')).toBeUndefined();
  });
  it('tells wiring faults apart', () => {
    expect(wiringHints(scan({ settings: [count({})] }))).toEqual(['hint.silence']);
    expect(wiringHints(scan({ settings: [count({ garbled: 2 })] }))).toEqual(['hint.garbled']);
    expect(wiringHints(scan({ state: 'line_in_use' }))).toEqual(['hint.master']);
    expect(wiringHints(scan({ state: 'running', settings: [count({})] }))).toEqual([]);
  });
});

describe('the configuration', () => {
  it('takes what two people did to a list, element by element', () => {
    const base = [{ id: 'a', x: 1 }, { id: 'b', x: 1 }, { id: 'c', x: 1 }];
    const mine = [{ id: 'a', x: 2 }, { id: 'c', x: 1 }, { id: 'mine', x: 1 }];
    const theirs = [{ id: 'a', x: 1, y: 1 }, { id: 'b', x: 1 }, { id: 'theirs', x: 1 }];
    expect(rebased({ list: base }, { list: mine }, { list: theirs }).list).toEqual([{ id: 'a', x: 2, y: 1 }, { id: 'theirs', x: 1 }, { id: 'mine', x: 1 }]);
    expect(rebased(base, [{ id: 'a', x: 1 }, { id: 'b', x: 9 }, { id: 'c', x: 1 }], [{ id: 'a', x: 1 }])).toEqual([{ id: 'a', x: 1 }, { id: 'b', x: 9 }]);
  });
  it('takes a change made of an older version as one of the newer', () => {
    const base = { central_system: { url: 'wss://a', ca_file: '/a' }, buses: [1], web: {} };
    const mine = { ...base, central_system: { url: 'wss://a' }, buses: [1, 2] };
    const theirs = { ...base, central_system: { url: 'wss://b', ca_file: '/a' }, groups: [] };
    expect(rebased<unknown>(base, mine, theirs)).toEqual({ central_system: { url: 'wss://b' }, buses: [1, 2], web: {}, groups: [] });
  });
  const base = { central_system: { url: 'wss://a' }, groups: [1], chargers: [{ id: 'CHARGER-1', bus: 'b', profile: 'p' }] };
  it('keeps what it does not know', () => expect(withCharger(base, { id: 'X', bus: 'b', profile: 'p' })).toMatchObject({ groups: [1], chargers: [{ id: 'CHARGER-1' }, { id: 'X' }] }));
  it('changes a charger where it stands, and its password only when there is a new one', () => {
    const two = withCharger(base, { id: 'X', bus: 'b', profile: 'p' });
    expect(withCharger(two, { id: 'CHARGER-1', bus: 'c', profile: 'p' }).chargers?.map((one) => one.bus)).toEqual(['c', 'b']);
    const filed = { id: 'X', bus: 'b', profile: 'p', password_file: '/f' };
    expect(withPassword(filed, '')).toEqual(filed);
    expect(withPassword(filed, 'new')).toEqual({ id: 'X', bus: 'b', profile: 'p', password: 'new' });
    expect(withPassword({ id: 'X', bus: 'b', profile: 'p', password: 'typed' }, '')).toMatchObject({ password: null });
  });
  it('finds a free name', () => expect(freeChargerId(base)).toBe('CHARGER-2'));
  it('copies all but identity and secrets', () => expect(copyOf({ id: 'A', bus: 'b', profile: 'p', unit_id: 3, password: 's', phases: 3 })).toEqual({ bus: 'b', profile: 'p', phases: 3 }));
  it('opens a bus as it was heard', () => {
    const found = { setting: { kind: 'rtu', baud: 19_200, parity: 'none', stop_bits: 2 } } as ScanFound;
    expect(atFoundSetting({ id: 'b', kind: 'rtu', device: '/dev/x', baud: 9600 }, found)).toEqual({ id: 'b', kind: 'rtu', device: '/dev/x', baud: 19_200, parity: 'none', stop_bits: 2 });
  });
  it('replaces a bus of the same name', () => expect(withBus({ ...base, buses: [{ id: 'b', kind: 'rtu' }] }, { id: 'b', kind: 'tcp' }).buses).toEqual([{ id: 'b', kind: 'tcp' }]));
  it('judges addresses and ids before the gateway does', () => {
    expect(networkBus(base, '192.168.1.4', 'tcp')).toEqual({ id: 'lan-1', kind: 'tcp', host: '192.168.1.4', port: 502 });
    expect(networkBus(base, 'a b', 'tcp')).toBeUndefined();
    expect(soundAddress('ws://csms.example')).toBe(false);
    expect(soundAddress('wss://csms.example/ocpp')).toBe(true);
    expect(soundChargerId('A:B')).toBe(false);
    expect(soundChargerId('CP 01')).toBe(true);
  });
});

describe('the setup', () => {
  it('does not go on without an address, nor finish without a charger', () => {
    expect(missing('central', { central_system: { url: '' } })).toBe('setup.need_address');
    expect(missing('time', { central_system: { url: '' } })).toBeUndefined();
  });
  it('asks only for what the gateway can', () => {
    expect(canSchedule({ properties: { charging: {} } })).toBe(true);
    expect(canSchedule({ properties: {} })).toBe(false);
  });
  it('keeps out of the full hours of weekdays', () => {
    const full = [8, 10, 16, 21];
    const inside = (hour: number) => usualOffPeak.filter((one) => one.days.includes('mon')).some(({ from, to }) => (from < to ? hour >= parseInt(from) && hour < parseInt(to) : hour >= parseInt(from) || hour < parseInt(to)));
    expect(full.filter(inside)).toEqual([]);
  });
});

describe('an update', () => {
  it('is offered for the next night, in the time of the person', () => {
    expect(localTime(nextNight(new Date(2026, 10, 23, 14, 5)))).toBe('2026-11-24T03:00');
    expect(localTime(nextNight(new Date(2026, 10, 24, 1, 0)))).toBe('2026-11-24T03:00');
  });
});

describe('the sources', () => {
  const svelte = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'));
  it('have no static style attribute and put in no markup as text: the content security policy refuses the one, an attacker uses the other', () => {
    expect(svelte.filter((name) => /\sstyle="|\{@html|innerHTML/.test(readFileSync(join('src', name), 'utf8')))).toEqual([]);
  });
  it('are short enough to read', () => expect(svelte.filter((name) => readFileSync(join('src', name), 'utf8').split('\n').length > 400)).toEqual([]));
});

describe('the settings', () => {
  type Node = { properties?: Record<string, Node>; items?: Node; $ref?: string; allOf?: Node[]; [key: string]: unknown };
  const schema = JSON.parse(readFileSync('../../../config/gateway.schema.json', 'utf8')) as Node & { definitions: Record<string, Node> };
  const whole = (node: Node | undefined): Node => {
    const parts = [node?.$ref ? schema.definitions[node.$ref.split('/').at(-1)!]! : undefined, ...(node?.allOf ?? [])].filter((one) => one !== undefined);
    return { ...parts.map(whole).reduce((all, one) => ({ ...all, ...one }), {}), ...node };
  };
  const at = (from: Node, path: string): Node => path.split('.').reduce((node, key) => whole(whole(node).properties?.[key]), from);
  const uplink = whole(whole(schema.properties!.uplinks).items);
  const tables: [Node, readonly Setting[]][] = [[schema, times], [schema, figures], [uplink, ways], [uplink, mobile]];
  for (const [from, table] of tables) {
    for (const one of table) {
      it(`${one.path} is what the configuration's schema says`, () => {
        const node = at(from, one.path);
        const kinds = { text: 'string', secret: 'string', number: 'integer', switch: 'boolean', list: 'array', choice: undefined };
        expect(node.type).toBe(kinds[one.kind]);
        expect(node.writeOnly === true).toBe(one.kind === 'secret');
        expect([one.min, one.max, one.choices]).toEqual([node.minimum, node.maximum, node.enum]);
        expect(one.usual ?? one.on ?? node.default ?? false).toEqual(node.default ?? false);
        if (one.pattern) expect(node.pattern).toBe(`^${one.pattern.replaceAll('\\-', '-')}$`);
      });
    }
  }
  it('change one thing, and leave the rest as it came', () => {
    const before = { central_system: { url: 'wss://a' }, web: { listen: '::', metrics: true } };
    expect(withValue(before, 'web.metrics', undefined)).toEqual({ central_system: { url: 'wss://a' }, web: { listen: '::' } });
    expect(withValue(before, 'mqtt.host', 'broker')).toEqual({ ...before, mqtt: { host: 'broker' } });
    expect(before.web.metrics).toBe(true);
  });
  it('take an empty field for none, and an empty secret for the one that is kept', () => {
    const of = (kind: Setting['kind'], text: string) => typed({ path: 'x', kind }, text);
    expect([of('text', ' a '), of('text', ''), of('number', '5'), of('list', '1.1.1.1, 9.9.9.9')]).toEqual(['a', undefined, 5, ['1.1.1.1', '9.9.9.9']]);
    expect([of('secret', ''), of('secret', ' 1 ')]).toEqual([null, ' 1 ']);
  });
});
