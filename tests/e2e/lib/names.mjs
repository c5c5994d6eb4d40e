// SPDX-License-Identifier: Apache-2.0
// A name service in the test's hand: the daemon alone sees our file as /etc/hosts, and no name server answers it.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const own_mounts = ['unshare', '--map-root-user', '--mount'];
const mount_and_go = 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf && shift 2 && exec "$@"';

export class Names {
    /// Whether this system lets us have mounts of our own.
    static possible() {
        try {
            execFileSync(own_mounts[0], [...own_mounts.slice(1), 'mount', '--bind', '/etc/passwd', '/etc/hosts'], { stdio: 'ignore' });
            return true;
        } catch {
            return false;
        }
    }

    /// Nobody has a name yet.
    constructor(dir) {
        this.hosts = join(dir, 'hosts');
        this.resolver = join(dir, 'resolv.conf');
        writeFileSync(this.resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
        this.are();
    }

    /// For Daemon.wrap.
    get wrap() {
        return [...own_mounts, 'sh', '-c', mount_and_go, 'sh', this.hosts, this.resolver];
    }

    /// From now on these lines are all the names there are.
    are(...lines) {
        writeFileSync(this.hosts, lines.map((line) => `${line}\n`).join(''));
    }
}
