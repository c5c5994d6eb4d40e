// SPDX-License-Identifier: Apache-2.0
// The connection doctor's steps in words, and the whole as text for a mail.
import type { ConnectionTest } from '../types';

export const steps = ['uplink', 'clock', 'dns', 'tcp', 'tls', 'certificate', 'upgrade', 'subprotocol', 'boot'] as const;
export type Step = ConnectionTest['steps'][number];

/** Codes whose cure is the same sentence. */
const cureOf: Record<string, string> = { tcp_timeout: 'tcp_refused', tls_closed: 'tls_timeout', upgrade_closed: 'upgrade_timeout' };
export const cureKey = (code: string): string => `doctor.cure.${cureOf[code] ?? code}`;

export const marks: Record<Step['outcome'], string> = { pass: '[ok]', warn: '[!]', fail: '[X]' };

/** One line a step, as plain text. */
export function asText(test: ConnectionTest, say: (step: Step) => string): string {
  return [test.url_host, ...test.steps.map((one) => `${marks[one.outcome]} ${one.step}: ${say(one)}`)].join('\n') + '\n';
}
