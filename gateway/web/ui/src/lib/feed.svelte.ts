// SPDX-License-Identifier: Apache-2.0
// A list that grows at the gateway: fetched from where we are each time the stream says that there is more.
import { hear } from './events.svelte';
import { get, type Problem } from './http';

interface Numbered {
  n: number;
}

export class Feed<T extends Numbered> {
  items: T[] = $state.raw([]);
  problem: Problem | null = $state.raw(null);
  loaded: boolean = $state(false);
  paused: boolean = $state(false);
  extra: Record<string, unknown> = $state.raw({});
  private last = 0;
  private busy = false;
  private again = false;

  /** `same` tells one thing apart from another when it comes again with a newer number. */
  constructor(
    private readonly path: string,
    private readonly member: string,
    private readonly topic: string,
    private readonly same: (item: T) => string | number,
    private readonly most = 1000,
  ) {}

  async more(): Promise<void> {
    if (this.paused) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const answer = await get<Record<string, unknown> & { last: number }>(`${this.path}${this.path.includes('?') ? '&' : '?'}after=${this.last}`);
      if (answer.last < this.last) this.items = [];
      const fresh = answer[this.member] as T[];
      this.take(fresh);
      // An answer has an end: what stands behind it is asked for at once.
      this.last = fresh.length ? Math.max(...fresh.map((one) => one.n)) : answer.last;
      this.again ||= fresh.length > 0 && this.last < answer.last;
      this.extra = answer;
      this.problem = null;
      this.loaded = true;
    } catch (problem) {
      this.problem = problem as Problem;
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      void this.more();
    }
  }

  private take(fresh: T[]): void {
    const known = new Map(this.items.map((one) => [this.same(one), one]));
    for (const one of fresh) {
      known.delete(this.same(one));
      known.set(this.same(one), one);
    }
    this.items = [...known.values()].slice(-this.most);
  }

  /** Until the returned function is called. */
  follow(): () => void {
    void this.more();
    const deaf = hear(this.topic, () => void this.more(), () => void this.more());
    const timer = setInterval(() => void this.more(), 5000);
    return () => {
      deaf();
      clearInterval(timer);
    };
  }

  toggle(): void {
    this.paused = !this.paused;
    void this.more();
  }

  clear(): void {
    this.items = [];
  }
}
