// SPDX-License-Identifier: Apache-2.0
// OCPP messages as sentences.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { say, type Params, type Words } from '../src/lib/i18n.svelte';
import type { OcppMessage } from '../src/lib/types';
import { answerOf, matches, sentenceOf } from '../src/lib/words/ocpp';
import { render } from '../src/lib/words/render';

const words = (language: string): Words => JSON.parse(readFileSync(`src/i18n/${language}.json`, 'utf8')) as Words;
const tell = (action: string, request: unknown, language = 'en') => {
  const mine = words(language);
  return render(sentenceOf({ action, request }), (key: string, params?: Params) => say(mine, language, key, params), language);
};
const profile = (...periods: { startPeriod: number; limit: number }[]) => ({ connectorId: 2, csChargingProfiles: { chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: periods } } });

describe('a message in plain words', () => {
  it('tells a limit', () => expect(tell('SetChargingProfile', profile({ startPeriod: 0, limit: 16 }))).toBe('Asks connector 2 to go no higher than 16 A.'));
  it('tells a pause', () => expect(tell('SetChargingProfile', profile({ startPeriod: 0, limit: 0 }))).toBe('Asks connector 2 to pause.'));
  it('tells that limits follow', () => expect(tell('SetChargingProfile', profile({ startPeriod: 0, limit: 16 }, { startPeriod: 60, limit: 6.5 }))).toContain('2 steps'));
  it('tells a limit in the language of the reader', () => expect(tell('SetChargingProfile', profile({ startPeriod: 0, limit: 6.5 }), 'de')).toBe('Begrenzt Anschluss 2 auf 6,5 A.'));
  it('reads kWh and W of the last sample', () => {
    const sampledValue = [{ value: '12.34', measurand: 'Energy.Active.Import.Register', unit: 'kWh' }, { value: '7360', measurand: 'Power.Active.Import', unit: 'W' }];
    expect(tell('MeterValues', { connectorId: 1, meterValue: [{ sampledValue }] })).toBe('Reports connector 1: 7.4 kW, meter 12.3 kWh.');
  });
  it('takes a sample without a measurand for the meter', () => expect(tell('MeterValues', { connectorId: 1, meterValue: [{ sampledValue: [{ value: '500' }] }] })).toBe('Reports connector 1: –, meter 500 Wh.'));
  it('names the whole charge point', () => expect(tell('ChangeAvailability', { connectorId: 0, type: 'Inoperative' })).toBe('Takes the whole charge point out of service.'));
  it('names the fault of a status', () => expect(tell('StatusNotification', { connectorId: 1, status: 'Faulted', errorCode: 'OtherError', vendorErrorCode: 'COMM_LOST' })).toBe('Reports connector 1: Fault (OtherError / COMM_LOST).'));
  it('names what it does not know', () => expect(tell('FrobnicateNow', {})).toBe('FrobnicateNow'));
  it('is not misled by names that every object has', () => expect(tell('constructor', {})).toBe('constructor'));
  it('survives payloads of any shape', () => {
    for (const request of [null, [], 7, 'x', { csChargingProfiles: 3 }, { meterValue: [null] }]) {
      for (const action of ['SetChargingProfile', 'MeterValues', 'StatusNotification', 'StopTransaction']) expect(tell(action, request)).not.toBe('');
    }
  });
});

describe('an answer', () => {
  it('is good, bad, an error or missing', () => {
    expect(answerOf({ answered: 'result', answer: { status: 'Accepted' } }).tone).toBe('ok');
    expect(answerOf({ answered: 'result', answer: { currentTime: 'x' } }).tone).toBe('ok');
    expect(answerOf({ answered: 'result', answer: { idTagInfo: { status: 'Blocked' } } })).toEqual({ key: 'answer.refused', tone: 'bad', word: 'Blocked' });
    expect(answerOf({ answered: 'error', answer: null, error: { code: 'NotImplemented' } }).word).toBe('NotImplemented');
    expect(answerOf({ answered: 'no', answer: null }).key).toBe('answer.no');
  });
});

describe('the search', () => {
  const message = { charge_point: 'CP1', action: 'Heartbeat', id: '42', request: {}, answer: { currentTime: '2026' } } as unknown as OcppMessage;
  it('wants every word, in any case', () => {
    expect(matches(message, 'cp1 heart')).toBe(true);
    expect(matches(message, 'cp1 boot')).toBe(false);
  });
});
