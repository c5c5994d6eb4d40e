// SPDX-License-Identifier: Apache-2.0
// The helper that installs releases, on a machine below a folder: what it takes, what it refuses, and that it ends in a
// working version whenever it is killed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { archive, bundleOf, keyPair, Machine, manifestOf, packageOf } from './lib/machine.mjs';

/// A test with a machine of its own.
const on = (name, body) =>
    test(name, async () => {
        const machine = new Machine();
        try {
            await body(machine);
        } finally {
            machine.remove();
        }
    });

function worksWith(machine, version, outcome, code = '') {
    assert.equal(machine.version, version);
    assert.ok(machine.runs, 'the service runs');
    assert.equal(machine.read('var/lib/busbar/schema.db').trim(), '1', 'the state is one that release can read');
    assert.equal(machine.status.state, 'finished');
    assert.equal(machine.status.outcome, outcome, JSON.stringify(machine.status));
    assert.equal(machine.status.code, code, JSON.stringify(machine.status));
    assert.ok(!machine.exists('var/lib/busbar/update/request'), 'the request is forgotten');
    for (const file of ['journal', 'hold', 'bundle', 'new.deb', 'state']) assert.ok(!machine.exists(`var/lib/busbar-update/${file}`), file);
}

on('a good release is installed, and is what one goes back to next time', async (machine) => {
    machine.offer('2');
    const { code, output } = await machine.help();
    assert.equal(code, 0, output);
    worksWith(machine, '2', 'installed');
    assert.deepEqual(machine.deeds, ['repack', 'stop', 'stop', 'install-2'], 'packed what was there before it was touched');
    assert.match(machine.read('var/lib/busbar-update/current.deb'), /Version: 2/);
    assert.equal(statSync(machine.path('var/lib/busbar-update/status.json')).mode & 0o777, 0o644);
    assert.equal(statSync(machine.path('var/lib/busbar-update/current.deb')).mode & 0o777, 0o600);
    machine.offer('3', 'good', machine.next.privateKey);
    assert.equal((await machine.help()).code, 0);
    worksWith(machine, '3', 'installed');
    assert.ok(!machine.deeds.slice(4).includes('repack'));
});

for (const [behaviour, code] of [['fails', 'install_failed'], ['crashes', 'not_started'], ['damages', 'not_started'], ['unwell', 'not_well'], ['migrates', 'not_well']]) {
    on(`a release that ${behaviour} is taken back`, async (machine) => {
        machine.offer('2', behaviour);
        assert.equal((await machine.help()).code, 0);
        worksWith(machine, '1', 'rolled_back', code);
        if (code === 'not_well') assert.match(machine.status.detail, /the link of CP1/);
    });
}

on('a systemd that does not answer for a moment is no fault of the release', async (machine) => {
    machine.write('fake/mute', '1\n2\n');
    machine.offer('2');
    await machine.help(8);
    worksWith(machine, '2', 'installed');
    assert.equal(machine.read('fake/mute'), '');
});

/// Nothing of the machine was touched.
async function refused(machine, code) {
    const { output } = await machine.help();
    worksWith(machine, '1', 'refused', code);
    assert.deepEqual(machine.deeds.filter((deed) => deed !== 'repack'), [], output);
}

const good = packageOf('2');
on('a bundle of a stranger is refused', (machine) => (machine.offer('2', 'good', keyPair().privateKey), refused(machine, 'bad_signature')));
on('what is installed is not installed again', (machine) => (machine.offer('1'), refused(machine, 'not_newer')));
on('an older release is refused', (machine) => (machine.offer('0.9'), refused(machine, 'not_newer')));
on('garbage is refused', (machine) => (machine.ask(Buffer.alloc(5000, 7)), refused(machine, 'bad_bundle')));
on('an empty bundle is refused', (machine) => (machine.ask(''), refused(machine, 'bad_bundle')));
on('a bundle for another processor is refused', (machine) => {
    machine.ask(bundleOf(good, machine.current.privateKey, { architecture: 'arm64' }));
    return refused(machine, 'wrong_architecture');
});
on('another package is refused', (machine) => {
    machine.ask(bundleOf(good, machine.current.privateKey, { name: 'bash' }));
    return refused(machine, 'wrong_package');
});
on('a package that is not what its manifest says is refused', (machine) => {
    machine.ask(bundleOf(packageOf('9'), machine.current.privateKey, { version: '2' }));
    return refused(machine, 'bad_package');
});
on('a package that was exchanged is refused', (machine) => {
    const bundle = bundleOf(good, machine.current.privateKey);
    bundle[bundle.length - 3] ^= 1;
    machine.ask(bundle);
    return refused(machine, 'wrong_hash');
});
on('two manifests are refused', (machine) => {
    const manifest = manifestOf(good);
    machine.ask(archive([['manifest', manifest], ['manifest', manifest], ['package.deb', good]]));
    return refused(machine, 'bad_bundle');
});
on('a release that needs what is not there is refused', (machine) => {
    machine.ask(bundleOf(packageOf('2', 'good', { Depends: 'missing' }), machine.current.privateKey));
    return refused(machine, 'missing_dependencies');
});
on('a bundle that would not fit is refused', (machine) => {
    machine.ask(bundleOf(packageOf('2', 'good', { 'Installed-Size': 10 ** 12 }), machine.current.privateKey));
    return refused(machine, 'no_space');
});
on('a huge bundle is not even copied', async (machine) => {
    machine.ask('');
    truncateSync(machine.path('var/lib/busbar/update/bundle'), 65 * 1024 * 1024);
    await refused(machine, 'bad_spool');
});
on('a link in place of the bundle is refused', async (machine) => {
    machine.offer('2');
    renameSync(machine.path('var/lib/busbar/update/bundle'), machine.path('elsewhere'));
    machine.link('var/lib/busbar/update/bundle', machine.path('elsewhere'));
    await refused(machine, 'bad_spool');
    assert.ok(machine.exists('elsewhere'), 'the link is gone, not what it led to');
});
on('a second name of a file is refused', async (machine) => {
    machine.offer('2');
    linkSync(machine.path('var/lib/busbar/update/bundle'), machine.path('elsewhere'));
    await refused(machine, 'bad_spool');
});
on('a pipe in place of the bundle is refused', (machine) => {
    machine.offer('2');
    rmSync(machine.path('var/lib/busbar/update/bundle'));
    execFileSync('mkfifo', [machine.path('var/lib/busbar/update/bundle')]);
    return refused(machine, 'bad_spool');
});
on('a request that is none is refused', (machine) => {
    machine.offer('2');
    machine.write('var/lib/busbar/update/request', 'format=busbar-request-1\nid=../../etc\n');
    return refused(machine, 'bad_spool');
});
on('without keys nothing is taken', (machine) => {
    machine.offer('2');
    rmSync(machine.path('usr/share/busbar/update-keys'), { recursive: true });
    return refused(machine, 'no_keys');
});

on('a link in place of the spool leads nowhere', async (machine) => {
    mkdirSync(machine.path('elsewhere'));
    writeFileSync(machine.path('elsewhere/request'), 'format=busbar-request-1\nid=ab12\n');
    machine.link('var/lib/busbar/update', machine.path('elsewhere'));
    assert.equal((await machine.help()).code, 0);
    assert.equal(machine.status, null);
    assert.deepEqual(machine.deeds, ['repack']);
});

on('a link in the state is no reason to read what it leads to', async (machine) => {
    machine.link('var/lib/busbar/setup.json', '/etc/shadow');
    machine.offer('2');
    await machine.help();
    worksWith(machine, '1', 'not_installed', 'state_not_copied');
});

on('a folder of its own that others may write to is not used', async (machine) => {
    mkdirSync(machine.path('var/lib/busbar-update'));
    execFileSync('chmod', ['o+w', machine.path('var/lib/busbar-update')]);
    machine.offer('2');
    const { code, output } = await machine.help();
    assert.equal(code, 1);
    assert.match(output, /root alone/);
    assert.deepEqual(machine.deeds, []);
});

on('with nothing to do it packs what is installed, once', async (machine) => {
    for (let times = 0; times < 2; ++times) assert.equal((await machine.help()).code, 0);
    assert.deepEqual(machine.deeds, ['repack']);
    machine.write('fake/installed', packageOf('1.1'));
    await machine.help();
    assert.deepEqual(machine.deeds, ['repack', 'repack'], 'after an installation by hand again');
});

on('a hold that nobody lifted is lifted', async (machine) => {
    await machine.help();
    machine.write('var/lib/busbar-update/hold', '');
    rmSync(machine.path('fake/run'));
    assert.equal((await machine.help()).code, 0);
    assert.ok(machine.runs);
});

on('a database comes back with its log', async (machine) => {
    machine.write('var/lib/busbar/schema.db-wal', 'of release 1');
    machine.offer('2', 'migrates');
    await machine.help();
    worksWith(machine, '1', 'rolled_back', 'not_well');
    assert.equal(machine.read('var/lib/busbar/schema.db-wal'), 'of release 1');
});

on('make-bundle.sh makes what is taken', async (machine) => {
    const tree = machine.path('tree');
    mkdirSync(`${tree}/DEBIAN`, { recursive: true });
    writeFileSync(`${tree}/DEBIAN/control`, packageOf('2', 'good', { Maintainer: 'nobody', Description: 'x' }));
    const deb = machine.path('made.deb');
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', tree, deb], { stdio: 'ignore' });
    writeFileSync(machine.path('key.pem'), machine.current.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const script = fileURLToPath(new URL('../../packaging/make-bundle.sh', import.meta.url));
    const make = (out) => (execFileSync(script, [deb, machine.path('key.pem'), out, 'Made by hand.'], { stdio: 'ignore', env: { ...process.env, SOURCE_DATE_EPOCH: '1790000000' } }), readFileSync(out));
    const bundle = make(machine.path('made.bundle'));
    assert.deepEqual(make(machine.path('again.bundle')), bundle, 'twice the same');
    machine.ask(bundle);
    await machine.help();
    worksWith(machine, '2', 'installed');
});

/// Kills the helper at call number `cut` of the programs it runs, starts the machine again, and the helper with it.
async function cutAt(cut, behaviour) {
    const machine = new Machine();
    try {
        machine.offer('2', behaviour);
        machine.write('fake/cut', String(cut));
        const { signal } = await machine.help();
        if (signal !== 'SIGKILL') return false;
        try {
            machine.boot();
        } catch {
            // it does not start: the helper has to see to that
        }
        for (let starts = 0; starts < 3 && (machine.exists('var/lib/busbar-update/journal') || machine.exists('var/lib/busbar/update/request') || starts === 0); ++starts) await machine.help();
        const { outcome, code } = machine.status;
        const isNew = outcome === 'installed';
        if (behaviour !== 'good') assert.notEqual(outcome, 'installed', `cut ${cut}`);
        if (!isNew) assert.ok(['rolled_back', 'not_installed'].includes(outcome), `cut ${cut}: ${outcome} ${code}`);
        worksWith(machine, isNew ? '2' : '1', outcome, code);
        return true;
    } finally {
        machine.remove();
    }
}

/// All cuts of a good release, and of the others, which take longer, one in five.
for (const [behaviour, stride] of [['good', 1], ['fails', 5], ['crashes', 5], ['damages', 5], ['migrates', 5]]) {
    test(`wherever the power is cut while a release is installed that is ${behaviour}, a working one runs`, async () => {
        let cuts = 0;
        const one = async (worker) => {
            for (let cut = 1 + worker * stride; await cutAt(cut, behaviour); cut += 4 * stride) ++cuts;
        };
        await Promise.all([0, 1, 2, 3].map(one));
        assert.ok(cuts * stride > 20, `${cuts} cuts`);
    });
}
