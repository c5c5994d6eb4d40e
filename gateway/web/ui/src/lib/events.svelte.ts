// SPDX-License-Identifier: Apache-2.0
// The one stream of news of this tab. Pages say which topics they want; the browser resumes it by Last-Event-ID.

type Listener = (data: unknown) => void;

const wanted = new Map<string, Set<Listener>>();
const onResync = new Set<() => void>();
/** Set by the session: the gateway says that the login is over. */
export const farewell: { heard: () => void } = { heard: () => {} };
let source: EventSource | null = null;
let opened = '';
let due = false;
let live: boolean = $state(false);
let retry = 0;

/** False while nothing is heard from the gateway. */
export const isLive = (): boolean => live;

const topics = () => [...wanted.keys()].sort().join(',');

function deliver(topic: string, event: MessageEvent<string>): void {
  try {
    const data: unknown = JSON.parse(event.data);
    wanted.get(topic)?.forEach((listener) => listener(data));
  } catch {
    onResync.forEach((reload) => reload());
  }
}

function open(): void {
  due = false;
  const list = topics();
  if (list === opened && source && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  source = null;
  opened = list;
  if (!list) return;
  const stream = new EventSource(`/api/v1/events?topics=${encodeURIComponent(list)}`);
  source = stream;
  stream.onopen = () => {
    live = true;
  };
  stream.onerror = () => {
    live = false;
    // The browser gives up for good after an HTTP error, such as the gateway's restart.
    if (stream.readyState === EventSource.CLOSED && source === stream) {
      clearTimeout(retry);
      retry = window.setTimeout(open, 3000);
    }
  };
  stream.addEventListener('end', () => {
    stream.close();
    farewell.heard();
  });
  stream.addEventListener('resync', () => onResync.forEach((reload) => reload()));
  for (const topic of wanted.keys()) stream.addEventListener(topic, (event) => deliver(topic, event as MessageEvent<string>));
}

function soon(): void {
  if (due) return;
  due = true;
  setTimeout(open, 0);
}

/** Hears `topic` until the returned function is called; `reload` runs when news were lost. */
export function hear(topic: string, listener: Listener, reload?: () => void): () => void {
  const list = wanted.get(topic) ?? new Set();
  wanted.set(topic, list.add(listener));
  if (reload) onResync.add(reload);
  soon();
  return () => {
    list.delete(listener);
    if (reload) onResync.delete(reload);
    if (list.size === 0) wanted.delete(topic);
    soon();
  };
}

/** At logout: the next user must not hear through the last one's session. */
export function hangUp(): void {
  source?.close();
  source = null;
  opened = '';
  live = false;
}
