// SPDX-License-Identifier: Apache-2.0
// The site as it is now: one status for all pages, renewed by the stream of news.
import { hear, isLive } from './events.svelte';
import { get, type Problem } from './http';
import type { Setup, Status } from './types';

let now: Status | null = $state.raw(null);
let problem: Problem | null = $state.raw(null);
let setup: Setup | null = $state.raw(null);

export const site = (): Status | null => now;
export const siteProblem = (): Problem | null => problem;
export const setupState = (): Setup | null => setup;
export const keepSetup = (next: Setup): void => {
  setup = next;
};
export const point = (id: string | undefined) => now?.charge_points.find((one) => one.id === id) ?? null;

export async function reloadSite(): Promise<void> {
  try {
    now = await get<Status>('/status');
    problem = null;
  } catch (refused) {
    problem = refused as Problem;
  }
}

export async function loadSetup(): Promise<void> {
  setup = await get<Setup>('/setup').catch(() => null);
}

/** Until the returned function is called. */
export function follow(): () => void {
  void reloadSite();
  const stop = hear(
    'status',
    (data) => {
      now = data as Status;
      problem = null;
    },
    () => void reloadSite(),
  );
  // Where no stream comes through, such as behind a proxy that collects it, asking keeps the page true.
  const timer = setInterval(() => {
    if (!isLive()) void reloadSite();
  }, 5000);
  return () => {
    clearInterval(timer);
    stop();
    now = null;
  };
}
