// SPDX-License-Identifier: Apache-2.0
// Child programs that never outlive the test: each dies with us, even when we are killed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { until } from './wait.mjs';

/// Where the programs under test were built.
export const programs = process.env.BUSBAR_PROGRAMS ?? fileURLToPath(new URL('../../../build/dev/bin', import.meta.url));

export class Program {
    output = '';

    /// Starts `name` (from `programs`, unless it is a path). The kernel kills it when this process ends; a process
    /// group of its own keeps Ctrl-C at the terminal for us. `wrap`: a command that ends by executing its arguments.
    constructor(name, args, { wrap = [], ...options } = {}) {
        const file = name.includes('/') ? name : join(programs, name);
        this.name = `${name} ${args.join(' ')}`;
        this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...wrap, file, ...args], {
            stdio: ['ignore', 'pipe', 'pipe'],
            detached: true,
            ...options,
        });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.setEncoding('utf8').on('data', (text) => (this.output += text));
        }
        /// Resolves to {code, signal} once the program has ended and all its output is here.
        this.ended = once(this.child, 'close').then(([code, signal]) => (this.result = { code, signal }));
    }

    get running() {
        return !this.result;
    }

    /// Waits until the output has a match of `pattern`; gives the match.
    async says(pattern, within_ms) {
        return until(
            () => `${pattern} from ${this.name}, which said:\n${this.output}`,
            () => {
                const match = this.output.match(pattern);
                if (!match && !this.running) throw new Error(`${this.name} ended (${JSON.stringify(this.result)}) before ${pattern}:\n${this.output}`);
                return match;
            },
            within_ms,
        );
    }

    /// Waits for the end; gives {code, signal}.
    async end(within_ms) {
        return until(`the end of ${this.name}`, () => this.result, within_ms);
    }

    async kill(signal = 'SIGKILL', within_ms) {
        if (this.running) this.child.kill(signal);
        return this.end(within_ms);
    }
}

/// Runs a program to its end; gives {code, signal, output}.
export async function run(name, args, options = {}) {
    const program = new Program(name, args, options);
    try {
        return { ...(await program.end(options.within_ms)), output: program.output };
    } finally {
        await program.kill();
    }
}
