// SPDX-License-Identifier: Apache-2.0
// UpdateFirmware from servers that misbehave to a machine that installs: what is fetched, resumed, refused, and what each
// charge point that asked is told.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundleOf, keyPair, Machine, packageOf } from '../update/lib/machine.mjs';
import { get } from './lib/api.mjs';
import { centralSystem, charger, password, serialBus } from './lib/daemon.mjs';
import { FileServer, ftpServer, give } from './lib/file_servers.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const architecture = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' }[process.arch];
const release = (version) => packageOf(version, 'good', { Architecture: architecture });
const now = () => new Date().toISOString();

/// A machine with the helper below a folder, and a gateway on it with two charge points; body({central, daemon, machine, files,
/// ask, told, bundle}). `answer(request, response, count, bundle)` serves the files.
const gateway = (name, answer, body, { helper = true, configuration = {} } = {}) =>
    bench(
        name,
        async (made) => {
            const machine = made.keep(new Machine(), async () => machine.remove());
            machine.write('fake/installed', release('0.1.0'));
            machine.write('fake/silent', '');
            if (helper) {
                mkdirSync(machine.path('usr/libexec/busbar'), { recursive: true });
                machine.write('usr/libexec/busbar/busbar-update', '');
            }
            const bundle = bundleOf(release('0.2.0') + '#'.repeat(200_000), machine.current.privateKey, { version: '0.2.0', architecture });
            const authority = made.authority();
            const sim = await made.simulator({ pty: true, boxes: ['heidelberg:1', 'heidelberg:2'] });
            const certificate = authority.issue();
            const central = await made.central({ certificate, passwords: { CP1: password, CP2: password } });
            for (const action of ['FirmwareStatusNotification', 'SignedFirmwareStatusNotification', 'SecurityEventNotification']) central.answer(action, {});
            const files = await FileServer.start(made, certificate, (request, response, count) => answer(request, response, count, bundle));
            const daemon = made.daemon({
                central_system: centralSystem(central, authority),
                buses: [serialBus(sim)],
                chargers: [charger('CP1'), charger('CP2', { unit_id: 2 })],
                transfers: { allow_loopback: true },
                ...configuration,
            });
            daemon.state_dir = machine.path('var/lib/busbar');
            daemon.socket = join(daemon.state_dir, 'control.sock');
            const usual = daemon.arguments.bind(daemon);
            daemon.arguments = (...more) => usual('--update-root', machine.root, ...more);
            daemon.start();
            for (const chargePoint of ['CP1', 'CP2']) await central.status('Available', { chargePoint });
            const ask = (location, more = {}, chargePoint = 'CP1') =>
                central.call(chargePoint, 'UpdateFirmware', { location, retrieveDate: now(), retries: 0, ...more });
            const told = (status, chargePoint = 'CP1') =>
                central.next('FirmwareStatusNotification', { chargePoint, where: (params) => params.status === status, within_ms: 30_000 });
            await body({ central, daemon, machine, files, made, sim, ask, told, bundle });
        },
        120_000,
    );

const statuses = (central, chargePoint = 'CP1') => central.select('FirmwareStatusNotification', { chargePoint }).map(({ params }) => params.status);
const whole = (request, response, count, bundle) => give(bundle, request, response);

gateway('a release comes by OCPP, is installed, and each charge point that asked is told so once', whole, async ({ central, daemon, machine, files, ask, told }) => {
    await ask(files.url('/busbar'));
    await ask(files.url('/busbar'), {}, 'CP2');
    for (const chargePoint of ['CP1', 'CP2']) await told('Installing', chargePoint);
    await until('the hand-over', async () => (await get(daemon, '/update')).state === 'handed_over');
    assert.equal(files.requests.length, 1, 'fetched once');
    await daemon.kill();
    daemon.start();
    for (const chargePoint of ['CP1', 'CP2']) await central.status('Available', { chargePoint });
    const { code, output } = await machine.help(10);
    assert.equal(code, 0, output);
    for (const chargePoint of ['CP1', 'CP2']) await told('Installed', chargePoint);
    await daemon.stop();
    daemon.start();
    await until('back again', () => daemon.events('started').length === 3 && central.connected('CP1'));
    await central.call('CP1', 'TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' });
    await told('Idle');
    for (const chargePoint of ['CP1', 'CP2'])
        assert.deepEqual(statuses(central, chargePoint).filter((status) => status !== 'Idle'), ['Downloading', 'Downloaded', 'Installing', 'Installed']);
});

gateway('a download that is cut goes on where it was, also after a kill', (request, response, count, bundle) => {
    if (count === 1) return give(bundle, request, response, { cut: 50_000 });
    if (count === 2) return give(bundle, request, response, { cut: 120_000 });
    return give(bundle, request, response);
}, async ({ central, daemon, files, ask, told, bundle }) => {
    await ask(files.url('/busbar'), { retries: 5, retryInterval: 2 });
    await until('the second attempt', () => files.requests.length === 2);
    await until('its end', () => daemon.events('transfer_failed').length === 2);
    await daemon.kill();
    daemon.start();
    await told('Downloaded');
    assert.deepEqual(files.requests.map(({ headers }) => headers.range), [undefined, 'bytes=50000-', 'bytes=120000-']);
    assert.equal(files.requests[2].headers['if-range'], '"one"');
    await told('Installing');
    await until('it is whole', async () => (await get(daemon, '/update')).state === 'handed_over');
    assert.ok(bundle.length > 200_000);
    assert.ok(!statuses(central).includes('DownloadFailed'));
});

gateway('a file that changed meanwhile is fetched from its beginning', (request, response, count, bundle) => {
    if (count === 1) return give(Buffer.alloc(300_000, 1), request, response, { etag: '"old"', cut: 90_000 });
    return give(bundle, request, response);
}, async ({ daemon, files, ask, told }) => {
    await ask(files.url('/busbar'), { retries: 2, retryInterval: 1 });
    await told('Installing');
    await until('it is whole', async () => (await get(daemon, '/update')).state === 'handed_over');
    assert.equal(files.requests[1].headers['if-range'], '"old"');
});

gateway('what cannot be fetched is DownloadFailed, what is no release InstallationFailed, in words', (request, response, count, bundle) => {
    if (request.url === '/missing') return response.writeHead(404).end('<html>not a file</html>');
    if (request.url === '/short') return response.writeHead(200, { 'Content-Length': 5000 }).write('x'.repeat(1000), () => setTimeout(() => response.destroy(), 50));
    if (request.url === '/large') return response.writeHead(200, { 'Content-Length': 80_000_000 }).write('x');
    if (request.url === '/junk') return response.end('this is no bundle');
    if (request.url === '/stranger') return response.end(bundleOf(release('0.2.0'), keyPair().privateKey, { version: '0.2.0', architecture }));
    return response.end(bundle);
}, async ({ central, daemon, files, ask, told }) => {
    for (const path of ['/missing', '/short', '/large']) {
        await ask(files.url(path));
        await told('DownloadFailed');
    }
    for (const path of ['/junk', '/stranger']) {
        await ask(files.url(path));
        await told('InstallationFailed');
    }
    const said = daemon.events('transfer_failed').join('\n');
    for (const words of [/answers 404/, /cut the file short|closed|broke/, /larger than/, /no update for this gateway: .*(bundle|archive)/, /no update for this gateway: .*sign/]) assert.match(said, words);
    assert.equal((await get(daemon, '/update')).state, 'none');
    assert.ok(statuses(central).includes('Installing'));
});

gateway('two locations at a time are one too many; the first is not disturbed', (request, response, count, bundle) => {
    if (request.url === '/slow') return void setTimeout(() => give(bundle, request, response), 3000);
    return give(bundle, request, response);
}, async ({ central, daemon, files, ask, told }) => {
    await ask(files.url('/slow'));
    await told('Downloading');
    await ask(files.url('/other'), {}, 'CP2');
    await told('DownloadFailed', 'CP2');
    assert.match(daemon.events('transfer_failed', 'charge_point=CP2').join('\n'), /asked for by CP1/);
    await told('Installing');
    assert.deepEqual(files.requests.map(({ url }) => url), ['/slow']);
    assert.ok(!statuses(central).includes('DownloadFailed'));
});

gateway('a gateway without an update mechanism says so', whole, async ({ daemon, files, ask, told }) => {
    await ask(files.url('/busbar'));
    await told('InstallationFailed');
    assert.match(daemon.events('transfer_failed').join('\n'), /busbar-update is missing/);
    assert.equal((await get(daemon, '/update')).state, 'none');
}, { helper: false });

gateway('nothing is installed while a car charges, here or at another charge point', whole, async ({ daemon, central, sim, files, ask, told }) => {
    await sim.plug(2);
    await central.status('Charging', { chargePoint: 'CP2' });
    await ask(files.url('/busbar'));
    await told('Downloaded');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.ok(!statuses(central).includes('Installing'));
    await sim.unplug(2);
    await told('Installing');
    await until('the hand-over', async () => (await get(daemon, '/update')).state === 'handed_over');
});

gateway('a retrieveDate is waited for, and FTP goes on where it was too', whole, async ({ made, daemon, ask, told, bundle }) => {
    const ftp = await ftpServer(made);
    ftp.write('busbar', bundle);
    const at = Date.now() + 3000;
    await ask(`ftp://meter:planted-secret-7@localhost:${ftp.port}/busbar`, { retrieveDate: new Date(at).toISOString() });
    const { at: began } = await told('Downloading');
    assert.ok(began >= at - 1100, `${began - at} ms early`);
    await told('Installing');
    await until('the hand-over', async () => (await get(daemon, '/update')).state === 'handed_over');
    assert.ok(!daemon.log.includes('planted-secret-7'));
});

gateway('signed firmware is taken from a known maker alone, with the signature of the file', whole, async ({ made, central, daemon, machine, files, bundle }) => {
    const maker = made.authority('maker');
    const signer = maker.issue();
    const ask = (requestId, signed) =>
        central.call('CP1', 'SignedUpdateFirmware', {
            requestId,
            retries: 0,
            firmware: {
                location: files.url('/busbar'),
                retrieveDateTime: now(),
                signingCertificate: signer.cert,
                signature: sign('sha256', signed, signer.key).toString('base64'),
            },
        });
    const told = (requestId, status) =>
        central.next('SignedFirmwareStatusNotification', { where: (params) => params.requestId === requestId && params.status === status, within_ms: 30_000 });
    const raised = (type) => central.next('SecurityEventNotification', { where: (params) => params.type === type });

    assert.equal((await ask(1, bundle)).status, 'InvalidCertificate', 'nobody has told whom to trust');
    await raised('InvalidFirmwareSigningCertificate');
    const certificate = readFileSync(maker.file, 'utf8');
    assert.equal((await central.call('CP1', 'InstallCertificate', { certificateType: 'ManufacturerRootCertificate', certificate })).status, 'Accepted');
    assert.equal((await ask(2, Buffer.from('another file'))).status, 'Accepted');
    await told(2, 'InvalidSignature');
    await raised('InvalidFirmwareSignature');
    assert.equal((await get(daemon, '/update')).state, 'none');

    assert.equal((await ask(3, bundle)).status, 'Accepted');
    for (const status of ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing']) await told(3, status);
    await until('the hand-over', async () => (await get(daemon, '/update')).state === 'handed_over');
    const { code, output } = await machine.help(10);
    assert.equal(code, 0, output);
    await daemon.stop();
    daemon.start();
    await told(3, 'Installed');
    await raised('FirmwareUpdated');
});

const large = Buffer.alloc(3_000_000, 'busbar');

gateway('a disk without room fails the attempt; the next one goes on where it was', (request, response) => give(large, request, response), async ({ daemon, files, ask, told }) => {
    const allow = (bytes) => execFileSync('prlimit', ['--pid', String(daemon.program.child.pid), `--fsize=${bytes}:`]);
    allow(2_000_000);
    await ask(files.url('/busbar'), { retries: 3, retryInterval: 2 });
    await until('the failure', () => daemon.events('transfer_failed').length > 0);
    assert.match(daemon.events('transfer_failed')[0], /File too large|No space|disk/);
    allow('unlimited');
    await told('Downloaded');
    assert.match(files.requests.at(-1).headers.range, /^bytes=[1-9]\d+-$/);
    await told('InstallationFailed');
});

gateway('a file larger than what the month leaves a metered uplink is not fetched over it', (request, response) => give(large, request, response), async ({ daemon, files, ask, told }) => {
    await ask(files.url('/busbar'), { retries: 2, retryInterval: 1 });
    await told('DownloadFailed');
    assert.match(daemon.events('transfer_failed').join(' '), /larger than \d+ bytes|month's budget of the uplink lan is used up/);
}, { configuration: { network: { manager: 'none' }, uplinks: [{ id: 'lan', interface: 'lo', kind: 'ethernet', priority: 1, metered: true, monthly_budget_mb: 2 }] } });
