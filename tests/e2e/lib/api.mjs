// SPDX-License-Identifier: Apache-2.0
// The local API over the control socket.

import http from 'node:http';

import { until } from './wait.mjs';

/// One request; gives {status, headers, text, body}, where `body` is the parsed JSON if it is any.
export function ask(daemon, method, path, body, headers = {}) {
    return new Promise((resolve, reject) => {
        const payload = body === undefined ? '' : JSON.stringify(body);
        const json = payload ? { 'Content-Type': 'application/json' } : {};
        const request = http.request(
            { socketPath: daemon.socket, method, path: `/api/v1${path}`, headers: { 'Content-Length': Buffer.byteLength(payload), ...json, ...headers }, agent: false },
            (response) => {
                let text = '';
                response.setEncoding('utf8').on('data', (part) => (text += part));
                response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text, body: parsed(text) }));
            },
        );
        request.on('error', reject);
        request.end(payload);
    });
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/// The body of a good answer.
export async function get(daemon, path) {
    const answer = await ask(daemon, 'GET', path);
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
}

/// Starts a job and waits for its end; gives the job.
export async function job(daemon, path, body, within_ms) {
    const started = await ask(daemon, 'POST', path, body);
    if (started.status !== 202) throw new Error(`POST ${path}: ${started.status} ${started.text}`);
    let now = started.body;
    return until(
        () => `the end of ${JSON.stringify(now)}`,
        async () => (now = await get(daemon, `/jobs/${started.body.id}`)).state !== 'running' && now,
        within_ms,
    );
}

/// Listens to a topic of the event stream: {events: [{at, data}], close()}; `at` by Date.now(), `data` parsed.
export function listen(daemon, topic) {
    return new Promise((resolve, reject) => {
        const heard = { events: [], close: () => request.destroy() };
        const request = http.get({ socketPath: daemon.socket, path: `/api/v1/events?topics=${topic}`, agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (part) => {
                const whole = (text + part).split('\n\n');
                text = whole.pop();
                for (const event of whole) {
                    const data = /^data: (.*)$/m.exec(event)?.[1];
                    if (event.includes(`event: ${topic}`)) heard.events.push({ at: Date.now(), data: JSON.parse(data) });
                }
            });
            response.on('error', () => {}); // closed by us
            resolve(heard);
        });
        request.on('error', reject);
    });
}
