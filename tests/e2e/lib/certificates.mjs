// SPDX-License-Identifier: Apache-2.0
// A certificate authority in a folder: makes good and deliberately wrong server certificates with the openssl tool.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
default_crl_days = 30
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
    issue({ names = ['DNS:localhost', 'IP:127.0.0.1'], key = 'ec', from_days = -1, until_days = 10, usage } = {}) {
        const now = Date.now();
        this.#openssl('req', '-new', ...key_options[key], '-nodes', '-subj', '/CN=central system', '-addext',
            `subjectAltName=${names.join(',')}`, ...(usage ? ['-addext', `keyUsage=${usage}`] : []), '-keyout', 'server.key', '-out', 'server.csr');
        this.#openssl('ca', '-batch', '-config', 'ca.cnf', '-startdate', asn1Time(now + from_days * day_ms),
            '-enddate', asn1Time(now + until_days * day_ms), '-in', 'server.csr', '-out', 'server.pem', '-notext');
        return { key: this.#read('server.key'), cert: this.#read('server.pem') };
    }

    /// A certificate for the request `csr`, both as PEM.
    sign(csr, { from_days = -1, until_days = 10 } = {}) {
        const now = Date.now();
        writeFileSync(join(this.dir, 'client.csr'), csr);
        this.#openssl('ca', '-batch', '-config', 'ca.cnf', '-startdate', asn1Time(now + from_days * day_ms),
            '-enddate', asn1Time(now + until_days * day_ms), '-in', 'client.csr', '-out', 'client.pem', '-notext');
        return this.#read('client.pem');
    }

    /// The authority's list with `certificate` (PEM) on it, beside those that were put there before; PEM.
    revoke(certificate) {
        writeFileSync(join(this.dir, 'revoked.pem'), certificate);
        this.#openssl('ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem');
        return this.#openssl('ca', '-config', 'ca.cnf', '-gencrl');
    }

    /// An authority in a folder of its own whose certificate this one has signed.
    below(dir, name) {
        const next = new Authority(dir, name);
        copyFileSync(next.file, join(this.dir, 'below.pem'));
        this.#openssl('x509', '-x509toreq', '-in', 'below.pem', '-signkey', join(dir, 'ca.key'), '-out', 'below.csr');
        writeFileSync(next.file, this.#openssl('ca', '-batch', '-config', 'ca.cnf', '-extensions', 'authority', '-days', '30', '-in', 'below.csr', '-notext'));
        return next;
    }

    /// The subject of a request, which its own key has signed.
    subject(csr) {
        writeFileSync(join(this.dir, 'asked.csr'), csr);
        const text = this.#openssl('req', '-in', 'asked.csr', '-noout', '-verify', '-subject', '-nameopt', 'sep_comma_plus_space,space_eq,utf8');
        return text.trim().replace(/^subject=\s*/, '');
    }

    /// OCPP's CertificateHashData of the authority, by OpenSSL's own OCSP.
    hashData() {
        const text = this.#openssl('ocsp', '-sha256', '-issuer', 'ca.pem', '-cert', 'ca.pem', '-no_nonce', '-req_text');
        const field = (name) => text.match(new RegExp(`${name}: ([0-9A-F]+)`))[1].toLowerCase();
        return {
            hashAlgorithm: 'SHA256',
            issuerNameHash: field('Issuer Name Hash'),
            issuerKeyHash: field('Issuer Key Hash'),
            serialNumber: field('Serial Number').replace(/^0+/, ''),
        };
    }

    #read(name) {
        return readFileSync(join(this.dir, name), 'utf8');
    }

    #openssl(...args) {
        return execFileSync('openssl', args, { cwd: this.dir, stdio: 'pipe', encoding: 'utf8' });
    }
}
