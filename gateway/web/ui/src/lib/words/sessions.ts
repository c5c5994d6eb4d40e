// SPDX-License-Identifier: Apache-2.0
// Charging sessions by month, the last twelve, oldest first; months without any are there too.
import type { ChargingSession } from '../types';

export interface Month {
  /** 2026-03 */
  month: string;
  energy_wh: number;
  count: number;
}

const name = (year: number, month: number): string => new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);

export function monthsOf(sessions: readonly ChargingSession[], now: Date): Month[] {
  const months = Array.from({ length: 12 }, (_, i) => ({ month: name(now.getUTCFullYear(), now.getUTCMonth() - 11 + i), energy_wh: 0, count: 0 }));
  for (const one of sessions) {
    const month = months.find((each) => one.started_at?.startsWith(each.month));
    if (!month) continue;
    month.energy_wh += one.energy_wh;
    month.count += 1;
  }
  return months;
}
