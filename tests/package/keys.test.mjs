// SPDX-License-Identifier: Apache-2.0
// How the maker's keys come into a package: whole, or not at all and said.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const packaging = fileURLToPath(new URL('../../packaging', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'busbar-keys-'));
const share = join(root, 'share');
after(() => rmSync(root, { recursive: true }));

const make = (name) => (execFileSync(`${packaging}/make-bundle.sh`, ['--test-keys', join(root, name)]), join(root, name));
const put = (...keys) => (rmSync(share, { recursive: true, force: true }), spawnSync(`${packaging}/update-keys.sh`, [share, ...keys], { encoding: 'utf8', cwd: root }));
const nothing = () => !existsSync(join(share, 'update-keys/next.pem'));

test('a pair of keys is built in, public halves alone', () => {
    const keys = make('pair');
    assert.equal(put(keys).status, 0);
    assert.deepEqual(execFileSync('ls', [`${share}/update-keys`], { encoding: 'utf8' }).split('\n'), ['current.pem', 'next.pem', '']);
    assert.deepEqual(readFileSync(`${share}/update-keys/next.pem`), readFileSync(`${keys}/next.pem`));
});

test('without keys the build says what that means', () => {
    const { status, stderr } = put();
    assert.equal(status, 0);
    assert.match(stderr, /refuses every update \(no_keys\)/);
    assert.ok(nothing());
});

test('half a pair, a private key, another kind of key and twice the same end the build', () => {
    const keys = make('bad');
    const cases = {
        missing: () => rmSync(`${keys}/next.pem`),
        'private': () => copyFileSync(`${keys}/next.key`, `${keys}/next.pem`),
        same: () => copyFileSync(`${keys}/current.pem`, `${keys}/next.pem`),
        rsa: () => execFileSync('openssl', ['genpkey', '-algorithm', 'rsa', '-out', `${keys}/rsa`], { stdio: 'ignore' }) && execFileSync('openssl', ['pkey', '-in', `${keys}/rsa`, '-pubout', '-out', `${keys}/next.pem`]),
    };
    for (const [name, spoil] of Object.entries(cases)) {
        spoil();
        const { status, stderr } = put(keys);
        assert.equal(status, 1, name);
        assert.match(stderr, /update-keys\.sh: .*next/, name);
    }
    assert.equal(put(join(root, 'nowhere')).status, 1, 'a folder that was named has to be there');
});

test('keys that are there are not made again', () => {
    make('once');
    assert.throws(() => make('once'));
});
