// SPDX-License-Identifier: Apache-2.0
// Short names for what openapi.yaml describes; schema.d.ts is made from it by `npm run types`.
import type { components } from './schema';

type All = components['schemas'];
export type Role = All['Role'];
export type TokenRole = All['TokenRole'];
export type Session = All['Session'];
export type SessionEntry = All['SessionEntry'];
export type User = All['User'];
export type Token = All['Token'];
export type Certificate = All['Certificate'];
export type Status = All['Status'];
export type ChargePoint = All['ChargePoint'];
export type Connector = All['Connector'];
export type Bus = All['Bus'];
export type Setup = All['Setup'];
export type ConfigurationChange = All['ConfigurationChange'];
export type Backup = All['Backup'];
export type Profile = All['Profile'];
export type Port = All['Port'];
export type Scan = All['Scan'];
export type ScanReport = All['ScanReport'];
export type ScanFound = All['Scan']['found'][number];
export type Trial = All['Trial'];
export type ChargingSession = All['ChargingSession'];
export type History = All['History'];
export type Schedule = All['Schedule'];
export type Job = All['Job'];
export type ConnectionTest = All['ConnectionTest'];
export type Checklist = All['Checklist'];
export type ChecklistItem = All['Checklist']['items'][number];
export type OcppMessage = All['OcppMessage'];
export type Exchange = All['Exchange'];
export type LogLine = All['LogLine'];
export type About = All['About'];
export type Update = All['Update'];
export type Uplinks = All['Uplinks'];
export type Uplink = All['Uplink'];
export type UplinkTest = All['UplinkTest'];
export type Network = All['Network'];
export type AddressChange = Partial<All['AddressChange']>;
export type WifiNetworks = All['WifiNetworks'];

export interface LinkCertificate {
  subject: string;
  issuer: string;
  not_after: string | null;
  fingerprint_sha256: string;
}
/** Of one charge point: `next` has not worked yet. */
export interface PointCertificates {
  id: string;
  client: LinkCertificate | null;
  next: LinkCertificate | null;
  roots: LinkCertificate[];
  manufacturer_roots: LinkCertificate[];
}

/** Whether somebody who helps may reach these pages from outside. */
export interface RemoteSupport {
  configured: boolean;
  active: boolean;
  until: string | null;
  host: string | null;
}

/** The configuration as these pages touch it; every other key is kept as it came. */
export interface BusSettings {
  id: string;
  kind: Bus['kind'];
  device?: string;
  baud?: number;
  parity?: string;
  stop_bits?: number;
  host?: string;
  port?: number;
}
export interface ChargerSettings {
  id: string;
  bus: string;
  profile: string;
  unit_id?: number;
  password?: string | null;
  password_encoding?: string;
  authorization?: { mode: string; id_tag?: string };
  max_current_a?: number;
  phases?: number;
  [key: string]: unknown;
}
export interface Configuration {
  central_system: { url: string; ca_file?: string; [key: string]: unknown };
  buses?: BusSettings[];
  chargers?: ChargerSettings[];
  charging?: { random_delay_s?: number; off_peak?: OffPeak[]; time_zone?: string };
  uplinks?: { id: string; kind: string; [key: string]: unknown }[];
  [key: string]: unknown;
}
export interface OffPeak {
  days: string[];
  from: string;
  to: string;
}
