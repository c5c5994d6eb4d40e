// SPDX-License-Identifier: Apache-2.0
// A machine below a folder, for the helper that installs releases: what dpkg, apt, dpkg-repack and systemctl are there is
// in stand_in.sh. A package is a text that says what the release in it is like. Keys exist for the length of a test.

import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, sign, createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const programs = process.env.BUSBAR_PROGRAMS ?? fileURLToPath(new URL('../../../build/dev/bin', import.meta.url));
const stand_in = fileURLToPath(new URL('stand_in.sh', import.meta.url));

export const keyPair = () => generateKeyPairSync('ed25519');
const pem = (key) => key.export({ type: 'spki', format: 'pem' });

/// A package as the stand-ins understand it: behaviour good, fails (to install), crashes, damages (the state, and crashes), unwell, migrates (the state, and is unwell).
export const packageOf = (version, behaviour = 'good', more = {}) =>
    Object.entries({ Package: 'busbar', Version: version, Architecture: 'amd64', 'Installed-Size': 10, Behaviour: behaviour, ...more })
        .map(([name, value]) => `${name}: ${value}\n`)
        .join('');

/// GNU ar's form.
export function archive(members) {
    const parts = [Buffer.from('!<arch>\n')];
    for (const [name, content] of members) {
        const bytes = Buffer.from(content);
        parts.push(Buffer.from(`${`${name}/`.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`), bytes);
        if (bytes.length % 2) parts.push(Buffer.from('\n'));
    }
    return Buffer.concat(parts);
}

export function manifestOf(content, { version = '2', architecture = 'amd64', name = 'busbar' } = {}) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    return `format=busbar-bundle-1\npackage=${name}\nversion=${version}\narchitecture=${architecture}\nsize=${Buffer.byteLength(content)}\nsha256=${sha256}\nreleased=2026-11-23\nnotes=\n`;
}

export function bundleOf(content, key, names) {
    const manifest = manifestOf(content, names);
    return archive([['manifest', manifest], ['manifest.sig', sign(null, Buffer.from(manifest), key)], ['package.deb', content]]);
}

export class Machine {
    root = mkdtempSync(join(tmpdir(), 'busbar-machine-'));
    current = keyPair();
    next = keyPair();

    /// Release 1 is installed and runs.
    constructor() {
        for (const folder of ['usr/bin', 'usr/share/busbar/update-keys', 'var/lib/busbar/update', 'var/lib/dpkg', 'fake']) mkdirSync(this.path(folder), { recursive: true });
        for (const name of ['dpkg', 'dpkg-deb', 'dpkg-query', 'dpkg-repack', 'apt-get', 'systemctl']) {
            copyFileSync(stand_in, this.path('usr/bin', name));
            chmodSync(this.path('usr/bin', name), 0o755);
        }
        this.write('usr/share/busbar/update-keys/current.pem', pem(this.current.publicKey));
        this.write('usr/share/busbar/update-keys/next.pem', pem(this.next.publicKey));
        this.write('fake/installed', packageOf('1'));
        this.write('var/lib/busbar/schema.db', '1');
        this.write('var/lib/busbar/config.json', '{}');
        this.boot();
    }

    path(...steps) {
        return join(this.root, ...steps);
    }
    write(path, content) {
        writeFileSync(this.path(path), content);
    }
    read(path) {
        return existsSync(this.path(path)) ? readFileSync(this.path(path), 'utf8') : undefined;
    }
    exists(path) {
        return existsSync(this.path(path));
    }

    /// What the daemon does when it hands a bundle over.
    ask(bundle, id = 'ab12') {
        this.write('var/lib/busbar/update/bundle', bundle);
        this.write('var/lib/busbar/update/request', `format=busbar-request-1\nid=${id}\n`);
    }
    offer(version, behaviour, key = this.current.privateKey) {
        this.ask(bundleOf(packageOf(version, behaviour), key, { version }));
    }

    /// The helper, to its end or to a cut; gives {code, signal, output}.
    async help(patience = 1) {
        const child = spawn(join(programs, 'busbar-update'), ['--root', this.root, '--patience', String(patience)], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
        const [code, signal] = await once(child, 'close');
        return { code, signal, output };
    }

    /// systemd at the start of the machine.
    boot() {
        execFileSync(this.path('usr/bin/systemctl'), ['start', 'busbar.service'], { stdio: 'ignore' });
    }

    get status() {
        return JSON.parse(this.read('var/lib/busbar-update/status.json') ?? 'null');
    }
    get version() {
        return /^Version: (.*)$/m.exec(this.read('fake/installed'))[1];
    }
    get runs() {
        return this.exists('fake/run') && !this.exists('fake/half');
    }
    /// What was done to the machine, one word each.
    get deeds() {
        return (this.read('fake/deeds') ?? '').split('\n').filter(Boolean);
    }
    link(path, target) {
        rmSync(this.path(path), { force: true, recursive: true });
        symlinkSync(target, this.path(path));
    }
    remove() {
        rmSync(this.root, { recursive: true, force: true });
    }
}
