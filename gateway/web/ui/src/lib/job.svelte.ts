// SPDX-License-Identifier: Apache-2.0
// A task of the gateway that takes a while: begun here, told by the stream, asked for where the stream is silent.
import { hear } from './events.svelte';
import { get, part, post, Problem, remove } from './http';
import type { Job } from './types';

export class Task {
  job: Job | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  private deaf: (() => void) | null = null;
  private timer = 0;

  constructor(private readonly onmove: (job: Job) => void = () => {}) {}

  get runs(): boolean {
    return this.job?.state === 'running';
  }

  private take(job: Job): void {
    this.job = job;
    this.onmove(job);
    if (job.state === 'running') return;
    if (job.state === 'failed' && job.result && 'code' in job.result) this.problem = new Problem({ ...job.result, params: {} });
    this.leave();
  }

  async begin(path: string, body: unknown = {}): Promise<void> {
    this.leave();
    this.problem = null;
    try {
      this.follow(await post<Job>(path, body));
    } catch (problem) {
      this.problem = problem as Problem;
    }
  }

  /** Also one that was begun before the page was opened. */
  follow(job: Job): void {
    this.deaf = hear('jobs', (data) => (data as Job).id === job.id && this.take(data as Job));
    this.take(job);
    if (this.runs) this.timer = window.setInterval(() => void this.look(), 3000);
  }

  private async look(): Promise<void> {
    if (!this.job) return;
    try {
      this.take(await get<Job>(`/jobs/${part(this.job.id)}`));
    } catch (problem) {
      if ((problem as Problem).status === 404) this.leave();
    }
  }

  async cancel(): Promise<void> {
    if (!this.job) return;
    try {
      this.take(await remove<Job>(`/jobs/${part(this.job.id)}`));
    } catch (problem) {
      this.problem = problem as Problem;
    }
  }

  leave(): void {
    clearInterval(this.timer);
    this.deaf?.();
    this.deaf = null;
  }
}
