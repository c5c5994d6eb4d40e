// SPDX-License-Identifier: Apache-2.0
// Quantities and times in the reader's language. What is unknown is a dash, never a zero.

export const unknown = '–';

export function amount(value: number | null | undefined, lang: string, digits = 0, least = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  return new Intl.NumberFormat(lang, { maximumFractionDigits: digits, minimumFractionDigits: least }).format(value);
}

/** 230 -> "230 W", 7360 -> "7.4 kW". */
export function power(watts: number | null | undefined, lang: string): string {
  if (watts === null || watts === undefined) return unknown;
  return Math.abs(watts) < 1000 ? `${amount(watts, lang)} W` : `${amount(watts / 1000, lang, 1, 1)} kW`;
}

/** 840 -> "840 Wh", 12340 -> "12.3 kWh". */
export function energy(wattHours: number | null | undefined, lang: string): string {
  if (wattHours === null || wattHours === undefined) return unknown;
  return Math.abs(wattHours) < 1000 ? `${amount(wattHours, lang)} Wh` : `${amount(wattHours / 1000, lang, 1, 1)} kWh`;
}

export const amperes = (value: number | null | undefined, lang: string): string =>
  value === null || value === undefined ? unknown : `${amount(value, lang, 1)} A`;

export const milliseconds = (value: number | null | undefined, lang: string): string =>
  value === null || value === undefined ? unknown : value >= 10_000 ? `${amount(value / 1000, lang, 1)} s` : `${amount(value, lang, value < 10 ? 1 : 0)} ms`;

export function bytes(value: number | null | undefined, lang: string): string {
  if (value === null || value === undefined) return unknown;
  const steps = ['B', 'kB', 'MB', 'GB'];
  let at = 0;
  let left = value;
  while (left >= 1000 && at < steps.length - 1) {
    left /= 1000;
    at++;
  }
  return `${amount(left, lang, at > 0 && left < 100 ? 1 : 0)} ${steps[at]}`;
}

const options = (parts: Intl.DateTimeFormatOptions, zone?: string): Intl.DateTimeFormatOptions => (zone ? { ...parts, timeZone: zone } : parts);

const stamp = (value: string | number | null | undefined): number => (typeof value === 'number' ? value : value ? Date.parse(value) : NaN);

export function clock(value: string | number | null | undefined, lang: string, seconds = false, zone?: string): string {
  const at = stamp(value);
  if (Number.isNaN(at)) return unknown;
  return new Intl.DateTimeFormat(lang, options({ hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }, zone)).format(at);
}

export function dateTime(value: string | number | null | undefined, lang: string, zone?: string): string {
  const at = stamp(value);
  if (Number.isNaN(at)) return unknown;
  return new Intl.DateTimeFormat(lang, options({ dateStyle: 'medium', timeStyle: 'short' }, zone)).format(at);
}

export function date(value: string | number | null | undefined, lang: string, zone?: string): string {
  const at = stamp(value);
  if (Number.isNaN(at)) return unknown;
  return new Intl.DateTimeFormat(lang, options({ dateStyle: 'medium' }, zone)).format(at);
}

/** The clock time of today, with the weekday within six days of now, else with its date. */
export function moment(value: string | number | null | undefined, lang: string, now = Date.now()): string {
  const at = stamp(value);
  if (Number.isNaN(at)) return unknown;
  if (new Date(at).toDateString() === new Date(now).toDateString()) return clock(at, lang);
  if (Math.abs(at - now) > 6 * 86_400_000) return dateTime(at, lang);
  return new Intl.DateTimeFormat(lang, { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(at);
}

/** Seconds as "45 s", "3 min 20 s", "2 h 05 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return unknown;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** A table as a CSV that a spreadsheet reads: quotes doubled, formulas made harmless. */
export function csv(rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cell = (value: string | number | null | undefined) => {
    if (typeof value === 'number') return String(value);
    const text = value ?? '';
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
