// SPDX-License-Identifier: Apache-2.0
// Certificates over OCPP: a root installed, a key made on the box and signed by a test CA, security profile 3 by mutual
// TLS, and what becomes of a certificate that the other side does not take.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { load_balancer_tls } from './lib/central_system.mjs';
import { ask } from './lib/api.mjs';
import { password } from './lib/daemon.mjs';
import { run } from './lib/processes.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

/// Whoever has the password, or a certificate, comes in.
const admit = ({ password, request }) => (password || request.socket.getPeerCertificate().serialNumber ? undefined : 401);
const mutual = {
    system: { tls: { ...load_balancer_tls, requestCert: true, rejectUnauthorized: false }, passwords: undefined, admit },
    within_ms: 90_000,
};

const settled = (central) => until('a session of 2 s', () => Date.now() - central.upgrades.at(-1).at > 2500);
const install = (central, certificate, certificateType = 'CentralSystemRootCertificate') =>
    central.call('CP1', 'InstallCertificate', { certificateType, certificate });
const setProfile = (central, value) => central.call('CP1', 'ChangeConfiguration', { key: 'SecurityProfile', value });
const profileOf = async (daemon) => (await daemon.status()).charge_points[0].security;

/// Asked for, made, signed, and given back.
async function certify(central, authority, wish) {
    assert.equal((await central.call('CP1', 'ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' })).status, 'Accepted');
    const { params } = await central.next('SignCertificate');
    const certificate = authority.sign(params.csr, wish);
    const { status } = await central.call('CP1', 'CertificateSigned', { certificateChain: certificate });
    return { csr: params.csr, certificate, status };
}

async function begin(central) {
    central.answer('SecurityEventNotification', {});
    central.answer('SignCertificate', { status: 'Accepted' });
    await central.status('Available');
}

/// A certificate of `authority`, and profile 3 in force.
async function raise(central, authority) {
    await install(central, readFileSync(authority.file, 'utf8'));
    const { certificate } = await certify(central, authority);
    await settled(central);
    const before = central.upgrades.length;
    assert.equal((await setProfile(central, '3')).status, 'Accepted');
    await until('the upgrade with a certificate', () => central.upgrades.length > before);
    return certificate;
}

scenario('from a password to a certificate of its own: installed, listed, signed, shown, kept', mutual, async ({ central, daemon, made }) => {
    await begin(central);
    const authority = made.authority('clients');
    const root = readFileSync(authority.file, 'utf8');
    const listed = () => central.call('CP1', 'GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' });
    assert.equal((await listed()).status, 'NotFound');
    assert.equal((await setProfile(central, '3')).status, 'Rejected');
    assert.equal((await install(central, root)).status, 'Accepted');
    assert.deepEqual(await listed(), { status: 'Accepted', certificateHashData: [authority.hashData()] });

    await central.call('CP1', 'ChangeConfiguration', { key: 'CpoName', value: 'Volt & Co' });
    const { csr, certificate, status } = await certify(central, authority);
    assert.equal(status, 'Accepted');
    assert.equal(authority.subject(csr), 'O = Volt & Co, CN = CP1');

    await settled(central);
    assert.equal((await setProfile(central, '3')).status, 'Accepted');
    await until('an upgrade without a password', () => central.upgrades.at(-1).password === undefined);
    const serial = new X509Certificate(certificate).serialNumber;
    assert.equal(central.handshakes.at(-1).client.serialNumber, serial);
    await until('profile 3', async () => (await profileOf(daemon)).profile === 3);
    assert.equal((await setProfile(central, '2')).status, 'Rejected');

    daemon.program.child.kill('SIGKILL');
    await daemon.program.ended;
    const before = central.upgrades.length;
    daemon.start();
    await until('the upgrade after the restart', () => central.upgrades.length > before);
    assert.equal(central.upgrades.at(-1).password, undefined);
    assert.equal(central.handshakes.at(-1).client.serialNumber, serial);

    const folder = join(daemon.state_dir, 'certificates');
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    const key = JSON.parse(readFileSync(join(folder, 'CP1.json'), 'utf8')).client.split('\n').at(-4);
    for (const text of [daemon.log, JSON.stringify(await daemon.trace()), JSON.stringify(await daemon.status())]) {
        assert.ok(!text.includes(key) && !text.includes('PRIVATE KEY'), 'a private key is shown');
    }
});

scenario('a profile 3 that the central system does not serve gives way to the password', mutual, async ({ central, daemon, made }) => {
    await begin(central);
    central.admitBy((handshake) => (handshake.password ? undefined : 403));
    await raise(central, made.authority('clients'));
    await until('the password again', () => central.upgrades.at(-1).password?.toString() === password);
    await until('profile 2', async () => (await profileOf(daemon)).wanted_profile === 2);
    const { configurationKey } = await central.call('CP1', 'GetConfiguration', { key: ['SecurityProfile'] });
    assert.equal(configurationKey[0].value, '2');
    await central.next('SecurityEventNotification', { where: ({ techInfo }) => techInfo?.startsWith('SecurityProfile is 2 again') });
});

scenario('a renewed certificate takes over once it works; a revoked one gives way to the one before', mutual, async ({ central, made }) => {
    await begin(central);
    const authority = made.authority('clients');
    const shown = () => central.handshakes.at(-1).client.serialNumber;
    await raise(central, authority);
    await settled(central);
    const renewed = new X509Certificate((await certify(central, authority)).certificate).serialNumber;
    await until('the new certificate', () => shown() === renewed);
    await until('a session with it', () => central.connected('CP1'));
    await settled(central);

    const revoked = String(Number(renewed) + 1).padStart(2, '0');  // the next of the authority
    central.admitBy(({ request }) => (request.socket.getPeerCertificate().serialNumber === revoked ? 403 : undefined));
    assert.equal((await certify(central, authority)).status, 'Accepted');
    await until('the revoked certificate', () => shown() === revoked);
    await until('the one before', () => shown() === renewed);
    await until('a session', () => central.connected('CP1'));
});

scenario('a certificate that is not ours, not of the root, or out of date is refused, and the event says so', mutual, async ({ central, made }) => {
    await begin(central);
    const authority = made.authority('clients');
    const stranger = made.authority('stranger');
    const refused = async (what, certificate) => {
        assert.equal((await central.call('CP1', 'CertificateSigned', { certificateChain: certificate })).status, 'Rejected', what);
    };
    await refused('no root', authority.issue().cert);
    await install(central, readFileSync(authority.file, 'utf8'));
    await refused('another key', authority.issue().cert);
    assert.equal((await certify(central, authority, { from_days: -5, until_days: -1 })).status, 'Rejected');
    assert.equal((await certify(central, stranger)).status, 'Rejected');
    await central.next('SecurityEventNotification', { where: ({ type }) => type === 'InvalidChargePointCertificate' });
    assert.equal((await install(central, authority.issue().cert)).status, 'Rejected');
    await central.next('SecurityEventNotification', { where: ({ type }) => type === 'InvalidCentralSystemCertificate' });
    // One that begins later is taken and waits.
    assert.equal((await certify(central, authority, { from_days: 1 })).status, 'Accepted');
    assert.equal((await setProfile(central, '3')).status, 'Rejected');
});

scenario('a root that was installed is trusted by the link, and cannot be deleted while it is', mutual, async ({ central, daemon, made, authority }) => {
    await begin(central);
    const next = made.authority('next');
    assert.equal((await install(central, readFileSync(next.file, 'utf8'))).status, 'Accepted');
    await settled(central);
    central.showCertificate(next.issue());
    const before = central.upgrades.length;
    central.cut();
    await until('a connection to the other certificate', () => central.upgrades.length > before);
    await until('a session', () => central.connected('CP1'));
    assert.equal((await central.call('CP1', 'DeleteCertificate', { certificateHashData: next.hashData() })).status, 'Failed');
    assert.equal((await central.call('CP1', 'DeleteCertificate', { certificateHashData: authority.hashData() })).status, 'NotFound');
    await settled(central);
    central.showCertificate(authority.issue());
    const again = central.upgrades.length;
    central.cut();
    await until('the first certificate again', () => central.upgrades.length > again);
    assert.equal((await central.call('CP1', 'DeleteCertificate', { certificateHashData: next.hashData() })).status, 'Accepted');

    await settled(central);
    central.showCertificate(next.issue());
    central.cut();
    await until('the refusal', () => daemon.events('link_cause_changed', 'cause=unknown_ca').length > 0);
    central.showCertificate(authority.issue());
    await central.next('SecurityEventNotification', { where: ({ type }) => type === 'InvalidCentralSystemCertificate' });
});

scenario('what is kept is what was signed, and what OpenSSL takes for a client', mutual, async ({ central, made, daemon }) => {
    await begin(central);
    const authority = made.authority('clients');
    const certificate = await raise(central, authority);
    await until('profile 3', async () => (await profileOf(daemon)).profile === 3);
    const kept = JSON.parse(readFileSync(join(daemon.state_dir, 'certificates', 'CP1.json'), 'utf8')).client;
    assert.equal(new X509Certificate(kept).serialNumber, new X509Certificate(certificate).serialNumber);
    const verified = execFileSync('openssl', ['verify', '-purpose', 'sslclient', '-CAfile', authority.file], { input: certificate, encoding: 'utf8' });
    assert.match(verified, /OK/);
});

scenario('a client certificate and roots by hand: shown without keys, used, taken back', mutual, async ({ central, daemon, made }) => {
    await begin(central);
    const authority = made.authority('clients');
    const stranger = made.authority('stranger');
    const root = readFileSync(authority.file, 'utf8');
    const pair = authority.issue();
    const page = async () => (await ask(daemon, 'GET', '/certificates')).body.charge_points[0];
    assert.deepEqual(await page(), { id: 'CP1', client: null, next: null, roots: [], manufacturer_roots: [] });

    const put = (certificate, key) => ask(daemon, 'PUT', '/chargers/CP1/certificate', { certificate, key });
    for (const [what, certificate, key] of [['no PEM', 'x', pair.key], ["another's key", pair.cert, stranger.issue().key], ['expired', ...Object.values(authority.issue({ from_days: -5, until_days: -1 })).reverse()]]) {
        const { status, body } = await put(certificate, key);
        assert.deepEqual([status, body.code], [422, 'bad_certificate'], what);
    }
    assert.equal((await put(pair.cert, pair.key)).status, 200);
    await central.next('SecurityEventNotification', { where: ({ type }) => type === 'ReconfigurationOfSecurityParameters' });
    const facts = new X509Certificate(pair.cert);
    assert.equal((await page()).next.fingerprint_sha256, facts.fingerprint256);
    assert.equal((await page()).next.serial, facts.serialNumber.toLowerCase().replace(/^0+/, ''));

    await settled(central);
    const before = central.upgrades.length;
    assert.equal((await setProfile(central, '3')).status, 'Accepted');
    await until('the upgrade with the certificate', () => central.upgrades.length > before);
    await until('that it counts', async () => (await page()).client?.fingerprint_sha256 === facts.fingerprint256);
    assert.equal(central.handshakes.at(-1).client.serialNumber, facts.serialNumber);

    const file = join(daemon.state_dir, 'root.pem');
    writeFileSync(file, root);
    const ctl = async (...words) => (await run('busbarctl', ['--socket', daemon.socket, 'certificates', ...words])).output;
    assert.match(await ctl('root', 'CP1', file), /CP1 +root +CN=clients/);
    assert.match(await ctl('root', 'CP1', file, '--manufacturer'), /CP1 +manufacturer/);
    assert.equal((await ask(daemon, 'POST', '/chargers/CP1/roots', { use: 'central_system', certificate: pair.cert })).status, 422);
    const { fingerprint256 } = new X509Certificate(root);
    assert.match(await ctl('remove-root', 'CP1', fingerprint256), /manufacturer/);
    assert.equal((await page()).roots.length, 0);
    assert.match(await ctl('remove-root', 'CP1', 'AB'), /No root with the fingerprint/);
    assert.equal((await ask(daemon, 'PUT', '/chargers/CP9/certificate', {})).status, 404);
    for (const text of [daemon.log, JSON.stringify(await page()), await ctl()]) assert.doesNotMatch(text, /PRIVATE KEY/);
});
