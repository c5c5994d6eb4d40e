// SPDX-License-Identifier: Apache-2.0
// One search on one bus, or on a line that is none yet: begun, followed each second, stopped. It goes on when the phone locks its screen.
import { get, part, post, type Problem, remove } from './http';
import type { BusSettings, Scan, ScanReport } from './types';

export class Search {
  report: Scan | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  private timer = 0;

  /** `line`: the bus is no bus in service, but could be this one. */
  constructor(
    readonly bus: string,
    private readonly line?: BusSettings,
  ) {}

  get runs(): boolean {
    return this.report?.state === 'running';
  }

  private get path(): string {
    return this.line ? '/scan' : `/buses/${part(this.bus)}/scan`;
  }

  private take(report: ScanReport): void {
    this.problem = null;
    if (report.state === 'none' || report.bus !== this.bus) return;
    this.report = report;
    clearTimeout(this.timer);
    if (report.state === 'running') this.timer = window.setTimeout(() => void this.look(), 1000);
  }

  /** What runs, or ran last; nothing when there was none. */
  async look(): Promise<void> {
    try {
      this.take(await get<ScanReport>(this.path));
    } catch (problem) {
      this.problem = problem as Problem;
      if ((problem as Problem).status === 0) this.timer = window.setTimeout(() => void this.look(), 3000);
    }
  }

  async begin(wishes: { anyway?: boolean; thorough?: boolean; first?: boolean; unit_ids?: number[] }): Promise<void> {
    try {
      this.take(await post<Scan>(this.path, { ...wishes, bus: this.line }));
    } catch (problem) {
      this.problem = problem as Problem;
    }
  }

  async stop(): Promise<void> {
    try {
      this.take(await remove<ScanReport>(this.path));
    } catch (problem) {
      this.problem = problem as Problem;
    }
  }

  leave(): void {
    clearTimeout(this.timer);
  }
}

/** "1-8, 20" as unit ids; undefined when it is something else. */
export function unitIds(text: string): number[] | undefined {
  const ids = new Set<number>();
  for (const piece of text.split(',').map((one) => one.trim()).filter(Boolean)) {
    const match = /^(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(piece);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    if (last > 255 || last < first) return undefined;
    for (let id = first; id <= last; id++) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** What the line tells about its wiring, gravest first: keys of hints. */
export function wiringHints(scan: Scan): string[] {
  const hints: string[] = [];
  if (scan.state === 'line_in_use') hints.push('hint.master');
  if (scan.state === 'unreachable') hints.push('hint.unreachable');
  const asked = scan.settings.reduce((sum, one) => sum + one.asked, 0);
  const answered = scan.settings.reduce((sum, one) => sum + one.answered, 0);
  if (scan.settings.some((one) => one.garbled > 0)) hints.push('hint.garbled');
  if (scan.settings.some((one) => one.hung_up > 0)) hints.push('hint.hung_up');
  if (scan.state !== 'running' && asked > 0 && answered === 0 && !hints.includes('hint.garbled')) hints.push('hint.silence');
  return hints;
}
