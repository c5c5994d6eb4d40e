// SPDX-License-Identifier: Apache-2.0
// A daemon that is installed on a machine below a folder, beside the helper that installs releases.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { bundleOf, Machine, packageOf } from './machine.mjs';

export const architecture = { x64: 'amd64', arm64: 'arm64', arm: 'armhf' }[process.arch];
export const release = (version, behaviour = 'good') => packageOf(version, behaviour, { Architecture: architecture });

/// A machine with the helper, which has this daemon: its state directory lies there, and it speaks for itself.
export function install(made, daemon) {
    const machine = made.keep(new Machine(), () => machine.remove());
    machine.write('fake/installed', release('0.1.0'));
    machine.write('fake/silent', '');
    mkdirSync(machine.path('usr/libexec/busbar'), { recursive: true });
    machine.write('usr/libexec/busbar/busbar-update', '');
    daemon.state_dir = machine.path('var/lib/busbar');
    daemon.socket = join(daemon.state_dir, 'control.sock');
    const usual = daemon.arguments.bind(daemon);
    daemon.arguments = (...more) => usual('--update-root', machine.root, ...more);
    machine.bundle = (version, key = machine.current.privateKey, behaviour = 'good') => bundleOf(release(version, behaviour), key, { version, architecture });
    return machine;
}
