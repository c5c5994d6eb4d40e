// SPDX-License-Identifier: Apache-2.0
// How an update stands: asked for again and again, also while the gateway restarts for it, which is no fault then.
import { get, type Problem } from './http';
import type { Update } from './types';

/** From the hand-over to the end, in this order. */
export const updateSteps = ['handed_over', 'checking', 'installing', 'watching'] as const;
const progress: Record<string, number> = { handed_over: 0.1, checking: 0.2, installing: 0.4, watching: 0.7, rolling_back: 0.8 };
const interval_ms = 2000;

let under: boolean = $state(false);
/** An update is under way: that the gateway is away, or forgets who is logged in, is part of it. */
export const isUpdating = (): boolean => under;
export const updateSeen = (): void => {
  under = false;
};

export class Updates {
  now: Update | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  away: boolean = $state(false);

  /** Of an installation under way: a part of 1. */
  get progress(): number | undefined {
    return progress[this.now?.state ?? ''];
  }

  take(now: Update): void {
    this.now = now;
    this.problem = null;
    this.away = false;
    under = this.progress !== undefined;
  }

  async look(): Promise<void> {
    try {
      this.take(await get<Update>('/update'));
    } catch (problem) {
      if (under && (problem as Problem).status === 0) this.away = true;
      else this.problem = problem as Problem;
    }
  }

  /** Until the returned function is called. */
  follow(): () => void {
    void this.look();
    const timer = setInterval(() => void this.look(), interval_ms);
    return () => clearInterval(timer);
  }
}

/** As an input of date and time has it, in the person's own time zone. */
export const localTime = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** The next three o'clock at night: hardly anybody charges, and nobody is waiting. */
export function nextNight(now = new Date()): Date {
  const night = new Date(now);
  night.setHours(3, 0, 0, 0);
  if (night <= now) night.setDate(night.getDate() + 1);
  return night;
}
