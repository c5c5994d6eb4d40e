// SPDX-License-Identifier: Apache-2.0
// The SSH server of a support, to which a box makes its tunnel.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { freePort } from './free_port.mjs';
import { Program } from './processes.mjs';

/// sshd of Debian, run by whoever runs the test, on ports of its own.
export class SshServer {
    /// `made`: the bench, or {dir, keep}. `address`: where it listens.
    static async start(made, { address = '127.0.0.1' } = {}) {
        const server = new SshServer();
        server.dir = join(made.dir, 'sshd');
        mkdirSync(server.dir, { mode: 0o700 });
        server.port = await freePort();
        server.remote_port = await freePort();
        const key = join(server.dir, 'host_key');
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
        server.host_key = readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
        server.authorized = join(server.dir, 'authorized_keys');
        const config = join(server.dir, 'config');
        writeFileSync(config, [
            `Port ${server.port}`, `ListenAddress ${address}`, `HostKey ${key}`, `PidFile ${server.dir}/pid`, `AuthorizedKeysFile ${server.authorized}`,
            'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'AllowTcpForwarding yes', 'PermitRootLogin prohibit-password', 'LogLevel VERBOSE',
        ].join('\n') + '\n');
        if (process.getuid() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
        server.program = made.keep(new Program('/usr/sbin/sshd', ['-D', '-e', '-f', config]), () => server.program.kill());
        await server.program.says(/listening on/i);
        return server;
    }

    settings(more = {}) {
        return { host: '127.0.0.1', port: this.port, user: userInfo().username, host_key: this.host_key, remote_port: this.remote_port, ...more };
    }

    welcome(public_key) {
        writeFileSync(this.authorized, `restrict,port-forwarding,permitlisten="127.0.0.1:${this.remote_port}" ${public_key}\n`);
        chmodSync(this.authorized, 0o600);
    }
}

/// The answer of the pages as support sees them, or undefined.
export const through = (server) =>
    new Promise((resolve) => {
        const request = https.get({ host: '127.0.0.1', port: server.remote_port, path: '/api/v1/health', agent: false, rejectUnauthorized: false }, (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode));
        });
        request.on('error', () => resolve(undefined));
    });
