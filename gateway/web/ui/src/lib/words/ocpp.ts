// SPDX-License-Identifier: Apache-2.0
// OCPP 1.6 messages in plain words: the key of a sentence and what stands in it. A value that begins with '@' is itself a key.
import type { OcppMessage } from '../types';

type Payload = Record<string, unknown>;
export interface Sentence {
  key: string;
  params: Record<string, string | number>;
}

const object = (value: unknown): Payload => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Connector 0 is the whole charge point. */
const at = (request: Payload): Sentence['params'] => ({ where: request.connectorId === undefined || request.connectorId === 0 ? '@trace.whole' : '@trace.connector', connector: text(request.connectorId) });

function sampled(request: Payload): Sentence {
  const values = list(object(list(request.meterValue).at(-1)).sampledValue).map(object);
  const of = (measurand: string) => values.find((one) => (one.measurand ?? 'Energy.Active.Import.Register') === measurand && one.phase === undefined);
  const energy = of('Energy.Active.Import.Register');
  const power = of('Power.Active.Import');
  const scaled = (one: Payload | undefined, big: string) => (one ? Number(one.value) * (one.unit === big ? 1000 : 1) : NaN);
  if (!energy && !power) return { key: 'trace.MeterValues', params: { ...at(request), n: values.length } };
  return { key: 'trace.MeterValues_told', params: { ...at(request), energy: `#Wh ${scaled(energy, 'kWh')}`, power: `#W ${scaled(power, 'kW')}` } };
}

function profile(request: Payload): Sentence {
  const wish = object(request.csChargingProfiles);
  const schedule = object(wish.chargingSchedule);
  const periods = list(schedule.chargingSchedulePeriod).map(object);
  const unit = text(schedule.chargingRateUnit) || 'A';
  const first = Number(periods[0]?.limit ?? NaN);
  const params = { ...at(request), limit: `#${unit} ${first}`, n: periods.length };
  if (first === 0) return { key: 'trace.SetChargingProfile_pause', params };
  return periods.length > 1 ? { key: 'trace.SetChargingProfile_steps', params } : { key: 'trace.SetChargingProfile', params };
}

const named = (...names: string[]) => (request: Payload): Sentence['params'] => Object.fromEntries(names.map((name) => [name, text(request[name])]));
const simple = (key: string, params: (request: Payload) => Sentence['params'] = () => ({})) => (request: Payload): Sentence => ({ key: `trace.${key}`, params: params(request) });

/** One entry an action; what is not here is told by its name. */
const sentences: Record<string, (request: Payload) => Sentence> = {
  Authorize: simple('Authorize', named('idTag')),
  BootNotification: simple('BootNotification', named('chargePointVendor', 'chargePointModel')),
  CancelReservation: simple('CancelReservation'),
  ChangeAvailability: (request) => ({ key: `trace.ChangeAvailability_${request.type === 'Operative' ? 'on' : 'off'}`, params: at(request) }),
  ChangeConfiguration: simple('ChangeConfiguration', named('key', 'value')),
  ClearCache: simple('ClearCache'),
  ClearChargingProfile: simple('ClearChargingProfile'),
  DataTransfer: simple('DataTransfer', named('vendorId', 'messageId')),
  DiagnosticsStatusNotification: simple('DiagnosticsStatusNotification', named('status')),
  FirmwareStatusNotification: simple('FirmwareStatusNotification', named('status')),
  GetCompositeSchedule: simple('GetCompositeSchedule', (request) => ({ ...at(request), hours: Math.round(Number(request.duration ?? 0) / 360) / 10 })),
  GetConfiguration: (request): Sentence => (list(request.key).length ? { key: 'trace.GetConfiguration', params: { keys: list(request.key).map(text).join(', ') } } : { key: 'trace.GetConfiguration_all', params: {} }),
  GetDiagnostics: simple('GetDiagnostics'),
  GetLocalListVersion: simple('GetLocalListVersion'),
  Heartbeat: simple('Heartbeat'),
  MeterValues: sampled,
  RemoteStartTransaction: simple('RemoteStartTransaction', (request) => ({ ...at(request), idTag: text(request.idTag) })),
  RemoteStopTransaction: simple('RemoteStopTransaction', named('transactionId')),
  ReserveNow: simple('ReserveNow', (request) => ({ ...at(request), idTag: text(request.idTag) })),
  Reset: (request) => ({ key: request.type === 'Hard' ? 'trace.Reset_hard' : 'trace.Reset', params: {} }),
  SecurityEventNotification: simple('SecurityEventNotification', named('type')),
  SendLocalList: simple('SendLocalList', (request) => ({ n: list(request.localAuthorizationList).length })),
  SetChargingProfile: profile,
  StartTransaction: simple('StartTransaction', (request) => ({ ...at(request), idTag: text(request.idTag) })),
  StatusNotification: (request) => ({
    key: request.errorCode && request.errorCode !== 'NoError' ? 'trace.StatusNotification_error' : 'trace.StatusNotification',
    params: { ...at(request), status: `@state.${text(request.status)}`, code: [text(request.errorCode), text(request.vendorErrorCode)].filter(Boolean).join(' / ') },
  }),
  StopTransaction: simple('StopTransaction', (request) => ({ reason: `@reason.${text(request.reason) || 'Local'}`, energy: `#Wh ${Number(request.meterStop ?? NaN)}` })),
  TriggerMessage: simple('TriggerMessage', named('requestedMessage')),
  ExtendedTriggerMessage: simple('TriggerMessage', named('requestedMessage')),
  UnlockConnector: simple('UnlockConnector', at),
  UpdateFirmware: simple('UpdateFirmware'),
};

export function sentenceOf(message: { action: string; request: unknown }): Sentence {
  const tell = Object.hasOwn(sentences, message.action) ? sentences[message.action] : undefined;
  return tell ? tell(object(message.request)) : { key: 'trace.unknown', params: { action: message.action } };
}

/** How it was answered: a key, a tone, and the word of the status itself. */
export function answerOf(message: Pick<OcppMessage, 'answered' | 'error'> & { answer: unknown }): { key: string; tone: 'ok' | 'warn' | 'bad' | 'idle'; word: string } {
  if (message.answered === 'no') return { key: 'answer.no', tone: 'warn', word: '' };
  if (message.answered === 'error') return { key: 'answer.error', tone: 'bad', word: message.error?.code ?? '' };
  const answer = object(message.answer);
  const word = text(answer.status) || text(object(answer.idTagInfo).status);
  if (!word) return { key: 'answer.ok', tone: 'ok', word: '' };
  const good = ['Accepted', 'Unlocked', 'Scheduled', 'Idle', 'Installed'].includes(word);
  return { key: good ? 'answer.ok' : 'answer.refused', tone: good ? 'ok' : word === 'Pending' || word === 'RebootRequired' ? 'warn' : 'bad', word };
}

/** Whether every word of `wish` is in what the message says. */
export function matches(message: OcppMessage, wish: string): boolean {
  const hay = `${message.charge_point} ${message.action} ${message.id} ${JSON.stringify(message.request)} ${JSON.stringify(message.answer)}`.toLowerCase();
  return wish.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}
export const actionsIn = (messages: readonly OcppMessage[]): string[] => [...new Set(messages.map((one) => one.action))].sort();
