// SPDX-License-Identifier: Apache-2.0
// The helper that may set the system's clock does so for a time that can be, and refuses all else; it never has the
// privilege here.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';

const { BUSBAR_PROGRAMS, BUSBAR_FAKE_CLOCK } = process.env;
const helper = join(BUSBAR_PROGRAMS, 'busbar-set-clock');
/// Of root this takes the privilege to set a clock; nobody else has it.
const powerless = process.getuid() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'] : [];
const [program, ...before] = [...powerless, 'env'];
const begin = (environment) => [...before, ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), helper];
const fake = { LD_PRELOAD: BUSBAR_FAKE_CLOCK };

/// What it says to a peer that sends `input` and closes.
function tell(input, environment = fake) {
    const { status, stdout, stderr } = spawnSync(program, begin(environment), { input, encoding: 'utf8', timeout: 10_000 });
    return { status, stdout, stderr };
}

const now = Math.floor(Date.now() / 1000);
const refused = (why) => ({ status: 1, stdout: '', stderr: `busbar-set-clock: ${why}\n` });
const set = (seconds) => ({ status: 0, stdout: `0 ${seconds}.000000000\n`, stderr: '' });

test('the clock is set to a time that can be', () => {
    assert.deepEqual(tell(`${now}\n`), set(now));
    assert.deepEqual(tell(`${now}`), set(now), 'a line without its end');
    assert.deepEqual(tell(`${now}\n${now + 60}\n`), set(now), 'the first line counts');
});

test('a clock that somebody keeps is left alone', () => {
    assert.deepEqual(tell(`${now}\n`, { ...fake, FAKE_CLOCK_IS_KEPT: '1' }), refused('the clock is synchronised already'));
});

const year = 366 * 86_400;
for (const time of [0, -1, now - 20 * year, now + 11 * year, '9223372036854775807']) {
    test(`the clock is not set to ${time}`, () => assert.deepEqual(tell(`${time}\n`), refused('a time that cannot be')));
}

const noTimes = ['', '\n', ' 1', '1 ', '1\r\n', 'now\n', '+1\n', '0x7fffffff\n', '1e9\n', `${now}.5\n`, `\0${now}\n`, '9223372036854775808\n', '9'.repeat(1000)];
for (const text of noTimes) {
    test(`${JSON.stringify(text.slice(0, 24))} is no time`, () => assert.deepEqual(tell(text), refused('no number of seconds')));
}

test('a peer that says nothing is given up after five seconds', async () => {
    const child = spawn(program, begin(fake));
    const begun = Date.now();
    child.stdin.write('17');
    const [status, signal] = await once(child, 'exit');
    child.stdin.destroy();
    assert.deepEqual({ status, signal }, { status: null, signal: 'SIGALRM' });
    assert.ok(Date.now() - begun >= 4900);
});

test('without the privilege it says that it has none', () => {
    const { status, stderr } = tell(`${now}\n`, {});
    assert.equal(status, 1);
    assert.match(stderr, /the kernel does not let this program set the clock|the clock is synchronised already/);
});
