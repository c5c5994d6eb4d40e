// SPDX-License-Identifier: Apache-2.0
// Secrets planted wherever one goes in, and searched for wherever something comes out: log, API, bundle, uploads, files that
// others may read, the process itself and its core.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { ask } from './lib/api.mjs';
import { centralSystem, charger } from './lib/daemon.mjs';
import { FileServer, unpacked } from './lib/file_servers.mjs';
import { freePort } from './lib/free_port.mjs';
import { run } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const planted = {
    text: 'planted-text-password-1',
    hex: Buffer.from('planted-hex-pass-2').toString('hex'),
    file: 'planted-file-password-3',
    mqtt: 'planted-mqtt-password-4',
    apn: 'planted-apn-password-5',
    pin: '86429753',
    web: 'planted-web-password-6',
    key: 'planted-authorization-7',
    url: 'planted-url-password-8',
    query: 'planted-query-9',
    firmware: 'planted-firmware-password-10',
};

const openapi = parse(readFileSync(fileURLToPath(new URL('../../gateway/web/openapi.yaml', import.meta.url)), 'utf8'));

/// What every GET of the API answers; those that stream, or ask for an id that there is none of, left away.
async function everything(daemon) {
    const texts = {};
    for (const [path, methods] of Object.entries(openapi.paths)) {
        const target = path.replace('{charger}', 'CP1').replace('{bus}', 'line');
        if (!methods.get || path === '/events' || target.includes('{')) continue;
        texts[`GET ${path}`] = (await ask(daemon, 'GET', target)).text;
    }
    return texts;
}

/// Files below `dir` that hold a secret although somebody else may read them.
function* shown(dir, secrets, open_so_far = true) {
    for (const name of readdirSync(dir)) {
        const path = join(dir, name);
        const facts = statSync(path);
        const open = open_so_far && (facts.mode & 0o077) !== 0;
        if (facts.isDirectory()) yield* shown(path, secrets, open);
        else if (open && facts.isFile()) {
            const content = readFileSync(path, 'latin1');
            for (const secret of secrets) if (content.includes(secret)) yield `${secret} in ${path}`;
        }
    }
}

function findIn(texts, secrets) {
    for (const [name, text] of Object.entries(texts)) for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${name}`);
}

bench('no secret that goes in comes out', async (made) => {
    const authority = made.authority();
    const certificate = authority.issue();
    const passwords = { CP1: planted.text, CP2: 'planted-hex-pass-2', CP3: planted.file };
    const central = await made.central({ certificate, passwords, strict: false });
    for (const action of ['DiagnosticsStatusNotification', 'LogStatusNotification', 'FirmwareStatusNotification', 'SecurityEventNotification']) central.answer(action, {});
    const files = await FileServer.start(made, certificate, (request, response) => response.writeHead(request.url.startsWith('/no') ? 500 : 201).end());
    const file = (name, text) => (writeFileSync(join(made.dir, name), text, { mode: 0o600 }), join(made.dir, name));
    const line = { bus: 'line', authorization: { mode: 'free', id_tag: 'FREE01' } };
    const daemon = made.daemon({
        central_system: centralSystem(central, authority),
        buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }],
        chargers: [charger('CP1', { password: planted.text }), charger('CP2', { unit_id: 2, password: planted.hex, password_encoding: 'hex' }), { ...charger('CP3', { unit_id: 3, ...line }), password: undefined, password_file: file('cp3', planted.file) }],
        uplinks: [
            { id: 'lan', interface: 'lo', kind: 'ethernet', priority: 1 },
            { id: 'gsm', interface: 'nosuch0', kind: 'gsm', priority: 2, apn: 'internet', apn_user: 'box', apn_password: planted.apn, pin: planted.pin },
        ],
        network: { manager: 'none' },
        mqtt: { host: '127.0.0.1', port: 1, tls: false, user: 'box', password: planted.mqtt },
        web: { listen: '127.0.0.1', https_port: await freePort(), initial_password_file: file('label', `${planted.web}\n`), metrics: true },
        transfers: { allow_loopback: true },
    });
    daemon.wrap = ['sh', '-c', 'cd "$0" && ulimit -c unlimited && exec "$@"', made.dir];
    daemon.start();
    for (const chargePoint of ['CP1', 'CP2', 'CP3']) await central.next('BootNotification', { chargePoint });

    const pair = made.authority('clients').issue();
    assert.equal((await ask(daemon, 'PUT', '/chargers/CP1/certificate', { certificate: pair.cert, key: pair.key })).status, 200);
    const key_line = pair.key.split('\n')[1];
    const { body: token } = await ask(daemon, 'POST', '/tokens', { name: 'script', role: 'viewer' });
    const at = (path, secret) => files.url(`${path}?sig=${planted.query}`, { user: `meter:${secret}` });
    await central.call('CP1', 'GetLog', { logType: 'SecurityLog', requestId: 1, retries: 0, log: { remoteLocation: at('/log', planted.url) } });
    await central.next('LogStatusNotification', { where: ({ status }) => status === 'Uploaded' });
    await central.call('CP1', 'UpdateFirmware', { location: at('/no/firmware', planted.firmware), retrieveDate: '2020-01-01T00:00:00Z', retries: 0 });
    await central.next('FirmwareStatusNotification', { where: ({ status }) => status === 'DownloadFailed' });
    passwords.CP3 = planted.key;
    await until('2 s of the session', () => Date.now() - central.upgrades.at(-1).at > 2500);
    assert.equal((await central.call('CP3', 'ChangeConfiguration', { key: 'AuthorizationKey', value: planted.key })).status, 'Accepted');
    await until('the new password', () => central.upgrades.at(-1).password?.toString() === planted.key);
    await central.call('CP1', 'GetDiagnostics', { location: at('/up', planted.url), retries: 0 });
    await central.next('DiagnosticsStatusNotification', { where: ({ status }) => status === 'Uploaded', within_ms: 20_000 });

    const secrets = [...Object.values(planted), 'planted-hex-pass-2', key_line, token.token];
    const label = 'GET /label';  // whoever prints the label of the box is shown its first password
    const texts = await everything(daemon);
    for (const name of Object.keys(texts)) if (name.startsWith(label)) delete texts[name];
    texts['the log'] = daemon.log;
    for (const { url, body } of files.requests) if (body.length > 0) texts[`upload to ${url.split('?')[0]}`] = Object.values(unpacked(body)).join('\n');
    texts['busbarctl bundle'] = (await run('busbarctl', ['--socket', daemon.socket, 'bundle'])).output;
    for (const name of ['cmdline', 'environ']) texts[`/proc/${name}`] = readFileSync(`/proc/${daemon.program.child.pid}/${name}`, 'latin1');
    assert.ok(Object.keys(texts).length > 30, 'little was searched');
    findIn(texts, secrets);
    assert.deepEqual([...shown(daemon.state_dir, secrets)], []);

    daemon.program.child.kill('SIGABRT');
    await daemon.program.ended;
    assert.deepEqual(readdirSync(made.dir).filter((name) => name.startsWith('core')), [], 'a core holds all of them');
}, 90_000);
