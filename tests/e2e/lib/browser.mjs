// SPDX-License-Identifier: Apache-2.0
// A browser as the gateway sees one: HTTPS, a cookie, the fields that its pages send.

import https from 'node:https';

import { run } from './processes.mjs';
import { until } from './wait.mjs';

/// One request on a connection of its own: {status, headers, text, json}. Rejects when the server only hangs up.
export function ask(port, method, path, { body, headers = {}, host } = {}) {
    return new Promise((resolve, reject) => {
        const request = https.request(
            { host: '127.0.0.1', port, method, path, agent: false, rejectUnauthorized: false, headers: { Host: host ?? `127.0.0.1:${port}`, ...headers } },
            (response) => {
                const parts = [];
                response.on('data', (part) => parts.push(part));
                response.on('error', reject);
                response.on('end', () => {
                    const text = Buffer.concat(parts).toString();
                    const json = /json/.test(response.headers['content-type'] ?? '') ? JSON.parse(text) : undefined;
                    resolve({ status: response.statusCode, headers: response.headers, text, json });
                });
            },
        );
        request.on('error', reject);
        request.end(body);
    });
}

export class Browser {
    cookie;

    constructor(port) {
        this.port = port;
    }

    /// A request to the API as our pages make it. A cookie that comes back is kept.
    async api(method, path, body, headers = {}) {
        const unsafe = method !== 'GET';
        const answer = await ask(this.port, method, `/api/v1${path}`, {
            body: body === undefined ? undefined : JSON.stringify(body),
            headers: {
                ...(unsafe && { 'X-Busbar': '1', 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' }),
                ...(this.cookie && { Cookie: this.cookie }),
                ...headers,
            },
        });
        const [set] = answer.headers['set-cookie'] ?? [];
        if (set) this.cookie = set.split(';')[0];
        return answer;
    }

    /// Listens to events: {events: [{id, event, data}], ended, close()}.
    stream(path, headers = {}) {
        return new Promise((resolve, reject) => {
            const heard = { events: [], ended: false, close: () => request.destroy() };
            const request = https.get(
                { host: '127.0.0.1', port: this.port, path: `/api/v1${path}`, agent: false, rejectUnauthorized: false, headers: { Cookie: this.cookie, ...headers } },
                (response) => {
                    let text = '';
                    response.on('data', (part) => {
                        const messages = (text += part).split('\n\n');
                        text = messages.pop();
                        for (const message of messages.filter((one) => !one.startsWith(':'))) {
                            heard.events.push(Object.fromEntries(message.split('\n').map((line) => line.split(/: (.*)/s, 2))));
                        }
                    });
                    response.on('close', () => (heard.ended = true)).on('error', () => {});
                    resolve(heard);
                },
            );
            request.on('error', reject);
        });
    }

    logIn(user, password) {
        return this.api('POST', '/session', { user, password });
    }
}

/// Waits until the pages are there; a browser for them.
export async function opened(daemon, port) {
    await until('the pages', () => daemon.events('web_listening').length > 0);
    return new Browser(port);
}

/// The password that `busbarctl web password` makes for a user.
export async function newPassword(daemon, user = 'installer') {
    const { code, output } = await run('busbarctl', ['--socket', daemon.socket, '--json', 'web', 'password', user]);
    if (code !== 0) throw new Error(`busbarctl web password: ${output}`);
    return JSON.parse(output).password;
}

export const own_password = 'Kabel-Salat-2026';

/// Logged in as the first account, with a password of its own.
export async function installer(daemon, port) {
    const browser = await opened(daemon, port);
    const first = await newPassword(daemon);
    await browser.logIn('installer', first);
    const changed = await browser.api('POST', '/session/password', { old: first, new: own_password });
    if (changed.status !== 204) throw new Error(`the first password: ${changed.text}`);
    return browser;
}

/// An account of that role, logged in with a password of its own.
export async function user(manager, port, role, name = role) {
    const made = await manager.api('POST', '/users', { name, role });
    if (made.status !== 201) throw new Error(`a user: ${made.text}`);
    const browser = new Browser(port);
    await browser.logIn(name, made.json.password);
    const changed = await browser.api('POST', '/session/password', { old: made.json.password, new: own_password });
    if (changed.status !== 204) throw new Error(`its password: ${changed.text}`);
    return browser;
}
