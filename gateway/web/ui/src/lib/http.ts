// SPDX-License-Identifier: Apache-2.0
// One way to ask the gateway: cookie session, X-Busbar on what changes something, problem+json as Problem.

export interface ProblemBody {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  params?: Record<string, string | number>;
  problems?: { path: string; text: string }[];
}

/** What the gateway answers when it does not do it. `code` is stable; the words are ours. */
export class Problem extends Error {
  constructor(readonly body: ProblemBody) {
    super(`${body.status} ${body.code}`);
  }
  get code(): string {
    return this.body.code;
  }
  get status(): number {
    return this.body.status;
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  status: number;
}

export interface Ask {
  body?: unknown;
  /** Sent as If-Match: the version that this change was made from. */
  etag?: string | null;
  signal?: AbortSignal;
  /** A scan or a doctor's step may take its time; else 15 s. */
  patience_ms?: number;
}

/** Set by the session: told of each refusal, so that a lost login shows at once. */
export const refusals: { seen: (problem: Problem) => void } = { seen: () => {} };

export const root = '/api/v1';
const safe = new Set(['GET', 'HEAD']);

function headersOf(method: string, ask: Ask): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (!safe.has(method)) headers['X-Busbar'] = '1';
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  if (ask.etag) headers['If-Match'] = ask.etag;
  return headers;
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as ProblemBody | null;
  return new Problem(body && typeof body.code === 'string' ? { ...body, status: response.status } : { status: response.status, code: 'unknown' });
}

async function send(method: string, path: string, ask: Ask): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ask.patience_ms ?? 15_000);
  const stop = () => limit.abort();
  ask.signal?.addEventListener('abort', stop);
  try {
    return await fetch(root + path, {
      method,
      headers: headersOf(method, ask),
      body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
      credentials: 'same-origin',
      signal: limit.signal,
    });
  } catch {
    throw new Problem({ status: 0, code: ask.signal?.aborted ? 'aborted' : 'unreachable' });
  } finally {
    clearTimeout(timer);
    ask.signal?.removeEventListener('abort', stop);
  }
}

export async function request<T>(method: string, path: string, ask: Ask = {}): Promise<Answer<T>> {
  const response = await send(method, path, ask);
  if (!response.ok) {
    const problem = await problemOf(response);
    refusals.seen(problem);
    throw problem;
  }
  const text = response.status === 204 ? '' : await response.text();
  return { data: (text ? JSON.parse(text) : null) as T, etag: response.headers.get('ETag'), status: response.status };
}

export const get = async <T>(path: string, ask?: Ask): Promise<T> => (await request<T>('GET', path, ask)).data;
export const post = async <T>(path: string, body?: unknown, ask?: Ask): Promise<T> => (await request<T>('POST', path, { ...ask, body: body ?? {} })).data;
export const put = async <T>(path: string, body: unknown, ask?: Ask): Promise<T> => (await request<T>('PUT', path, { ...ask, body })).data;
export const patch = async <T>(path: string, body: unknown, ask?: Ask): Promise<T> => (await request<T>('PATCH', path, { ...ask, body })).data;
export const remove = async <T>(path: string, ask?: Ask): Promise<T> => (await request<T>('DELETE', path, ask)).data;

/** One part of a path: an id may hold anything. */
export const part = (id: string | number): string => encodeURIComponent(String(id));
