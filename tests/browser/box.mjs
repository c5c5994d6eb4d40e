// SPDX-License-Identifier: Apache-2.0
// The real box under the pages: busbard, simulated chargers and the central system of tests/e2e, and people at it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ask } from '../e2e/lib/api.mjs';
import { installer, opened, own_password, user as newUser } from '../e2e/lib/browser.mjs';
import { freePort } from '../e2e/lib/free_port.mjs';
import { bench } from '../e2e/lib/scenario.mjs';
import { Visitor } from './browser.mjs';

/** What `npm run build` made of gateway/web/ui. */
const pages = fileURLToPath(new URL('../../gateway/web/ui/dist', import.meta.url));

export class Box {
    /** A daemon that serves the pages, on a free port. Its configuration lies where the pages may change it. `before` it starts. */
    static async plugIn(made, configuration, before) {
        const box = new Box();
        box.made = made;
        box.port = await freePort();
        box.url = `https://127.0.0.1:${box.port}`;
        const whole = { ...configuration, web: { listen: '127.0.0.1', https_port: box.port, ui_dir: pages } };
        box.daemon = made.daemon(whole);
        before?.(box.daemon);
        box.daemon.config_file = join(box.daemon.state_dir, 'config.json');
        box.daemon.configure(whole);
        box.daemon.start();
        await opened(box.daemon, box.port);
        return box;
    }

    /** The first account, with a password of its own; also the one that makes the others. */
    async staffed() {
        this.manager = await installer(this.daemon, this.port);
        return this;
    }

    /** Somebody with a browser; with a `role`, logged in as an account of that role. */
    async visit({ role, ...glass } = {}) {
        const visitor = await Visitor.at(this.url, glass);
        if (role) await this.#logIn(visitor, role);
        this.visitors.push(visitor);
        return this.made.keep(visitor, () => visitor.context.close());
    }
    visitors = [];
    #known = new Set(['installer']);
    /** Whoever is at the box itself may do everything, and makes operators. */
    #socket = {
        api: async (...request) => {
            const { body, ...answer } = await ask(this.daemon, ...request);
            return { ...answer, json: body };
        },
    };

    async #logIn(visitor, role) {
        if (!this.#known.has(role)) await newUser(role === 'operator' ? this.#socket : this.manager, this.port, role);
        this.#known.add(role);
        await visitor.enter(role, own_password);
    }
}

const slug = (name) => name.replace(/\W+/g, '_').slice(0, 60);

/** A test of people at boxes: `body(plugIn, made)`. Who complained makes it fail; where it fails, everybody's screen is kept. */
export function story(name, body, within_ms = 120_000) {
    bench(
        name,
        async (made) => {
            const boxes = [];
            const plugIn = async (configuration, before) => {
                const box = await Box.plugIn(made, configuration, before);
                boxes.push(box);
                return box;
            };
            const visitors = () => boxes.flatMap((box) => box.visitors);
            try {
                await body(plugIn, made);
                for (const visitor of visitors()) visitor.quiet(name);
            } catch (error) {
                for (const [n, visitor] of visitors().entries()) await visitor.shot(`FAILED-${slug(name)}-${n}`);
                throw error;
            }
        },
        within_ms,
    );
}
