// SPDX-License-Identifier: Apache-2.0
// Quantities, times and tables.
import { describe, expect, it } from 'vitest';
import { amperes, bytes, csv, duration, energy, milliseconds, moment, power } from '../src/lib/format';

describe('quantities', () => {
  it('change the unit where a person would', () => {
    expect(power(230, 'en')).toBe('230 W');
    expect(power(7360, 'de')).toBe('7,4 kW');
    expect(power(11_000, 'en')).toBe('11.0 kW');
    expect(energy(12_345, 'fr')).toBe('12,3 kWh');
    expect(bytes(41_300_000, 'en')).toBe('41.3 MB');
    expect(milliseconds(12_500, 'en')).toBe('12.5 s');
  });
  it('are a dash when unknown, never a zero', () => {
    expect(power(null, 'en')).toBe('–');
    expect(amperes(undefined, 'en')).toBe('–');
    expect(power(0, 'en')).toBe('0 W');
  });
});

describe('durations', () => {
  it('are said as a person would', () => {
    expect(duration(45)).toBe('45 s');
    expect(duration(200)).toBe('3 min 20 s');
    expect(duration(7500)).toBe('2 h 05 min');
    expect(duration(90_000)).toBe('1 d 1 h');
  });
});

describe('a moment', () => {
  const now = Date.parse('2026-03-04T12:00:00');
  it('of today is a clock time, of this week has its day, else its date', () => {
    expect(moment(now - 3_600_000, 'de', now)).toBe('11:00');
    expect(moment(now - 86_400_000, 'de', now)).toMatch(/^Di/);
    expect(moment(now - 30 * 86_400_000, 'de', now)).toContain('2026');
    expect(moment(null, 'de', now)).toBe('–');
  });
});

describe('csv', () => {
  it('quotes what needs it and runs no formula', () => {
    expect(csv([['a', 'b,c', 'd"e'], [1, null, '=SUM(A1)']])).toBe('a,"b,c","d""e"\r\n1,,\'=SUM(A1)\r\n');
  });
});
