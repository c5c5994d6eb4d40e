// SPDX-License-Identifier: Apache-2.0
// Each way in which a link can fail: its one cause in one log line and in the status, dials that go on at the pace of
// the back-off, and the link soon up once the server is good.

import { describe } from 'node:test';

import { load_balancer_suites, load_balancer_tls } from './lib/central_system.mjs';
import { charger, password } from './lib/daemon.mjs';
import { failsWith, heals, reconnect } from './lib/failing_link.mjs';
import { freePort } from './lib/free_port.mjs';
import { switching } from './lib/raw_peer.mjs';
import { bench } from './lib/scenario.mjs';
import { deafServer, tcpServer, tlsServer, upgradeServer } from './lib/wrong_servers.mjs';

const http = (status, ...headers) => [`HTTP/1.1 ${status}`, ...headers, 'Content-Length: 0', '', ''].join('\r\n');

/// Central systems that are wrong by their options: what, cause, options({authority, made}).
const wrong_central_systems = [
    ["another authority's certificate", 'unknown_ca', ({ made }) => ({ certificate: made.authority('another').issue() })],
    ['an expired certificate', 'expired', ({ authority }) => ({ certificate: authority.issue({ from_days: -9, until_days: -1 }) })],
    ['a certificate of tomorrow', 'not_yet_valid', ({ authority }) => ({ certificate: authority.issue({ from_days: 1, until_days: 9 }) })],
    ["another host's certificate (a name that leads elsewhere)", 'host_mismatch', ({ authority }) => ({ certificate: authority.issue({ names: ['DNS:other.example'] }) })],
    ['RSA key exchange only', 'cipher', ({ authority }) => ({
        certificate: authority.issue({ key: 'rsa' }),
        tls: { ...load_balancer_tls, ciphers: load_balancer_suites.filter((suite) => suite.startsWith('AES')).join(':') },
    })],
    ['TLS 1.1 only', 'tls_version', ({ authority }) => ({
        certificate: authority.issue({ key: 'rsa' }),
        tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    })],
    ['no subprotocol', 'subprotocol', ({ good }) => ({ certificate: good, admit: () => false })],
    ['a wrong password', 'http_401', ({ good }) => ({ certificate: good, passwords: { CP1: 'another' } })],
    ['an unknown charge point', 'http_404', ({ good }) => ({ certificate: good, admit: () => 404 })],
    ['an overloaded service', 'http_other', ({ good }) => ({ certificate: good, admit: () => 503 })],
];

/// Other servers: what, cause, start({good, at}) -> {stop}, how many dials to wait for.
const wrong_servers = [
    ['nobody on the port', 'refused', () => ({ stop: async () => {} })],
    ['a server without TLS', 'tls_version', ({ at }) => tcpServer((socket) => socket.end(http('400 Bad Request')), at)],
    ['a server that closes at once', 'closed', ({ at }) => tcpServer((socket) => socket.end(), at)],
    ['a server that resets at once', 'closed', ({ at }) => tcpServer((socket) => socket.resetAndDestroy(), at)],
    ['a server that closes instead of answering the upgrade', 'closed', ({ good, at }) => upgradeServer(good, (socket) => socket.end(), at)],
    ['a server that closes within its answer', 'closed', ({ good, at }) => upgradeServer(good, (socket) => socket.end('HTTP/1.1 101 Switch'), at)],
    ['another subprotocol', 'subprotocol', ({ good, at }) =>
        upgradeServer(good, (socket, request) => socket.write(switching(request, 'ocpp2.0.1')), at)],
    ['a redirection', 'http_other', ({ good, at }) => upgradeServer(good, (socket) => socket.end(http('301 Moved', 'Location: wss://elsewhere.example/')), at)],
    ['a page instead of an upgrade', 'http_other', ({ good, at }) => upgradeServer(good, (socket) => socket.end(http('200 OK')), at)],
    ['an upgrade with a made-up key', 'http_other', ({ good, at }) =>
        upgradeServer(good, (socket) => socket.write(switching({ headers: { 'sec-websocket-key': 'made up' } })), at)],
    ['no HTTP at all', 'http_other', ({ good, at }) => tlsServer(good, (socket) => socket.end('220 mail.example ESMTP\r\n'), at)],
    ['a server that accepts and never answers', 'timeout', ({ at }) => tcpServer(undefined, at), 1],
    ['a server that never answers the upgrade', 'timeout', ({ good, at }) => upgradeServer(good, () => {}, at), 1],
    ['a server behind a wall that drops', 'timeout', ({ at }) => deafServer(at), 1],
];

/// A daemon for the server at `url`, with a charge point of each id.
const daemonFor = (made, url, authority) =>
    made.daemon({
        central_system: { url, ca_file: authority.file, reconnect },
        buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }],
        chargers: [charger('CP1')],
    });

/// One story: wrong for a while, then good on the same port.
function story(what, cause, start, dials) {
    bench(`${what}: ${cause}, and up again`, async (made) => {
        const authority = made.authority();
        const good = authority.issue();
        const port = await freePort();
        const wrong = await start({ made, authority, good, at: { port } });
        if (!wrong) return console.log(`not shown here: ${what}`);
        made.keep(wrong, () => wrong.stop());
        const daemon = daemonFor(made, `wss://localhost:${port}/ocpp`, authority);
        await failsWith(cause, daemon, dials);
        await wrong.stop();
        const central = await made.central({ certificate: good, passwords: { CP1: password }, port });
        await heals(daemon, central);
    });
}

describe('a link that fails', { concurrency: 6 }, () => {
    for (const [what, cause, options] of wrong_central_systems) {
        story(what, cause, async (tools) => {
            const central = await tools.made.central({ ...tools.at, ...options(tools) });
            return { stop: () => central.goAway() };
        });
    }
    for (const [what, cause, start, dials] of wrong_servers) story(what, cause, start, dials);

    for (const [what, cause, url] of [
        ['a name without address', 'dns', 'wss://no-such-host.invalid/ocpp'],
        ['no way there', 'unreachable', 'wss://224.0.0.1/ocpp'],
    ]) {
        bench(`${what}: ${cause}`, (made) => failsWith(cause, daemonFor(made, url, made.authority())));
    }
});
