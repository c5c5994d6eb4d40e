// SPDX-License-Identifier: Apache-2.0
// The chart's columns: what was, and behind it the limits ahead. Power and limit share one axis, in kW.
import type { History, Schedule } from '../types';

export interface Columns {
  t: number[];
  power: (number | null)[];
  limit: (number | null)[];
  ahead: (number | null)[];
  /** Where the past ends, in seconds since 1970. */
  now: number;
}

/** Amperes a phase as kW, at the nominal voltage: good enough for a line in a chart. */
export const kilowatts = (amperes: number | null | undefined, phases: number): number | null => (amperes === null || amperes === undefined ? null : (amperes * phases * 230) / 1000);

export function columns(history: History | null, schedule: Schedule | null, connector: number, phases: number, hours: number, ahead_h: number, at: number): Columns {
  const past = history?.connectors.find((one) => one.connector === connector);
  const from = at - hours * 3600;
  const t: number[] = [];
  const power: (number | null)[] = [];
  const limit: (number | null)[] = [];
  past?.t.forEach((time, i) => {
    if (time < from || time > at) return;
    t.push(time);
    power.push(past.power_w[i] === null || past.power_w[i] === undefined ? null : past.power_w[i]! / 1000);
    limit.push(kilowatts(past.limit_a[i], phases));
  });
  const ahead: (number | null)[] = t.map(() => null);
  const until = at + ahead_h * 3600;
  let last: number | null = null;
  for (const period of schedule?.periods ?? []) {
    const start = Math.max(at, Math.round(Date.parse(period.start ?? '') / 1000));
    if (!Number.isFinite(start) || start > until) continue;
    const kw = kilowatts(period.limit_a, period.phases || phases);
    // A step: the old limit ends where the new one begins.
    for (const value of last === null ? [kw] : [last, kw]) {
      t.push(start);
      power.push(null);
      limit.push(null);
      ahead.push(value);
    }
    last = kw;
  }
  if (last !== null) {
    t.push(until);
    power.push(null);
    limit.push(null);
    ahead.push(last);
  }
  return { t, power, limit, ahead, now: at };
}

/** Every so many samples one row: the table beside the chart. */
export function rows(one: Columns, step: number): { t: number; power: number | null; limit: number | null }[] {
  const list: { t: number; power: number | null; limit: number | null }[] = [];
  let next = 0;
  one.t.forEach((t, i) => {
    const limit = one.ahead[i] ?? one.limit[i] ?? null;
    if (t < next && one.ahead[i] === null) return;
    if (one.ahead[i] !== null && list.at(-1)?.t === t) list.pop();
    list.push({ t, power: one.power[i] ?? null, limit });
    next = t + step;
  });
  return list;
}
