// SPDX-License-Identifier: Apache-2.0
// Something asked of the gateway: its value, or the problem, or how long it takes already.
import { request, Problem } from './http';

export class Resource<T> {
  data: T | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  etag: string | null = null;
  busy: boolean = $state(false);

  constructor(private readonly path: () => string) {}

  async load(): Promise<void> {
    this.busy = true;
    try {
      const answer = await request<T>('GET', this.path());
      this.data = answer.data;
      this.etag = answer.etag;
      this.problem = null;
    } catch (problem) {
      this.problem = problem as Problem;
    } finally {
      this.busy = false;
    }
  }
}

/** One deed of the person at a time: its problem stays until the next. */
export class Deed {
  busy: boolean = $state(false);
  problem: Problem | null = $state.raw(null);
  done: boolean = $state(false);

  /** What `work` returned, or undefined when it was refused. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.done = false;
    this.problem = null;
    try {
      const result = await work();
      this.done = true;
      return result;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.problem = problem;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
