// SPDX-License-Identifier: Apache-2.0
// A certificate authority in a folder: makes good and deliberately wrong server certificates with the openssl tool.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const day_ms = 24 * 3600 * 1000;

const authority_settings = (dir) => `
[ca]
default_ca = ours
[ours]
database = ${dir}/index.txt
serial = ${dir}/serial
new_certs_dir = ${dir}
certificate = ${dir}/ca.pem
private_key = ${dir}/ca.key
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

const key_options = {
    ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    rsa: ['-newkey', 'rsa:2048'],
};

const asn1Time = (ms) => new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');

export class Authority {
    /// `dir` is made; everything the authority writes stays in it.
    constructor(dir, name = 'Busbar test authority') {
        this.dir = dir;
        this.file = join(dir, 'ca.pem');
        mkdirSync(dir, { recursive: true });
        writeFileSync(join(dir, 'index.txt'), '');
        writeFileSync(join(dir, 'serial'), '01\n');
        writeFileSync(join(dir, 'ca.cnf'), authority_settings(dir));
        this.#openssl('req', '-x509', '-config', 'ca.cnf', '-extensions', 'authority', ...key_options.ec, '-nodes',
            '-subj', `/CN=${name}`, '-days', '30', '-keyout', 'ca.key', '-out', 'ca.pem');
    }

    /// A server's {key, cert} as PEM, for `names` (subjectAltName entries), valid from and until days from now.
    issue({ names = ['DNS:localhost', 'IP:127.0.0.1'], key = 'ec', from_days = -1, until_days = 10 } = {}) {
        const now = Date.now();
        this.#openssl('req', '-new', ...key_options[key], '-nodes', '-subj', '/CN=central system', '-addext',
            `subjectAltName=${names.join(',')}`, '-keyout', 'server.key', '-out', 'server.csr');
        this.#openssl('ca', '-batch', '-config', 'ca.cnf', '-startdate', asn1Time(now + from_days * day_ms),
            '-enddate', asn1Time(now + until_days * day_ms), '-in', 'server.csr', '-out', 'server.pem', '-notext');
        return { key: this.#read('server.key'), cert: this.#read('server.pem') };
    }

    #read(name) {
        return readFileSync(join(this.dir, name), 'utf8');
    }

    #openssl(...args) {
        execFileSync('openssl', args, { cwd: this.dir, stdio: 'pipe' });
    }
}
