// SPDX-License-Identifier: Apache-2.0
// The tools of the bed: ip, nft, tc and sysctl, run to their end, here or in another network namespace.

import { execFileSync } from 'node:child_process';

function run(file, args, options = {}) {
    try {
        return execFileSync(file, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...options });
    } catch (error) {
        throw new Error(`${file} ${args.join(' ')}: ${error.stderr?.trim() || error.message}`);
    }
}

/// One network namespace. `name` "" is the one that we are in.
export class Namespace {
    constructor(name) {
        this.name = name;
        /// A command in front of another's own, to run that one in here.
        this.wrap = name ? ['ip', 'netns', 'exec', name] : [];
    }

    static add(name) {
        run('ip', ['netns', 'add', name]);
        const made = new Namespace(name);
        made.ip('link set lo up');
        return made;
    }

    /// `words` as one would type them behind "ip".
    ip(words) {
        return run('ip', [...(this.name ? ['-n', this.name] : []), ...words.split(' ')]);
    }

    run(words) {
        const [file, ...args] = [...this.wrap, ...words.split(' ')];
        return run(file, args);
    }

    /// A script in nft's language.
    nft(script) {
        const [file, ...args] = [...this.wrap, 'nft', '-f', '-'];
        return run(file, args, { input: script });
    }
}

/// Two ends of a cable: {namespace, device, address: "10.1.0.1/24"}.
export function cable(one, other) {
    run('ip', ['link', 'add', one.device, ...at(one), 'type', 'veth', 'peer', 'name', other.device, ...at(other)]);
    for (const { namespace, device, address } of [one, other]) {
        namespace.ip(`addr add ${address} dev ${device}`);
        namespace.ip(`link set ${device} up`);
    }
}

const at = ({ namespace }) => (namespace.name ? ['netns', namespace.name] : []);
