// SPDX-License-Identifier: Apache-2.0
// A file to the gateway, as it is; how far it is can only be heard of an XMLHttpRequest.
import { Problem, refusals, root, type ProblemBody } from './http';

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** `moved` hears a part of 1; `stop` breaks it off. */
export function upload<T>(path: string, file: File, moved: (part: number) => void, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    const fail = (body: ProblemBody) => {
      const problem = new Problem(body);
      refusals.seen(problem);
      reject(problem);
    };
    ask.open('PUT', root + path);
    ask.setRequestHeader('X-Busbar', '1');
    ask.setRequestHeader('Content-Type', 'application/octet-stream');
    ask.upload.onprogress = (event) => moved(event.loaded / event.total);
    ask.onload = () => (ask.status < 300 ? resolve(bodyOf(ask.responseText) as T) : fail({ code: 'unknown', ...(bodyOf(ask.responseText) as Partial<ProblemBody>), status: ask.status }));
    ask.onerror = () => fail({ status: 0, code: 'unreachable' });
    ask.onabort = () => fail({ status: 0, code: 'aborted' });
    stop.addEventListener('abort', () => ask.abort());
    ask.send(file);
  });
}
