// SPDX-License-Identifier: Apache-2.0
// Releases for a test: the package that was built, again under another version or with a fault, signed by packaging/'s own
// tools. Nothing is compiled.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packaging = fileURLToPath(new URL('../../packaging', import.meta.url));
const quick = { ...process.env, DPKG_DEB_COMPRESSOR_TYPE: 'gzip', DPKG_DEB_COMPRESSOR_LEVEL: '1' };
const run = (file, ...args) => execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env: quick });

/// What busbard is in a release that is no good. Exit 78 is one that systemd does not try again.
const faults = {
    dies: 'kill -SEGV $$',
    ends: 'exit 78',
    damages: 'for file in /var/lib/busbar/*.db; do dd if=/dev/zero of="$file" bs=512 count=4 conv=notrunc 2>/dev/null; done; exit 78',
    // The form of its databases is one that the release before does not know (PRAGMA user_version, offset 60 of the file).
    migrates: 'for file in /var/lib/busbar/*.db; do printf "\\143" | dd of="$file" bs=1 seek=63 conv=notrunc 2>/dev/null; done; exit 78',
};

export class Releases {
    constructor(dir, deb) {
        this.dir = dir;
        this.deb = deb;
        this.keys = join(dir, 'keys');
        run(`${packaging}/make-bundle.sh`, '--test-keys', this.keys);
        run(`${packaging}/make-bundle.sh`, '--test-keys', join(dir, 'stranger'));
    }

    /// The package as `version`, with the test's keys; `fault` of the above.
    package(version, fault) {
        const out = join(this.dir, `${version}.deb`);
        const program = join(this.dir, 'busbard');
        if (fault) writeFileSync(program, `#!/bin/sh\n${faults[fault]}\n`, { mode: 0o755 });
        run(`${packaging}/repack.sh`, this.deb, out, '--version', version, '--keys', this.keys, ...(fault ? ['--file', `${program}=usr/bin/busbard`] : []));
        return out;
    }

    /// The same with other words in its control file: altered(deb, {Architecture: 'arm64'}).
    altered(deb, words) {
        const tree = join(this.dir, 'tree');
        run('rm', '-rf', tree);
        mkdirSync(tree, { mode: 0o755 });
        run('dpkg-deb', '--raw-extract', deb, tree);
        let control = readFileSync(`${tree}/DEBIAN/control`, 'utf8');
        for (const [name, value] of Object.entries(words)) control = control.replace(new RegExp(`^${name}: .*(\\n .*)*`, 'm'), `${name}: ${value}`);
        writeFileSync(`${tree}/DEBIAN/control`, control);
        const out = deb.replace(/\.deb$/, '-altered.deb');
        run('dpkg-deb', '--root-owner-group', '--build', tree, out);
        return out;
    }

    /// The bundle's bytes. `key`: keys/current, keys/next or stranger/current.
    bundle(deb, key = 'keys/current') {
        const out = join(this.dir, 'made.bundle');
        run(`${packaging}/make-bundle.sh`, deb, join(this.dir, `${key}.key`), out);
        return readFileSync(out);
    }
}
