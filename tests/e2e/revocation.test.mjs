// SPDX-License-Identifier: Apache-2.0
// Whose certificate counts: what an authority took back, a root that takes another's place, RSA keys, and mutual TLS with a
// server that is OpenSSL's own.

import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ask } from './lib/api.mjs';
import { load_balancer_tls } from './lib/central_system.mjs';
import { centralSystem, charger, password } from './lib/daemon.mjs';
import { reconnect } from './lib/failing_link.mjs';
import { freePort } from './lib/free_port.mjs';
import { Program } from './lib/processes.mjs';
import { bench } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

const root_of = (authority) => readFileSync(authority.file, 'utf8');
const install = (central, authority) =>
    central.call('CP1', 'InstallCertificate', { certificateType: 'CentralSystemRootCertificate', certificate: root_of(authority) });
const event = (central, wanted, more = {}) => central.next('SecurityEventNotification', { where: ({ type }) => type === wanted, within_ms: 30_000, ...more });

/// Long enough for the session to have proved itself, so that the next dial comes soon.
const settled = (central) => until('2 s of the session', () => Date.now() - central.upgrades.at(-1).at > 2500);

/// The lines of the central system's refusal after cut(): the streak began with the connection's end.
const refusals = (daemon) =>
    until('the refusal', () => {
        const lines = daemon.events('link_cause_changed', 'cause=unknown_ca');
        return lines.length > 0 && lines;
    });

/// A daemon that trusts `authority`, its charger silent; `more`: of central_system.
const daemonFor = (made, url, authority, more = {}, configuration = {}) =>
    made.daemon({
        central_system: { ...centralSystem({ url }, authority), ...more },
        buses: [{ id: 'line', kind: 'tcp', host: '127.0.0.1', port: 1 }],
        chargers: [charger('CP1', { configuration })],
    });

/// body({central, daemon, authority, made}): connected, CP1 with its password or a certificate, and `central_system` as said.
const gateway = (name, central_system, body) =>
    bench(name, async (made) => {
        const authority = made.authority();
        const admit = ({ password: shown, request }) => (shown || request.socket.getPeerCertificate().serialNumber ? undefined : 401);
        const central = await made.central({ certificate: authority.issue(), admit, strict: false, tls: { ...load_balancer_tls, requestCert: true, rejectUnauthorized: false } });
        central.answer('SecurityEventNotification', {});
        central.answer('SignCertificate', { status: 'Accepted' });
        const lists = join(made.dir, 'lists.pem');
        const daemon = daemonFor(made, central.url, authority, typeof central_system === 'function' ? central_system({ authority, lists }) : central_system);
        daemon.start();
        await central.next('BootNotification');
        await body({ central, daemon, authority, made, lists });
    }, 90_000);

/// Signed for the key that the box makes; gives the certificate and the status of CertificateSigned.
async function certify(central, authority, { before = () => {} } = {}) {
    await central.call('CP1', 'ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' });
    const { params } = await central.next('SignCertificate', { within_ms: 30_000 });
    const certificate = authority.sign(params.csr);
    before(certificate);
    const { status } = await central.call('CP1', 'CertificateSigned', { certificateChain: certificate });
    return { csr: params.csr, certificate, status };
}

const with_lists = ({ authority, lists }) => {
    writeFileSync(lists, authority.revoke(authority.issue().cert));
    return { crl_file: lists };
};

gateway('a list that comes later takes the central system its trust, in words, and the next certificate gives it back', with_lists, async ({ central, daemon, authority, lists }) => {
    const shown = authority.issue();
    await settled(central);
    central.showCertificate(shown);
    writeFileSync(lists, authority.revoke(shown.cert));
    central.cut();
    const [refusal] = await refusals(daemon);
    assert.match(refusal, /was revoked \(central_system\.crl_file has it\)/);
    assert.match(refusal, /certificate revoked/);
    central.showCertificate(authority.issue());
    await central.next('SecurityEventNotification', { where: ({ type, techInfo }) => type === 'InvalidCentralSystemCertificate' && /revoked/.test(techInfo), within_ms: 30_000 });
    writeFileSync(lists, 'nonsense');
    const { warnings } = await daemon.status();
    assert.match(JSON.stringify(warnings), /crl_file.*the lists that it had before count/);
});

gateway('a certificate for the charge point that its authority took back is Rejected', with_lists, async ({ central, made, lists }) => {
    const clients = made.authority('clients');
    await install(central, clients);
    const refused = await certify(central, clients, { before: (certificate) => writeFileSync(lists, clients.revoke(certificate)) });
    assert.equal(refused.status, 'Rejected');
    await central.next('SecurityEventNotification', { where: ({ type, techInfo }) => type === 'InvalidChargePointCertificate' && /revoked/.test(techInfo) });
    assert.equal((await certify(central, clients)).status, 'Accepted', 'the next one is on no list');
});

gateway('a signer of firmware that was taken back is RevokedCertificate', with_lists, async ({ central, made, lists }) => {
    const maker = made.authority('maker');
    await central.call('CP1', 'InstallCertificate', { certificateType: 'ManufacturerRootCertificate', certificate: root_of(maker) });
    const signer = maker.issue({ usage: 'digitalSignature' }).cert;
    const signed = (requestId) => central.call('CP1', 'SignedUpdateFirmware', {
        requestId, firmware: { location: 'https://localhost:1/x', retrieveDateTime: '2099-01-01T00:00:00Z', signingCertificate: signer, signature: 'AAAA' },
    });
    assert.equal((await signed(1)).status, 'Accepted');
    writeFileSync(lists, maker.revoke(signer));
    assert.equal((await signed(2)).status, 'RevokedCertificate');
    await event(central, 'InvalidFirmwareSigningCertificate');
});

gateway('with additional_root_check a root is followed by one that it signed, once that has worked', { additional_root_check: true }, async ({ central, daemon, made, authority }) => {
    const key = async () => (await central.call('CP1', 'GetConfiguration', { key: ['AdditionalRootCertificateCheck'] })).configurationKey[0];
    assert.deepEqual(await key(), { key: 'AdditionalRootCertificateCheck', readonly: true, value: 'true' });
    const listed = async () => (await central.call('CP1', 'GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' })).certificateHashData;
    const first = made.authority('first');
    const second = first.below(join(made.dir, 'second'), 'second');
    assert.equal((await install(central, first)).status, 'Accepted');
    assert.equal((await install(central, made.authority('stranger'))).status, 'Rejected');
    await event(central, 'InvalidCentralSystemCertificate');
    assert.equal((await install(central, second)).status, 'Accepted');
    assert.equal((await listed()).length, 2, 'what has worked stays beside it');

    await settled(central);
    central.showCertificate(second.issue());
    central.cut();
    await until('that it has worked', () => daemon.events('root_in_use').length > 0);
    await until('the connection', () => central.connected('CP1'));
    const [left] = await listed();
    assert.equal((await listed()).length, 1);
    assert.equal(left.issuerNameHash, first.hashData().issuerNameHash);
    assert.equal(left.issuerKeyHash, first.hashData().issuerKeyHash, 'of whoever signed it, who is trusted no more');
    await settled(central);
    const before = central.upgrades.length;
    central.cut();
    await until('a connection by the new one alone', () => central.upgrades.length > before && central.connected('CP1'));
    assert.equal((await central.call('CP1', 'DeleteCertificate', { certificateHashData: left })).status, 'Failed', 'it is in use');
    await settled(central);
    central.showCertificate(first.issue());
    central.cut();
    await refusals(daemon);
    central.showCertificate(authority.issue());
    await until('the connection by ca_file', () => central.connected('CP1'));
});

gateway('a key of RSA where the configuration asks for it', { certificate_key: 'rsa2048' }, async ({ central, made }) => {
    const clients = made.authority('clients');
    await install(central, clients);
    const { certificate, status } = await certify(central, clients);
    assert.equal(status, 'Accepted');
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(certificate);
    assert.deepEqual([asymmetricKeyType, asymmetricKeyDetails.modulusLength], ['rsa', 2048]);
    await settled(central);
    const before = central.upgrades.length;
    assert.equal((await central.call('CP1', 'ChangeConfiguration', { key: 'SecurityProfile', value: '3' })).status, 'Accepted');
    await until('the upgrade with it', () => central.upgrades.length > before);
    assert.equal(central.handshakes.at(-1).client.serialNumber, new X509Certificate(certificate).serialNumber);
    assert.equal(central.upgrades.at(-1).password, undefined);
});

/// OpenSSL's own server, which verifies clients by `clients` and tells whom it met; it speaks no WebSocket.
async function s_server(made, authority, clients, port, more) {
    const { key, cert } = authority.issue();
    const file = (name, text) => (writeFileSync(join(made.dir, name), text), join(made.dir, name));
    const program = new Program('/usr/bin/openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-key', file('s.key', key), '-cert', file('s.pem', cert),
        '-Verify', '3', '-verify_return_error', '-CAfile', clients.file, ...more], { stdio: ['pipe', 'pipe', 'pipe'] });
    made.keep(program, () => program.kill());
    await program.says(/ACCEPT/);
    return program;
}

for (const version of ['-tls1_2', '-tls1_3'])
    bench(`OpenSSL's own server lets the certificate in, and a revoked, an unknown or no certificate out, in words (${version})`, async (made) => {
        const authority = made.authority();
        const clients = made.authority('clients');
        const port = await freePort();
        const daemon = daemonFor(made, `wss://localhost:${port}/ocpp`, authority, { reconnect }, { SecurityProfile: '3' });
        const put = (pair) => ask(daemon, 'PUT', '/chargers/CP1/certificate', { certificate: pair.cert, key: pair.key });
        const lists = join(made.dir, 'lists.pem');
        const pair = clients.issue();
        writeFileSync(lists, clients.revoke(clients.issue().cert));

        const server = await s_server(made, authority, clients, port, [version, '-crl_check', '-CRL', lists]);
        daemon.start();
        await until('a refusal', () => daemon.events('link_failed').length > 0, 30_000);
        assert.match(daemon.events('link_failed')[0], /client certificate of CP1/);
        assert.match(server.output, /peer did not return a certificate/);
        assert.equal((await put(made.authority('stranger').issue())).status, 200);
        await server.says(/unable to (get local issuer|verify the first) certificate|self-signed/i, 30_000);

        assert.equal((await put(pair)).status, 200);
        await server.says(/GET \/ocpp\/CP1 HTTP\/1\.1/, 30_000);
        assert.match(server.output, /Client certificate[^]*subject=CN = central system/);
        assert.doesNotMatch(server.output, /Authorization/, 'no password goes with a certificate');
        assert.ok(!daemon.log.includes(password));
        await server.kill();

        writeFileSync(lists, clients.revoke(pair.cert));
        const strict = await s_server(made, authority, clients, port, [version, '-crl_check', '-CRL', lists]);
        await strict.says(/certificate revoked/, 30_000);
        await until('the alert', () => /alert certificate revoked/.test(daemon.log), 30_000);
    }, 90_000);
