// SPDX-License-Identifier: Apache-2.0
// The steps of the first setup, and whether one has what it needs.
import { soundAddress } from './configuration';
import type { Configuration, OffPeak } from './types';

export const wizardSteps = ['password', 'network', 'time', 'central', 'chargers', 'check', 'handover'] as const;
export type WizardStep = (typeof wizardSteps)[number];

export const stepOf = (text: string | undefined): WizardStep => wizardSteps.find((one) => one === text) ?? 'password';
export const after = (step: WizardStep): WizardStep => wizardSteps[Math.min(wizardSteps.indexOf(step) + 1, wizardSteps.length - 1)]!;
export const before = (step: WizardStep): WizardStep => wizardSteps[Math.max(wizardSteps.indexOf(step) - 1, 0)]!;

/** A key of what is missing; undefined: go on. */
export function missing(step: WizardStep, draft: Configuration): string | undefined {
  if (step === 'central' && !soundAddress(draft.central_system.url)) return 'setup.need_address';
  return undefined;
}

/** Away from the hours of a weekday in which the grid is fullest, 8 to 11 and 16 to 22. */
export const usualOffPeak: readonly OffPeak[] = [
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '08:00' },
  { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '11:00', to: '16:00' },
  { days: ['sat', 'sun'], from: '00:00', to: '24:00' },
];

/** Whether the gateway's schema has these settings: what it cannot do is not asked. */
export const canSchedule = (schema: unknown): boolean => typeof schema === 'object' && schema !== null && 'charging' in ((schema as { properties?: object }).properties ?? {});
