// SPDX-License-Identifier: Apache-2.0
// Serves dist/ under the gateway's own content security policy, and the API from memory: for the browser tests and for
// development without a gateway. `node mock/server.mjs [PORT]`; users viewer, owner, installer, operator, fresh, password mock-password.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { box, login, logout, ranks, sessionOf, support } from './box.mjs';
import { refuse, routes } from './routes.mjs';
import { status, tick } from './world.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const streams = new Set();
const hear = (topic, data) => streams.forEach((one) => one.topics.has(topic) && one.response.write(`id: ${Date.now()}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`));

async function serveFile(path, response) {
    const name = normalize(path === '/' ? '/index.html' : path);
    try {
        const text = await readFile(join(dist, name));
        response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
        response.end(text);
    } catch {
        response.writeHead(404).end();
    }
}

/** A body that is no JSON is told by its length. */
async function bodyOf(request) {
    let text = '';
    for await (const piece of request) text += piece.toString('latin1');
    const isJson = request.headers['content-type'] === 'application/json';
    return { bytes: text.length, body: text && isJson ? JSON.parse(Buffer.from(text, 'latin1')) : {} };
}

function stream(request, response, query) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': hello\n\n');
    const one = { response, topics: new Set((query.get('topics') ?? '').split(',')) };
    streams.add(one);
    request.on('close', () => streams.delete(one));
}

function enter(body, response) {
    const entered = login(body);
    if (!entered) refuse(401, 'wrong_credentials');
    response.setHeader('Set-Cookie', `busbar=${entered.id}; Path=/; HttpOnly; SameSite=Strict`);
    return { body: entered.session };
}

function answerTo(ask, path, method, response) {
    if (path === '/session' && method === 'POST') return enter(ask.body, response);
    if (!ask.user) refuse(401, 'login_required');
    if (path === '/session' && method === 'DELETE') return logout(ask.cookie), { status: 204 };
    if (ask.user.password_change_required && !path.startsWith('/session')) refuse(403, 'password_change_required');
    const candidates = routes.filter((one) => one.pattern.test(path));
    const route = candidates.find((one) => one.method === method);
    if (!route) refuse(candidates.length ? 405 : 404, candidates.length ? 'method_not_allowed' : 'not_found');
    if (ranks.indexOf(ask.user.role) < ranks.indexOf(route.role)) refuse(403, 'role_required', { role: route.role });
    return route.handle({ ...ask, params: route.pattern.exec(path).slice(1).map(decodeURIComponent), hear });
}

function send(response, { status: code = 200, body, text, type, etag, location, file }) {
    if (etag) response.setHeader('ETag', etag);
    if (location) response.setHeader('Location', location);
    if (file) response.setHeader('Content-Disposition', `attachment; filename="${file}"`);
    if (code === 204) return response.writeHead(204).end();
    response.writeHead(code, { 'Content-Type': type ?? (body?.code && code >= 400 ? 'application/problem+json' : 'application/json'), 'Cache-Control': 'no-store' });
    response.end(text ?? JSON.stringify(body));
}

async function serveApi(request, response, url) {
    const path = url.pathname.slice('/api/v1'.length);
    const cookie = /busbar=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    const unsafe = !['GET', 'HEAD'].includes(request.method);
    try {
        if (unsafe && request.headers['x-busbar'] !== '1') refuse(403, 'cross_site');
        const ask = { query: url.searchParams, headers: request.headers, cookie, user: sessionOf(cookie), ...(unsafe ? await bodyOf(request) : { body: null }) };
        if (path === '/events' && ask.user) return stream(request, response, url.searchParams);
        send(response, answerTo(ask, path, request.method, response));
    } catch (error) {
        if (!error.problem) throw error;
        send(response, { status: error.problem.status, body: error.problem });
    }
}

/** Test tooling only: puts the mock into a state that a person would need a new box for. */
function arrange(url, response) {
    if (url.pathname === '/mock/new') box.setup = { ...box.setup, complete: false, draft: null };
    response.writeHead(204).end();
}

const port = Number(process.argv[2] ?? 4180);
const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (url.pathname.startsWith('/api/v1/')) return void serveApi(request, response, url);
    if (url.pathname.startsWith('/mock/')) return arrange(url, response);
    return void serveFile(url.pathname, response);
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
setInterval(() => {
    tick();
    hear('status', { ...status(), support_until: support().until });
    if (box.network.unconfirmed && --box.network.unconfirmed.seconds_left <= 0) box.network.unconfirmed = null;
}, 1000).unref();
