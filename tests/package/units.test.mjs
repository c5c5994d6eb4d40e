// SPDX-License-Identifier: Apache-2.0
// The units as systemd reads them, the sandbox as it judges it, and what must be the same in several files.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { programs } from '../e2e/lib/processes.mjs';

const packaging = fileURLToPath(new URL('../../packaging', import.meta.url));
const firstConfig = fileURLToPath(new URL('../../config/first-config.json', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'busbar-units-'));
after(() => rmSync(root, { recursive: true }));

/// "busbar.busbar-http.socket" is installed as busbar-http.socket, "busbar.service" as it is.
const units = readdirSync(`${packaging}/debian`)
    .filter((file) => /\.(service|socket|timer|path)$/.test(file))
    .map((file) => ({ file: `${packaging}/debian/${file}`, name: file.replace(/^busbar\.(?=busbar-)/, '') }));

function program(path) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '#!/bin/sh\n');
    chmodSync(join(root, path), 0o755);
}

test('systemd finds nothing wrong with the units', () => {
    const folder = join(root, 'usr/lib/systemd/system');
    mkdirSync(folder, { recursive: true });
    for (const { file, name } of units) copyFileSync(file, join(folder, name));
    const found = units.map(({ name }) => name.replace('@.', '@1.'));
    for (const [, path] of units.map(({ file }) => readFileSync(file, 'utf8')).join('\n').matchAll(/^Exec\w+=[-+!]*(\/\S+)/gm)) program(path);
    // Targets and services of others are not in this root: only what names our units counts.
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', `--root=${root}`, ...found.map((name) => join(folder, name.replace('@1.', '@.')))], { encoding: 'utf8' });
    const complaints = stderr.split('\n').filter((line) => /busbar/.test(line) && !/not found|Failed to add dependency/.test(line));
    assert.deepEqual(complaints, []);
});

test('the sandbox of the daemon is judged 1.6 or better', () => {
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=16', `${packaging}/debian/busbar.service`], { encoding: 'utf8' });
    assert.equal(judged.status, 0, judged.stdout);
});

test('every unit is handed to dh_installsystemd', () => {
    const rules = readFileSync(`${packaging}/debian/rules`, 'utf8');
    for (const { name } of units) {
        const stem = name.replace(/\.\w+$/, '');
        assert.match(rules, stem === 'busbar' ? new RegExp(`dh_installsystemd .*${name.replace('.', '\\.')}$`, 'm') : new RegExp(`--name=${stem}( |$)`, 'm'), name);
    }
});

test('the first configuration is good, and its ports are those of the units and of the firewall', () => {
    execFileSync(`${programs}/busbard`, ['--config', firstConfig, '--check'], { stdio: 'pipe' });
    const text = readFileSync(firstConfig, 'utf8');
    const port = (key) => text.match(new RegExp(`"${key}": (\\d+)`))[1];
    const listens = (unit) => readFileSync(`${packaging}/debian/${unit}`, 'utf8').match(/^ListenStream=(\d+)$/m)[1];
    assert.equal(listens('busbar.socket'), port('https_port'));
    assert.equal(listens('busbar.busbar-http.socket'), port('http_port'));
    const guarded = readFileSync(`${packaging}/system/firewall.nft`, 'utf8').match(/dport \{ ([\d, ]+) \}/)[1].split(', ');
    assert.deepEqual(guarded, ['80', '443', '8443']);
});

test('what the publisher says to the package, build.sh hands into the root it builds in', () => {
    const said = [...readFileSync(`${packaging}/debian/rules`, 'utf8').matchAll(/\$\((BUSBAR_[A-Z_]+)\)/g)].map(([, name]) => name);
    const handed = [...readFileSync(`${packaging}/build.sh`, 'utf8').matchAll(/\b(BUSBAR_[A-Z_]+)=["/]/g)].map(([, name]) => name);
    for (const name of ['BUSBAR_VULNERABILITY_CONTACT', 'BUSBAR_SUPPORT_UNTIL', 'BUSBAR_UPDATE_KEYS', 'BUSBAR_WEB_PAGES']) {
        assert.ok(said.includes(name), `${name} in debian/rules`);
        assert.ok(handed.includes(name), `${name} in build.sh`);
    }
});

test('the version of the package is that of the programs', () => {
    const changelog = readFileSync(`${packaging}/debian/changelog`, 'utf8').match(/^busbar \(([^)]+)\)/)[1];
    assert.equal(execFileSync(`${programs}/busbard`, ['--version'], { encoding: 'utf8' }).trim(), `busbard ${changelog}`);
});

test('the scripts are sound shell', () => {
    for (const script of ['build.sh', 'pages.sh', 'make-bundle.sh', 'repack.sh', '../tests/package/run.sh', '../tests/package/roots.sh']) execFileSync('bash', ['-n', `${packaging}/${script}`]);
    execFileSync('sh', ['-n', `${packaging}/update-keys.sh`]);
    for (const script of ['preinst', 'postinst', 'postrm']) execFileSync('sh', ['-n', `${packaging}/debian/busbar.${script}`]);
});
