// SPDX-License-Identifier: Apache-2.0
// GetDiagnostics to real servers: HTTPS that misbehaves, FTP, SFTP; what is followed, what is told, and that no
// secret leaves.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { get } from './lib/api.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { FileServer, ftpServer, ftpsServer, sftpServer, unpacked } from './lib/file_servers.mjs';
import { freePort } from './lib/free_port.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const at_home = { allow_loopback: true };

/// A connected gateway and an HTTPS server for files: body({central, daemon, files, made, authority, ask, told}).
const gateway = (name, transfers, answer, body, system = {}) =>
    bench(
        name,
        async (made) => {
            const authority = made.authority();
            const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1'] });
            const certificate = authority.issue();
            const central = await made.central({ certificate, passwords: { CP1: password }, ...system });
            for (const action of ['DiagnosticsStatusNotification', 'LogStatusNotification']) central.answer(action, {});
            const files = await FileServer.start(made, certificate, answer);
            const daemon = made.daemon({ central_system: centralSystem(central, authority), buses: [serialBus(sim)], chargers: [charger('CP1')], transfers });
            daemon.start();
            await central.status('Available');
            const ask = (location, more = {}) => central.call('CP1', 'GetDiagnostics', { location, retries: 0, ...more });
            const told = async (status) => central.next('DiagnosticsStatusNotification', { where: (params) => params.status === status, within_ms: 20_000 });
            await body({ central, daemon, files, made, authority, ask, told });
        },
        90_000,
    );

const fine = (request, response) => response.writeHead(201).end();
const failures = (daemon) => daemon.events('transfer_failed').join('\n');
const leftovers = (daemon) => readdirSync(join(daemon.state_dir, 'transfers')).filter((name) => name.startsWith('upload-'));

gateway('diagnostics are put where the location says, whole, without secrets, and nothing stays behind', at_home, fine, async ({ daemon, files, ask, told, central }) => {
    const { fileName } = await ask(files.url('/up/box1.tar.gz?sig=planted-query-3', { user: 'meter:planted-secret-7' }));
    await told('Uploading');
    await told('Uploaded');
    const [{ method, url, headers, body }] = files.requests;
    assert.deepEqual([method, url], ['PUT', '/up/box1.tar.gz?sig=planted-query-3']);
    assert.equal(headers.authorization, `Basic ${Buffer.from('meter:planted-secret-7').toString('base64')}`);
    assert.equal(Number(headers['content-length']), body.length);
    assert.match(fileName, /^diagnostics-[\w.-]+\.tar\.gz$/);
    const bundle = JSON.parse(unpacked(body)['busbar-support.json']);
    for (const part of ['about', 'status', 'configuration', 'ocpp', 'buses', 'logs']) assert.ok(bundle[part], part);
    assert.ok(bundle.ocpp.messages.some(({ action }) => action === 'BootNotification'));
    await ask(files.url('/folder/', { user: 'meter:planted-secret-7' }));
    await told('Uploaded');
    assert.match(files.requests[1].url, /^\/folder\/diagnostics-/);
    const outputs = { log: daemon.log, bundle: unpacked(files.requests[1].body)['busbar-support.json'], logs: JSON.stringify(await get(daemon, '/logs')), trace: JSON.stringify(await get(daemon, '/trace/ocpp')) };
    for (const [name, text] of Object.entries(outputs))
        for (const secret of ['planted-secret-7', 'planted-query-3', password]) assert.ok(!text.includes(secret), `${secret} in ${name}`);
    assert.deepEqual(leftovers(daemon), []);
    assert.deepEqual(central.select('DiagnosticsStatusNotification').map(({ params }) => params.status), ['Uploading', 'Uploaded', 'Uploading', 'Uploaded']);
});

gateway('only what lies between start and stop time is in the bundle', at_home, fine, async ({ files, ask, told }) => {
    await ask(files.url('/a'), { startTime: new Date(Date.now() + 3_600_000).toISOString() });
    await told('Uploaded');
    const bundle = JSON.parse(unpacked(files.requests[0].body)['busbar-support.json']);
    assert.deepEqual([bundle.ocpp.messages, bundle.buses.exchanges, bundle.logs], [[], [], []]);
    assert.ok(bundle.status.charge_points ?? bundle.status);
});

gateway('a server that fails once, takes POST only or redirects gets its file', at_home, (request, response, count) => {
    if (request.url === '/flaky' && count === 1) return response.writeHead(500).end('sorry');
    if (request.url === '/post' && request.method === 'PUT') return response.writeHead(405).end();
    if (request.url === '/moved') return response.writeHead(307, { Location: '/here' }).end();
    return fine(request, response);
}, async ({ files, ask, told }) => {
    await ask(files.url('/flaky'), { retries: 1, retryInterval: 1 });
    await told('Uploaded');
    await ask(files.url('/post'));
    await told('Uploaded');
    await ask(files.url('/moved'));
    await told('Uploaded');
    assert.deepEqual(files.requests.map(({ method, url }) => `${method} ${url}`), ['PUT /flaky', 'PUT /flaky', 'PUT /post', 'POST /post', 'PUT /moved', 'PUT /here']);
    for (const { body } of [files.requests[1], files.requests[3], files.requests[5]]) assert.ok(unpacked(body)['busbar-support.json']);
});

gateway('this gateway itself, metadata services and a way out of TLS are not followed', {}, fine, async ({ files, daemon, ask, told }) => {
    const refused = [files.url('/a'), files.url('/a', { host: '127.0.0.1' }), `https://[::1]:${files.port}/a`, `https://[::ffff:127.0.0.1]:${files.port}/a`, `https://2130706433:${files.port}/a`, 'http://169.254.169.254/latest/meta-data/', 'http://0.0.0.0/x', 'http://[fe80::1]/x'];
    for (const location of refused) {
        await ask(location, { retries: 3, retryInterval: 1 });
        await told('UploadFailed');
    }
    assert.equal(files.requests.length, 0);
    assert.match(failures(daemon), /transfers\.allow_loopback is false/);
    assert.match(failures(daemon), /transfers\.allow_link_local is false/);
    assert.equal(daemon.events('transfer_failed').length, refused.length, 'no second attempt');
});

gateway('a redirect is judged like a location', { ...at_home, schemes: ['https', 'http'] }, (request, response) => {
    const to = { '/plain': 'http://localhost:1/x', '/metadata': 'https://169.254.169.254/x', '/file': 'file:///etc/passwd', '/ftp': 'ftp://localhost/x' }[request.url];
    response.writeHead(302, { Location: to ?? request.url }).end();
}, async ({ files, daemon, ask, told }) => {
    for (const path of ['/plain', '/metadata', '/file', '/ftp', '/loop']) {
        await ask(files.url(path));
        await told('UploadFailed');
    }
    const said = failures(daemon);
    for (const words of [/never out of TLS/, /169\.254\.169\.254 is link-local/, /names no host/, /scheme ftp is not allowed/, /redirects without end/]) assert.match(said, words);
});

gateway('a stranger, a refusal and a scheme that is not allowed are failures in words', { ...at_home, schemes: ['https'] }, (request, response) => response.writeHead(403).end(), async ({ made, daemon, files, ask, told }) => {
    const stranger = await FileServer.start(made, made.authority('stranger').issue(), fine);
    await ask(stranger.url('/a'));
    await told('UploadFailed');
    assert.equal(stranger.requests.length, 0);
    await ask(files.url('/a'), { retries: 2, retryInterval: 1 });
    await told('UploadFailed');
    assert.equal(files.requests.length, 1, 'who is not let in is not let in a second later');
    assert.deepEqual(await ask('ftp://localhost/x'), {});
    await told('UploadFailed');
    assert.match(failures(daemon), /is not trusted: .*certificate/);
    assert.match(failures(daemon), /answers 403/);
});

gateway('a folder or a file of an FTP or SFTP server is filled', at_home, fine, async ({ made, daemon, ask, told }) => {
    const user = 'meter:planted-secret-7@';
    const ftp = await ftpServer(made);
    const { fileName } = await ask(`ftp://${user}localhost:${ftp.port}/`);
    await told('Uploaded');
    assert.deepEqual(ftp.files(), [fileName]);
    await ask(`ftp://${user}localhost:${ftp.port}/box1.tar.gz`);
    await told('Uploaded');
    assert.ok(unpacked(ftp.read('box1.tar.gz'))['busbar-support.json']);
    await ask(`ftp://meter:wrong@localhost:${ftp.port}/`, { retries: 2, retryInterval: 1 });
    await told('UploadFailed');
    const sftp = await sftpServer(made);
    const put = await ask(`sftp://${user}localhost:${sftp.port}/`);
    await told('Uploaded');
    assert.ok(unpacked(sftp.read(put.fileName))['busbar-support.json']);
    await sftp.program.kill();
    const other = await sftpServer(made, { key: 'other.key', port: sftp.port });
    await ask(`sftp://${user}localhost:${other.port}/`);
    await told('UploadFailed');
    assert.match(failures(daemon), /user and password of the location/);
    assert.match(failures(daemon), /certificate or host key that is not trusted/);
    assert.ok(!daemon.log.includes('planted-secret-7'));
});

for (const implicit of [false, true])
    gateway(`ftps: TLS ${implicit ? 'from the first byte' : 'on demand'}, for control and data`, at_home, fine, async ({ made, authority, daemon, ask, told }) => {
        const port = await freePort();
        const ftps = await ftpsServer(made, authority.issue({ key: 'rsa' }), port, implicit);
        if (!ftps) return console.log('not shown here: FTPS needs vsftpd');
        const { fileName } = await ask(`ftps://anonymous:planted-secret-7@localhost:${port}/up/`);
        await told('Uploaded');
        assert.deepEqual(ftps.files(), [fileName]);
        assert.ok(unpacked(ftps.read(fileName))['busbar-support.json']);
        assert.ok(!daemon.log.includes('planted-secret-7'));
    });

gateway('an upload that a kill cut off is made anew under its name', at_home, (request, response, count) => {
    if (count > 1) fine(request, response);
}, async ({ files, daemon, central, ask, told }) => {
    const { fileName } = await ask(files.url('/folder/'), { retries: 2, retryInterval: 1 });
    await until('the first attempt', () => files.requests.length === 1);
    await daemon.kill();
    daemon.start();
    await told('Uploaded');
    assert.deepEqual(files.requests.map(({ url }) => url), [`/folder/${fileName}`, `/folder/${fileName}`]);
    assert.deepEqual(leftovers(daemon), []);
    assert.equal(central.select('DiagnosticsStatusNotification', { where: ({ status }) => status === 'Uploaded' }).length, 1);
});

gateway('the security log goes where GetLog says; a second request ends the first', at_home, (request, response) => {
    if (request.url !== '/never') fine(request, response);
}, async ({ files, central, daemon }) => {
    const ask = (requestId, path, logType = 'SecurityLog') => central.call('CP1', 'GetLog', { logType, requestId, retries: 0, log: { remoteLocation: files.url(path) } });
    const told = (status, requestId) => central.next('LogStatusNotification', { where: (params) => params.status === status && params.requestId === requestId });
    const first = await ask(1, '/logs/');
    assert.equal(first.status, 'Accepted');
    await told('Uploaded', 1);
    assert.equal(files.requests[0].url, `/logs/${first.filename}`);
    assert.deepEqual(Object.keys(unpacked(files.requests[0].body)), ['security.log']);
    await ask(2, '/never', 'DiagnosticsLog');
    await until('it is under way', () => files.requests.length === 2);
    assert.equal((await ask(3, '/logs/x')).status, 'AcceptedCanceled');
    await told('Uploaded', 3);
    assert.deepEqual(central.select('LogStatusNotification').map(({ params }) => `${params.status} ${params.requestId}`),
        ['Uploading 1', 'Uploaded 1', 'Uploading 2', 'Uploading 3', 'Uploaded 3']);
    assert.deepEqual(leftovers(daemon), []);
    assert.equal((await ask(4, '/logs/')).status, 'Accepted');
    await told('Uploaded', 4);
}, { strict: false });
