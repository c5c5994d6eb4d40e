// SPDX-License-Identifier: Apache-2.0
// The pages and the API on the network: who gets in, and what becomes of those who should not.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ask, Browser, installer, newPassword, opened, own_password, user } from './lib/browser.mjs';
import { freePort } from './lib/free_port.mjs';
import { run } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const idle = { central_system: { url: 'wss://127.0.0.1:1/ocpp' }, buses: [], chargers: [] };

/// A test with a daemon that only serves its pages: body({daemon, port, plain, made}).
function pages(name, body, web = {}) {
    bench(name, async (made) => {
        const [port, plain] = [await freePort(), await freePort()];
        const daemon = made.daemon({ ...idle, web: { listen: '127.0.0.1', https_port: port, http_port: plain, ...web } });
        daemon.start();
        await body({ daemon, port, plain, made });
    });
}

const isProblem = (answer, status, code) => {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.json.code, code);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
};

/// Every route of gateway/README.md with something for each of its names.
const documented = () => {
    const page = readFileSync(new URL('../../gateway/README.md', import.meta.url), 'utf8');
    return [...page.matchAll(/^\| `(GET|POST|PUT|PATCH|DELETE) (\/api\/v1\/[^`?]+)[^`]*` \|/gm)].map(([, method, path]) => [method, path.replace(/\{\w+\}/g, 'x')]);
};

pages('the first password comes over the control socket, and opens nothing but its own change', async ({ daemon, port }) => {
    const browser = await opened(daemon, port);
    isProblem(await browser.logIn('installer', 'busbar'), 401, 'wrong_credentials');
    const first = await newPassword(daemon);
    const login = await browser.logIn('installer', first);
    assert.equal(login.status, 200, login.text);
    assert.equal(login.json.password_change_required, true);
    for (const [method, path] of documented().filter(([, path]) => !/\/(session|session\/password|health)$/.test(path))) {
        isProblem(await browser.api(method, path.replace('/api/v1', ''), method === 'GET' ? undefined : {}), 403, 'password_change_required');
    }
    isProblem(await browser.api('POST', '/session/password', { old: first, new: 'short' }), 422, 'weak_password');
    isProblem(await browser.api('POST', '/session/password', { old: 'wrong', new: own_password }), 401, 'wrong_credentials');
    const before = browser.cookie;
    assert.equal((await browser.api('POST', '/session/password', { old: first, new: own_password })).status, 204);
    assert.notEqual(browser.cookie, before);
    assert.equal((await browser.api('GET', '/status')).status, 200);
    const old = new Browser(port);
    old.cookie = before;
    isProblem(await old.api('GET', '/status'), 401, 'login_required');
});

pages('the password of the label opens the first account', async ({ daemon, port, made }) => {
    const browser = await opened(daemon, port);
    assert.equal((await browser.logIn('installer', 'printed-on-the-box')).status, 200);
    assert.equal(statSync(join(made.dir, 'state', 'web', 'users.json')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(made.dir, 'state', 'web', 'users.json'), 'utf8'), /"password": "\$argon2id\$/);
}, { initial_password_file: new URL('data/label.txt', import.meta.url).pathname });

pages('without a login every route says 401, but for the login itself and the health', async ({ daemon, port }) => {
    const browser = await opened(daemon, port);
    const open = [];
    const routes = documented();
    assert.ok(routes.length > 20, 'the routes of the page');
    for (const [method, path] of routes) {
        const answer = await browser.api(method, path.replace('/api/v1', ''), method === 'GET' ? undefined : {});
        if (answer.status !== 401) open.push(`${method} ${path} ${answer.status}`);
    }
    assert.deepEqual(open.sort(), ['GET /api/v1/health 200', 'POST /api/v1/session 400']);
});

pages('before a login nothing tells version, model or serial', async ({ daemon, port }) => {
    await opened(daemon, port);
    for (const path of ['/', '/api/v1/health', '/api/v1/status', '/.well-known/security.txt', '/nothing']) {
        const answer = await ask(port, 'GET', path);
        assert.doesNotMatch(JSON.stringify(answer.headers) + answer.text, /\b\d+\.\d+\.\d+\b(?!\.)|busbar\/|serial/i, path);
    }
    assert.equal((await ask(port, 'GET', '/.well-known/security.txt')).status, 404, 'this build names nobody');
});

pages('every answer carries the rules for browsers, and no HSTS while the certificate is self-made', async ({ daemon, port }) => {
    await opened(daemon, port);
    for (const path of ['/', '/api/v1/health', '/api/v1/status', '/nothing', '/%zz']) {
        const { headers } = await ask(port, 'GET', path);
        assert.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self'/, path);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
        assert.equal(headers['strict-transport-security'], undefined);
        assert.equal(headers['access-control-allow-origin'], undefined);
    }
});

pages('another site can neither read nor change anything', async ({ daemon, port }) => {
    const browser = await installer(daemon, port);
    const post = (headers) => ask(port, 'DELETE', '/api/v1/session', { headers: { Cookie: browser.cookie, ...headers } });
    isProblem(await post({}), 403, 'cross_site');
    isProblem(await post({ 'X-Busbar': '1', Origin: 'https://evil.example' }), 403, 'cross_site');
    isProblem(await post({ 'X-Busbar': '1', Origin: 'null' }), 403, 'cross_site');
    isProblem(await post({ 'X-Busbar': '1', 'Sec-Fetch-Site': 'cross-site' }), 403, 'cross_site');
    isProblem(await browser.api('POST', '/users', { name: 'eva', role: 'viewer' }, { 'Content-Type': 'text/plain' }), 415, 'content_type');
    isProblem(await browser.api('GET', '/status', undefined, { 'Sec-Fetch-Site': 'cross-site' }), 403, 'cross_site');
    isProblem(await browser.api('OPTIONS', '/session'), 405, 'method_not_allowed');
    assert.equal((await browser.api('GET', '/session', undefined, { Origin: `https://127.0.0.1:${port}` })).status, 200);
});

pages('a foreign host name is misdirected, an own one is not', async ({ daemon, port }) => {
    await opened(daemon, port);
    for (const host of ['evil.example', `evil.example:${port}`, '8.8.8.8', 'localhost.evil.example', 'x@127.0.0.1', '[::']) {
        const answer = await ask(port, 'GET', '/api/v1/health', { host });
        assert.ok([400, 421].includes(answer.status), `${host}: ${answer.status}`);
    }
    for (const host of ['127.0.0.1', `LocalHost:${port}`, '[::1]:8443', 'box.example', 'Box.Example.']) {
        assert.equal((await ask(port, 'GET', '/api/v1/health', { host })).status, 200, host);
    }
}, { host_names: ['box.example'] });

pages('roles: a viewer sees, an owner manages users, an installer commissions', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const [viewer, owner] = [await user(boss, port, 'viewer'), await user(boss, port, 'owner')];
    assert.equal((await viewer.api('GET', '/status')).status, 200);
    isProblem(await viewer.api('GET', '/users'), 403, 'role_required');
    isProblem(await owner.api('PUT', '/certificate', { certificate: null, key: null }), 403, 'role_required');
    assert.equal((await owner.api('POST', '/users', { name: 'eva', role: 'installer' })).status, 201);
    isProblem(await owner.api('POST', '/users', { name: 'adam', role: 'operator' }), 403, 'role_required');
    isProblem(await owner.api('POST', '/users', { name: 'owner', role: 'viewer' }), 409, 'user_exists');
    isProblem(await owner.api('PATCH', '/users/owner', { role: 'installer' }), 409, 'own_account');
    isProblem(await owner.api('PATCH', '/users/owner', { password: 'another-long-one' }), 409, 'own_account');
    assert.equal((await owner.api('PATCH', '/users/viewer', { role: 'owner' })).status, 200);
    isProblem(await viewer.api('GET', '/status'), 401, 'login_required');
    assert.equal((await owner.api('DELETE', '/users/viewer')).status, 204);
    isProblem(await viewer.logIn('viewer', own_password), 401, 'wrong_credentials');
});

pages('an account that expired is out at once', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const guest = await user(boss, port, 'installer', 'guest');
    const soon = new Date(Date.now() + 1500).toISOString();
    assert.equal((await boss.api('PATCH', '/users/guest', { expires_at: soon })).status, 200);
    assert.equal((await guest.api('GET', '/status')).status, 200);
    await until('the end', async () => (await guest.api('GET', '/status')).status === 401);
    isProblem(await guest.logIn('guest', own_password), 401, 'account_expired');
});

pages('tokens do what their role may, are shown once, and go when revoked', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const { json: token } = await boss.api('POST', '/tokens', { name: 'script', role: 'viewer' });
    const bearer = (method, path) => ask(port, method, `/api/v1${path}`, { headers: { Authorization: `Bearer ${token.token}` } });
    assert.equal((await bearer('GET', '/status')).status, 200);
    isProblem(await bearer('GET', '/users'), 403, 'role_required');
    assert.ok(!(await boss.api('GET', '/tokens')).text.includes(token.token));
    isProblem(await boss.api('POST', '/tokens', { name: 'more', role: 'operator' }), 403, 'role_required');
    assert.equal((await boss.api('DELETE', `/tokens/${token.id}`)).status, 204);
    isProblem(await bearer('GET', '/status'), 401, 'login_required');
});

pages('guessing gets slower, never locks out, and stands in the security log', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const thief = new Browser(port);
    let waits = 0;
    for (let n = 0; n < 20; ++n) {
        const answer = await thief.logIn('installer', `guess-number-${n}`);
        if (answer.status === 429) {
            isProblem(answer, 429, 'too_many_tries');
            assert.ok(Number(answer.headers['retry-after']) >= 1);
            ++waits;
        } else {
            isProblem(answer, 401, 'wrong_credentials');
        }
    }
    assert.ok(waits >= 10, `${waits} of 20 had to wait`);
    const { json: log } = await boss.api('GET', '/security-log');
    const events = log.entries.map((entry) => entry.event);
    for (const event of ['login', 'login_failed', 'password_reset', 'password_changed']) assert.ok(events.includes(event), event);
    assert.ok(log.entries.every((entry) => entry.t !== null));
    const right = await until('the throttle to give way', async () => {
        const answer = await new Browser(port).logIn('installer', own_password);
        return answer.status === 200 && answer;
    }, 20_000);
    assert.equal(right.json.role, 'installer');
});

pages('sessions are listed and ended; logging out ends one', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const owner = await user(boss, port, 'owner');
    const { json } = await boss.api('GET', '/sessions');
    assert.deepEqual(json.sessions.map((one) => [one.user, one.own]).sort(), [['installer', true], ['owner', false]]);
    const { id } = json.sessions.find((one) => one.user === 'owner');
    assert.equal((await boss.api('DELETE', `/sessions/${id}`)).status, 204);
    isProblem(await owner.api('GET', '/session'), 401, 'login_required');
    const kept = boss.cookie;
    assert.equal((await boss.api('DELETE', '/session')).status, 204);
    boss.cookie = kept;
    isProblem(await boss.api('GET', '/session'), 401, 'login_required');
});

pages('the cookie is for this host alone and for no script', async ({ daemon, port }) => {
    const browser = await opened(daemon, port);
    const { headers } = await browser.logIn('installer', await newPassword(daemon));
    const [name, ...rules] = headers['set-cookie'][0].split('; ');
    assert.match(name, /^__Host-busbar=[\w-]{43}$/);
    assert.deepEqual(rules.sort(), ['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
});

pages('an own certificate is taken as a pair, and given back', async ({ daemon, port, made }) => {
    const boss = await installer(daemon, port);
    const before = (await boss.api('GET', '/certificate')).json;
    assert.equal(before.self_signed, true);
    const shown = await run('busbarctl', ['--socket', daemon.socket, 'web', 'fingerprint']);
    assert.match(shown.output, new RegExp(before.sha256));
    const [one, two] = [made.authority('one').issue(), made.authority('two').issue()];
    const pem = (issued) => ({ certificate: issued.cert, key: issued.key });
    isProblem(await boss.api('PUT', '/certificate', { ...pem(one), key: pem(two).key }), 422, 'bad_certificate');
    isProblem(await boss.api('PUT', '/certificate', { certificate: 'none', key: 'none' }), 422, 'bad_certificate');
    const after = await boss.api('PUT', '/certificate', pem(one));
    assert.equal(after.status, 200, after.text);
    assert.notEqual(after.json.sha256, before.sha256);
    assert.match((await ask(port, 'GET', '/')).headers['strict-transport-security'], /^max-age=\d+$/);
    const back = await boss.api('PUT', '/certificate', { certificate: null, key: null });
    assert.equal(back.json.sha256, before.sha256);
});

pages('events come at once, resume, and end with the session', async ({ daemon, port }) => {
    const boss = await installer(daemon, port);
    const first = await boss.stream('/events?topics=status');
    await until('a status', () => first.events.some((event) => event.event === 'status'));
    const last = first.events.at(-1);
    assert.ok(JSON.parse(last.data).clock);
    first.close();
    const again = await boss.stream('/events?topics=status', { 'Last-Event-ID': last.id });
    await until('a newer status', () => again.events.some((event) => event.event === 'status'));
    assert.ok(again.events.every((event) => event.event !== 'resync' && event.id !== last.id));
    again.close();
    const stale = await boss.stream('/events', { 'Last-Event-ID': 'ffffffff-7' });
    await until('the word to fetch all', () => stale.events[0]?.event === 'resync');
    isProblem(await boss.api('GET', '/events?topics=nonsense'), 400, 'no_topic');
    await boss.api('DELETE', '/session');
    await until('the end of the stream', () => stale.ended, 20_000);
});

pages('the port without TLS only sends elsewhere', async ({ daemon, port, plain }) => {
    await opened(daemon, port);
    const answer = await fetch(`http://127.0.0.1:${plain}/a%20b?x=1`, { method: 'POST', redirect: 'manual' });
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.get('location'), `https://127.0.0.1:${port}/a%20b?x=1`);
    assert.equal(answer.headers.get('set-cookie'), null);
});

pages('a scanner finds TLS 1.2 and 1.3 alone, forward secrecy and authenticated encryption', async ({ port, daemon }) => {
    await opened(daemon, port);
    const { code, output } = await run('/usr/bin/sslscan', ['--no-colour', '--no-fallback', `127.0.0.1:${port}`]);
    assert.equal(code, 0, output);
    for (const old of ['SSLv2', 'SSLv3', 'TLSv1\\.0', 'TLSv1\\.1']) assert.match(output, new RegExp(`^${old} +disabled$`, 'm'));
    for (const good of ['TLSv1\\.2', 'TLSv1\\.3']) assert.match(output, new RegExp(`^${good} +enabled$`, 'm'));
    const ciphers = output.match(/^(?:Preferred|Accepted) .*$/gm);
    assert.ok(ciphers.length >= 4, output);
    for (const cipher of ciphers) assert.match(cipher, /TLS_(AES|CHACHA20)_|ECDHE-ECDSA-.*(GCM|POLY1305)/);
    assert.match(output, /Session renegotiation not supported/);
    assert.match(output, /ECC Curve Name: +prime256v1/);
});
