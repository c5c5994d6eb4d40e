// SPDX-License-Identifier: Apache-2.0
// Where files come from and go to: an HTTPS server that does as each test says, and FTP and SFTP servers that we did not
// write (pyftpdlib, asyncssh).

import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { Program } from './processes.mjs';
import { until } from './wait.mjs';

/// Records every request ({method, url, headers, body}) and answers it by `answer(request, response)`.
export class FileServer {
    requests = [];

    /// `certificate` absent: HTTP without TLS.
    static async start(made, certificate, answer) {
        const server = new FileServer();
        server.answer = answer;
        const serve = (request, response) => server.#serve(request, response);
        server.listener = certificate ? https.createServer(certificate, serve) : http.createServer(serve);
        server.listener.on('tlsClientError', () => {});
        server.listener.listen(0, '127.0.0.1');
        await once(server.listener, 'listening');
        server.scheme = certificate ? 'https' : 'http';
        return made.keep(server, () => {
            server.listener.closeAllConnections();
            server.listener.close();
        });
    }

    get port() {
        return this.listener.address().port;
    }
    url(path, { user = '', host = 'localhost' } = {}) {
        return `${this.scheme}://${user && `${user}@`}${host}:${this.port}${path}`;
    }

    #serve(request, response) {
        const parts = [];
        request.on('data', (part) => parts.push(part)).on('end', () => {
            const seen = { method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(parts) };
            this.requests.push(seen);
            this.answer(seen, response, this.requests.length);
        });
    }
}

/// Answers with `file`, and with what a Range asks of it while its ETag holds.
export function give(file, request, response, { etag = '"one"', cut } = {}) {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const holds = !request.headers['if-range'] || request.headers['if-range'] === etag;
    const from = range && holds ? Number(range[1]) : 0;
    const headers = { ETag: etag, 'Content-Length': file.length - from };
    if (from) headers['Content-Range'] = `bytes ${from}-${file.length - 1}/${file.length}`;
    response.writeHead(from ? 206 : 200, headers);
    if (cut === undefined) return response.end(file.subarray(from));
    response.write(file.subarray(from, cut), () => setTimeout(() => response.destroy(), 100));
}

/// A server in Python; gives {port, folder, files(), read(name)}.
async function spawned(made, script, name, args, { port } = {}) {
    const folder = join(made.dir, name);
    mkdirSync(folder, { recursive: true });
    const program = new Program('/usr/bin/python3', [fileURLToPath(new URL(script, import.meta.url)), folder, 'meter', 'planted-secret-7', ...args, ...(port ? [`${port}`] : [])]);
    made.keep(program, () => program.kill());
    const [, said] = await program.says(/port (\d+)/);
    return {
        program,
        folder,
        port: Number(said),
        files: () => readdirSync(folder),
        read: (file) => readFileSync(join(folder, file)),
        write: (file, content) => writeFileSync(join(folder, file), content),
    };
}

export const ftpServer = (made) => spawned(made, 'ftp_server.py', 'ftp', []);

export const sftpServer = (made, options = {}) => spawned(made, 'sftp_server.py', 'sftp', [join(made.dir, options.key ?? 'sftp.key')], options);

const vsftpd = process.env.BUSBAR_VSFTPD ?? '/usr/sbin/vsftpd';

/// vsftpd with TLS, `implicit` or on demand, which wants data connections to resume the session of the control connection;
/// undefined where it is not installed. Whoever builds Busbar need not have it: the package starts a server on port 21.
export async function ftpsServer(made, certificate, port, implicit) {
    if (!existsSync(vsftpd)) return undefined;
    const folder = join(made.dir, 'ftps');
    const paths = Object.fromEntries(['key', 'cert', 'conf', 'empty'].map((name) => [name, join(made.dir, `ftps.${name}`)]));
    mkdirSync(join(folder, 'up'), { recursive: true });
    mkdirSync(paths.empty, { recursive: true });
    for (const name of ['key', 'cert']) writeFileSync(paths[name], certificate[name], { mode: 0o600 });
    const settings = {
        listen: 'YES', listen_port: port, listen_address: '127.0.0.1', background: 'NO', run_as_launching_user: 'YES', seccomp_sandbox: 'NO',
        anonymous_enable: 'YES', anon_root: folder, ftp_username: userInfo().username, secure_chroot_dir: paths.empty, write_enable: 'YES', anon_upload_enable: 'YES', xferlog_enable: 'NO',
        ssl_enable: 'YES', implicit_ssl: implicit ? 'YES' : 'NO', allow_anon_ssl: 'YES', force_anon_logins_ssl: 'YES', force_anon_data_ssl: 'YES', require_ssl_reuse: 'YES',
        rsa_cert_file: paths.cert, rsa_private_key_file: paths.key,
    };
    writeFileSync(paths.conf, Object.entries(settings).map((entry) => entry.join('=')).join('\n') + '\n');
    const program = new Program(vsftpd, [paths.conf]);
    made.keep(program, () => program.kill());
    await until('vsftpd', () => answers(port));
    return { files: () => readdirSync(join(folder, 'up')), read: (file) => readFileSync(join(folder, 'up', file)) };
}

const answers = (port) => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && true)).on('error', () => resolve(false));
});

/// The members of a .tar.gz: {name: text}.
export function unpacked(bytes) {
    const tar = gunzipSync(bytes);
    const members = {};
    for (let at = 0; tar[at]; ) {
        const text = (from, length) => tar.subarray(at + from, at + from + length).toString().replace(/\0.*$/s, '');
        const size = parseInt(text(124, 12), 8);
        members[text(0, 100)] = tar.subarray(at + 512, at + 512 + size).toString();
        at += 512 + Math.ceil(size / 512) * 512;
    }
    return members;
}

