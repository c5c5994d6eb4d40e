// SPDX-License-Identifier: Apache-2.0
// Changes of a configuration, each as a new one: what these pages do not know stays as it was.
import type { Bus, BusSettings, ChargePoint, ChargerSettings, Configuration, Port, ScanFound } from './types';

const free = (taken: readonly string[], stem: string): string => {
  for (let n = 1; ; n++) if (!taken.includes(`${stem}-${n}`)) return `${stem}-${n}`;
};

export const busIds = (configuration: Configuration): string[] => (configuration.buses ?? []).map((one) => one.id);
export const chargerIds = (configuration: Configuration): string[] => (configuration.chargers ?? []).map((one) => one.id);
export const freeChargerId = (configuration: Configuration): string => free(chargerIds(configuration), 'CHARGER');

export function withBus(configuration: Configuration, bus: BusSettings): Configuration {
  const others = (configuration.buses ?? []).filter((one) => one.id !== bus.id);
  return { ...configuration, buses: [...others, bus] };
}

export function withCharger(configuration: Configuration, charger: ChargerSettings): Configuration {
  const all = configuration.chargers ?? [];
  return { ...configuration, chargers: all.some((one) => one.id === charger.id) ? all.map((one) => (one.id === charger.id ? charger : one)) : [...all, charger] };
}

/** An empty password: the one that the gateway has, and never tells, stays. */
export function withPassword({ password_file, ...charger }: ChargerSettings, password: string): ChargerSettings {
  if (password) return { ...charger, password };
  return password_file === undefined ? { ...charger, password: null } : { ...charger, password_file };
}

export function withoutCharger(configuration: Configuration, id: string): Configuration {
  return { ...configuration, chargers: (configuration.chargers ?? []).filter((one) => one.id !== id) };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

type Named = { id: string };
const isNamed = (value: unknown): value is Named[] => Array.isArray(value) && value.every((one) => isObject(one) && typeof one.id === 'string');

/** Each element by its id: whom one of us added stays, whom one of us took out goes, unless the other changed it. */
function rebasedList(base: Named[], mine: Named[], theirs: Named[]): Named[] {
  const of = (list: Named[], id: string) => list.find((one) => one.id === id);
  const ids = new Set([...theirs, ...mine].map((one) => one.id));
  return [...ids].flatMap((id) => rebased(of(base, id), of(mine, id), of(theirs, id)) ?? []);
}

/** `mine`, which was made from `base`, as a change of `theirs`: what I did not touch is theirs. */
export function rebased<T>(base: T, mine: T, theirs: T): T {
  if (JSON.stringify(mine) === JSON.stringify(base)) return theirs;
  if (isNamed(base) && isNamed(mine) && isNamed(theirs)) return rebasedList(base, mine, theirs) as T;
  if (!isObject(base) || !isObject(mine) || !isObject(theirs)) return mine;
  const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  return Object.fromEntries([...keys].map((key) => [key, rebased(base[key], mine[key], theirs[key])]).filter(([, value]) => value !== undefined)) as T;
}

/** A serial port as a bus at what most chargers speak out of the box; a scan tries the rest. */
export const serialBus = (configuration: Configuration, port: Port): BusSettings => ({ id: free(busIds(configuration), 'rs485'), kind: 'rtu', device: port.device, baud: 9600, parity: 'even', stop_bits: 1 });

/** "192.168.1.40" or "192.168.1.40:502" as a bus; undefined when it is neither. */
export function networkBus(configuration: Configuration, text: string, kind: Bus['kind']): BusSettings | undefined {
  const match = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(?::(\d{1,5}))?$/.exec(text.trim());
  if (!match) return undefined;
  const port = match[2] ? Number(match[2]) : 502;
  if (port < 1 || port > 65_535) return undefined;
  return { id: free(busIds(configuration), 'lan'), kind, host: match[1]!.replace(/^\[|\]$/g, ''), port };
}

/** The bus at the settings where a device answered: without them it would not be heard again. */
export function atFoundSetting(bus: BusSettings, found: ScanFound): BusSettings {
  const { baud, parity, stop_bits } = found.setting;
  return baud ? { ...bus, kind: found.setting.kind as Bus['kind'], baud, parity, stop_bits } : bus;
}

const own = ['id', 'unit_id', 'units', 'password', 'password_file', 'meter'];

/** What chargers of one site have in common, taken from one that works; its identity and its secrets are not. */
export function copyOf(other: ChargerSettings): Partial<ChargerSettings> {
  return Object.fromEntries(Object.entries(other).filter(([key]) => !own.includes(key)));
}

/** ':' would end the user name of HTTP Basic; the gateway refuses it too. */
export const soundChargerId = (id: string): boolean => /^[ -9;-~]{1,64}$/.test(id);
export const soundAddress = (url: string): boolean => /^wss:\/\/[A-Za-z0-9._[\]:-]+(\/\S*)?$/i.test(url);

export const settingText = (bus: BusSettings | Bus | undefined): string => {
  if (!bus) return '';
  if (bus.host) return `${bus.host}:${bus.port ?? 502}`;
  return bus.device ?? '';
};

/** The short end of a by-id path: the rest says the same to a person. */
export const shortDevice = (device: string): string => device.replace(/^.*\/(?=[^/]+$)/, '');
export const hasCharger = (points: readonly ChargePoint[], id: string): boolean => points.some((one) => one.id === id);
