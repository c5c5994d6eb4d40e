// SPDX-License-Identifier: Apache-2.0
// The cases of the compliance tool that are about the link alone: TC_085 Basic Auth, TC_086 TLS, TC_087 client certificate.

import assert from 'node:assert/strict';

import { ask } from './lib/api.mjs';
import { load_balancer_tls } from './lib/central_system.mjs';
import { charger, password } from './lib/daemon.mjs';
import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

/// Remembers the header fields of each upgrade.
const remember = (seen) => ({ request }) => void seen.push(request);

const basic = [];
scenario('TC_085: the user of Basic Auth is the charge point id of the URL', { chargers: [charger('CP-85')], system: { passwords: undefined, admit: remember(basic) } }, async ({ central }) => {
    await central.next('BootNotification');
    assert.equal(basic[0].headers.authorization, `Basic ${Buffer.from(`CP-85:${password}`).toString('base64')}`);
    assert.equal(basic[0].url, '/ocpp/CP-85');
    assert.equal(basic.length, 1, 'with the first request, not after a 401');
});

for (const suite of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384'])
    scenario(`TC_086: TLS 1.2 with ${suite} alone`, { key: suite.includes('RSA') ? 'rsa' : 'ec', tls: { ...load_balancer_tls, ciphers: suite } }, async ({ central }) => {
        await central.next('BootNotification');
        assert.deepEqual([central.handshakes[0].protocol, central.handshakes[0].cipher], ['TLSv1.2', suite]);
    });

for (const [what, tls] of [['1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }], ['1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }]])
    scenario(`TC_086: a central system that speaks TLS ${what} hears no request, and later which version it was`, { key: 'rsa', tls }, async ({ central, daemon, authority }) => {
        await until('the refusal', () => daemon.events('link_failed', 'cause=tls_version').length > 0);
        assert.deepEqual([central.upgrades.length, central.handshakes.length], [0, 0]);
        central.answer('SecurityEventNotification', {});
        await central.goAway();
        central.useTls(load_balancer_tls);
        central.showCertificate(authority.issue());
        await central.comeBack();
        await central.next('SecurityEventNotification', { where: ({ type }) => type === 'InvalidTLSVersion', within_ms: 30_000 });
    });

const mutual = [];
scenario('TC_087: a client certificate, and no Basic Auth beside it', {
    chargers: [charger('CP-87', { configuration: { SecurityProfile: '3' } })],
    system: { passwords: undefined, admit: remember(mutual), tls: { ...load_balancer_tls, requestCert: true, rejectUnauthorized: false } },
    start: false,
}, async ({ central, daemon, made }) => {
    const pair = made.authority('clients').issue();
    daemon.start();
    await until('the control socket', () => daemon.events('started').length > 0);
    assert.equal((await ask(daemon, 'PUT', '/chargers/CP-87/certificate', { certificate: pair.cert, key: pair.key })).status, 200);
    await until('an upgrade with it', () => central.handshakes.at(-1)?.client.subject?.CN === 'central system' && mutual.length > 0);
    await until('the session', () => central.connected('CP-87'));
    assert.equal(mutual.at(-1).headers.authorization, undefined);
});
