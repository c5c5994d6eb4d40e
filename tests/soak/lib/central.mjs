// SPDX-License-Identifier: Apache-2.0
// The program of the central system in our hand, behind a front (tests/netns) that is what the gateway sees.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../e2e/lib/free_port.mjs';
import { Program } from '../../e2e/lib/processes.mjs';
import { Front } from '../../netns/lib/front.mjs';

const program = fileURLToPath(new URL('../central_program.mjs', import.meta.url));
const answered_within_ms = 12_000;
const idle_s = 60;

export class Central {
    #asked = new Map(); // n -> resolve
    #count = 0;
    #begun;

    /// `where`: {address, port} of the front.
    static async start(bench, { where, certificate, passwords }) {
        const made = new Central();
        made.book = join(bench.dir, 'book.jsonl');
        made.settings = join(bench.dir, 'central.json');
        const port = await freePort();
        writeFileSync(made.settings, JSON.stringify({ book: made.book, port, certificate, passwords }));
        made.front = new Front([where], port, idle_s);
        await made.begin();
        await made.front.up();
        bench.keep(made, () => made.kill());
        return made;
    }

    begin() {
        return (this.#begun = this.#begin());
    }

    async #begin() {
        this.program = new Program(process.execPath, [program, this.settings], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
        this.program.child.on('message', ({ n, ...answer }) => this.#asked.get(n)?.(answer));
        this.program.child.on('error', () => {});
        await this.program.says(/^ready$/m);
    }

    /// As the power would end it: what was not answered stays so.
    async kill() {
        await this.#begun;
        await this.program.kill('SIGKILL');
    }

    /// A CALL to a charge point; gives {result}, or {error} where there is no connection or no answer.
    call(chargePoint, action, params) {
        const n = ++this.#count;
        return new Promise((resolve) => {
            const end = (answer) => {
                clearTimeout(timer);
                this.#asked.delete(n);
                resolve(answer);
            };
            const timer = setTimeout(end, answered_within_ms, { error: 'nobody answered' });
            this.#asked.set(n, end);
            if (!this.program.child.connected) return end({ error: 'the central system is away' });
            this.program.child.send({ n, chargePoint, action, params }, (error) => error && end({ error: error.message }));
        });
    }

    /// The entries of the book so far.
    entries() {
        if (!existsSync(this.book)) return [];
        return readFileSync(this.book, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    }
}
