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
/** Until when a helper is let in from outside; nothing: nobody is. */
export const supportUntil = (): string | null | undefined => (now as { support_until?: string | null } | null)?.support_until;
export const setupState = (): Setup | null => setup;
export const keepSetup = (next: Setup): void => {
  setup = next;
};
export const point = (id: string | undefined) => now?.charge_points.find((one) => one.id === id) ?? null;

let version = '';
/** The pages of another release come with it. */
function take(news: Status): void {
  if (version && news.version !== version) location.reload();
  version = news.version;
  now = news;
  problem = null;
}

export async function reloadSite(): Promise<void> {
  try {
    take(await get<Status>('/status'));
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
    (data) => take(data as Status),
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
