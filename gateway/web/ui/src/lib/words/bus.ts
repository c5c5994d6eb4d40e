// SPDX-License-Identifier: Apache-2.0
// Exchanges on a bus as lanes of a drawing: one lane a unit, each exchange where and how long it was.
import type { Exchange } from '../types';

export type Outcome = 'read' | 'write' | 'exception' | 'garbled' | 'silent';

/** What the error says, by the words that the gateway's drivers use. */
export function outcomeOf(one: Pick<Exchange, 'error' | 'kind'>): Outcome {
  if (!one.error) return one.kind;
  if (/exception/i.test(one.error)) return 'exception';
  if (/crc|checksum|garbl|lrc|unexpected|invalid data/i.test(one.error)) return 'garbled';
  return 'silent';
}

export interface Bar {
  n: number;
  /** 0 to 1 within the window. */
  from: number;
  to: number;
  outcome: Outcome;
}
export interface Lane {
  unit: number;
  name: string;
  bars: Bar[];
}

const span = (one: Exchange): [number, number] => {
  const ended = Date.parse(one.ended ?? '');
  const began = one.began ? Date.parse(one.began) : ended - (one.duration_ms ?? 0);
  return [began, ended];
};

export function lanesOf(exchanges: readonly Exchange[], end: number, window_ms: number): Lane[] {
  const lanes = new Map<number, Lane>();
  const begin = end - window_ms;
  for (const one of exchanges) {
    if (one.unit_id === null) continue;
    const lane = lanes.get(one.unit_id) ?? { unit: one.unit_id, name: one.charge_point ?? '', bars: [] };
    lanes.set(one.unit_id, lane);
    const [from, to] = span(one);
    if (!(to >= begin && from <= end)) continue;
    lane.bars.push({ n: one.n, from: Math.max(0, (from - begin) / window_ms), to: Math.min(1, (to - begin) / window_ms), outcome: outcomeOf(one) });
  }
  return [...lanes.values()].sort((a, b) => a.unit - b.unit);
}

export interface Tally {
  exchanges: number;
  p95_ms: number | null;
  exception: number;
  garbled: number;
  silent: number;
}

export function tally(exchanges: readonly Exchange[]): Tally {
  const times = exchanges.filter((one) => !one.error && typeof one.duration_ms === 'number').map((one) => one.duration_ms as number);
  times.sort((a, b) => a - b);
  const count = (outcome: Outcome) => exchanges.filter((one) => outcomeOf(one) === outcome).length;
  return { exchanges: exchanges.length, p95_ms: times.length ? times[Math.min(times.length - 1, Math.floor(times.length * 0.95))]! : null, exception: count('exception'), garbled: count('garbled'), silent: count('silent') };
}
