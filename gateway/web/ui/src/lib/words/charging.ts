// SPDX-License-Identifier: Apache-2.0
// What a connector does and why it gets no more, as keys of sentences and what stands in them.
import type { IconName } from '../../ui/Icon.svelte';
import type { ChargePoint, Connector } from '../types';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';
export interface Look {
  tone: Tone;
  icon: IconName;
  key: string;
}

const looks: Record<NonNullable<Connector['status']>, [Tone, IconName]> = {
  Available: ['idle', 'ring'],
  Preparing: ['info', 'plug'],
  Charging: ['ok', 'bolt'],
  SuspendedEVSE: ['warn', 'pause'],
  SuspendedEV: ['info', 'pause'],
  Finishing: ['info', 'plug'],
  Reserved: ['info', 'clock'],
  Unavailable: ['idle', 'slash'],
  Faulted: ['bad', 'warn'],
};

export function lookOf(status: Connector['status']): Look {
  if (!status) return { tone: 'idle', icon: 'clock', key: 'state.unheard' };
  const [tone, icon] = looks[status];
  return { tone, icon, key: `state.${status}` };
}

export interface Why {
  key: string;
  limit?: number;
  until?: string | null;
  code?: string;
  info?: string;
  /** More than the sentence says, in the gateway's own words. */
  detail?: string;
}

/** What the gateway says of a charger when it knows no more than the sentence does. */
const silence = 'the charger does not answer';
const fault = (connector: Connector): Why =>
  connector.vendor_error_code === 'COMM_LOST'
    ? { key: 'why.lost', detail: connector.info === silence ? '' : connector.info }
    : { key: 'why.fault', code: [connector.error_code, connector.vendor_error_code].filter(Boolean).join(' / ') };

function limited(connector: Connector): Why {
  const { wanted_a, why, until, refused } = connector.limit;
  if (connector.limit.local?.paused) return { key: 'why.local_pause' };
  if (refused) return { key: 'why.refused', info: refused };
  switch (why) {
    case 'central_system': {
      const key = wanted_a > 0 ? 'why.central' : 'why.central_pause';
      return { key: until ? `${key}_until` : key, limit: wanted_a, until };
    }
    case 'car':
      return { key: connector.status === 'SuspendedEV' ? 'why.car_idle' : 'why.car', limit: wanted_a };
    case 'installation':
    case 'group':
    case 'local':
    case 'charger':
    case 'off_peak':
    case 'delay':
      return { key: `why.${why}`, limit: wanted_a, until };
    default:
      return { key: 'why.free_flow', limit: wanted_a };
  }
}

/** For its own hours or the random delay, which a person may override. */
export const waits = ({ limit: { why } }: Connector): boolean => why === 'off_peak' || why === 'delay';

/** One sentence for "why does it not charge, or not faster?" */
export function whyOf(connector: Connector): Why {
  if (connector.status === null) return { key: 'why.unheard' };
  if (connector.status === 'Faulted') return fault(connector);
  if (connector.transaction) return limited(connector);
  return { key: `why.${connector.status}` };
}

/** Whether the link is as it should be, and since when not. */
export function linkLook(point: ChargePoint): Look {
  if (point.link.state !== 'connected') return { tone: point.link.cause ? 'bad' : 'warn', icon: point.link.cause ? 'warn' : 'clock', key: `link.${point.link.state}` };
  if (point.registration === 'Accepted') return { tone: 'ok', icon: 'check', key: 'link.accepted' };
  return { tone: 'warn', icon: 'clock', key: point.registration ? `link.${point.registration}` : 'link.unregistered' };
}

export const totalPower = (points: readonly ChargePoint[]): number => points.flatMap((one) => one.connectors).reduce((sum, one) => sum + (one.power_w ?? 0), 0);
export const countStatus = (points: readonly ChargePoint[], status: Connector['status']): number => points.flatMap((one) => one.connectors).filter((one) => one.status === status).length;
export const isLost = (point: ChargePoint): boolean => point.connectors.some((one) => one.vendor_error_code === 'COMM_LOST' || one.status === null);
