// SPDX-License-Identifier: Apache-2.0
// busbarctl's verbs for what the API does.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { charge } from './lib/charging.mjs';
import { password } from './lib/daemon.mjs';
import { run } from './lib/processes.mjs';
import { scenario } from './lib/scenario.mjs';

const ctl = (daemon, ...words) => run('busbarctl', ['--socket', daemon.socket, ...words]);

/// The output of a verb that must succeed.
async function says(daemon, ...words) {
    const { code, output } = await ctl(daemon, ...words);
    assert.equal(code, 0, `${words.join(' ')}: ${output}`);
    return output;
}

scenario('each verb does its work, says so in words or in JSON, and exits with what came of it', { speed: 20, within_ms: 90_000 }, async ({ sim, central, daemon }) => {
    await charge({ sim, central });
    assert.match(await says(daemon, 'charger', 'limit', 'CP1', '10'), /10 A/);
    await sim.limit(10);
    assert.equal(JSON.parse(await says(daemon, '--json', 'charger', 'pause', 'CP1')).connectors[0].paused, true);
    await sim.limit(0);
    await says(daemon, 'charger', 'resume', 'CP1');
    assert.match(await says(daemon, 'charger', 'limit', 'CP1', 'none'), /no +-/);
    await sim.limit(16);
    assert.equal((await ctl(daemon, 'charger', 'unlock', 'CP1')).code, 1, 'this box has no lock');
    assert.equal((await ctl(daemon, 'charger', 'pause', 'CP9')).code, 1);
    assert.equal((await ctl(daemon, 'charger', 'limit', 'CP1', 'much')).code, 1);

    assert.match(await says(daemon, 'doctor', 'CP1'), /boot +pass +boot_accepted/);
    assert.match(await says(daemon, 'doctor'), /certificate +(pass|warn)/);
    assert.match(await says(daemon, 'sessions', 'CP1'), /FREE01/);
    assert.match(await says(daemon, 'logs', '--level', 'info'), /started/);

    const file = join(daemon.state_dir, 'bundle.json');
    await says(daemon, 'bundle', file);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).about.product, 'Busbar');
    assert.equal(JSON.parse(await says(daemon, 'backup')).format, 'busbar-backup-1');

    const configuration = JSON.parse(await says(daemon, 'config', 'get'));
    assert.equal(configuration.chargers[0].password, null);
    configuration.chargers[0].max_current_a = 12;
    const wish = join(daemon.state_dir, 'wish.json');
    writeFileSync(wish, JSON.stringify(configuration));
    const difference = await says(daemon, 'config', 'diff', wish);
    assert.match(difference, /\/chargers\/0\/max_current_a +- +12/);
    assert.match(difference, /CP1 starts anew/);
    assert.ok(!difference.includes(password));
    const refused = await ctl(daemon, 'config', 'put', wish);
    assert.equal(refused.code, 1, 'it lies outside the state directory');
    assert.match(refused.output, /SIGHUP/);
});

scenario('accounts, tokens and sessions of the web pages are kept from the command line', {}, async ({ central, daemon }) => {
    await central.status('Available');
    const made = JSON.parse(await says(daemon, '--json', 'web', 'add-user', 'anna', 'viewer', '--expires', '2099-01-31T00:00:00Z'));
    assert.equal(made.role, 'viewer');
    assert.ok(made.password.length >= 10);
    assert.match(await says(daemon, 'web', 'users'), /anna +viewer +2099-01-31T00:00:00/);
    assert.match(await says(daemon, 'web', 'password', 'anna'), /password +\S{10,}/);
    await says(daemon, 'web', 'remove-user', 'anna');
    assert.equal((await ctl(daemon, 'web', 'remove-user', 'anna')).code, 1);
    assert.equal((await ctl(daemon, 'web', 'add-user', 'eve', 'queen')).code, 1);

    const token = JSON.parse(await says(daemon, '--json', 'web', 'add-token', 'reader', 'viewer'));
    const listed = await says(daemon, 'web', 'tokens');
    assert.match(listed, new RegExp(`${token.id} +reader +viewer`));
    assert.ok(!listed.includes(token.token), 'the secret is shown once');
    await says(daemon, 'web', 'remove-token', token.id);
    assert.equal((await ctl(daemon, 'web', 'end-session', 'none')).code, 1);
    assert.match(await says(daemon, 'web', 'log'), /TIME +EVENT +USER/);
});

scenario('ports, profiles, limits ahead and interfaces are tables; a change that cannot be made says why', {}, async ({ central, daemon }) => {
    await central.status('Available');
    assert.match(await says(daemon, 'ports'), /DEVICE +NOW +WHAT +BUS/);
    assert.match(await says(daemon, 'profiles'), /heidelberg-energy-control +charger +Heidelberg/);
    assert.match(await says(daemon, 'charger', 'schedule', 'CP1'), /FROM +LIMIT A +PHASES\n\S+ +16 +3/);
    assert.match(await says(daemon, 'network', 'show'), /INTERFACE +KIND +STATE/);
    for (const change of [
        ['wifi', 'wlan0'],
        ['join', 'wlan0', 'Car park', '--open'],
        ['access-point', 'wlan0', '--close'],
        ['address', 'eth0', '192.0.2.9/24', '--gateway', '192.0.2.1'],
        ['address', 'eth0', 'dhcp'],
        ['confirm'],
    ]) {
        const { code, output } = await ctl(daemon, 'network', ...change);
        assert.equal(code, 1, `${change.join(' ')}: ${output}`);
        assert.match(output, /^busbarctl: \S/);
    }
    assert.equal((await ctl(daemon, 'network', 'address', 'eth0', '192.0.2.9/much')).code, 2);
    assert.equal((await ctl(daemon, 'web', 'certificate', 'only.pem')).code, 2);
    assert.match((await ctl(daemon, 'web', 'certificate', 'none.pem', 'none.key')).output, /none\.pem cannot be read/);
});
