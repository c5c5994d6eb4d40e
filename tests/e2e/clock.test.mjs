// SPDX-License-Identifier: Apache-2.0
// The box wakes with a clock that is wrong: it still trusts nobody it should not, reaches the central system, and sends
// no time that is not true.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { scenario } from './lib/scenario.mjs';
import { until } from './lib/wait.mjs';

/// faketime's library, for the architecture of this machine.
const faketime = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'faketime/libfaketime.so.1')).find((file) => {
    try {
        return readFileSync(file).length > 0;
    } catch {
        return false;
    }
});

/// In front of busbard: a system's clock that started at `begin` (UTC); the monotonic clock stays true.
const clockFrom = (begin) => ['env', 'TZ=UTC', `LD_PRELOAD=${faketime}`, `FAKETIME=@${begin}`, 'FAKETIME_DONT_FAKE_MONOTONIC=1'];

/// Starts the daemon with it; nobody but the network tells the time.
function wake(daemon, begin) {
    const configuration = JSON.parse(readFileSync(daemon.config_file, 'utf8'));
    daemon.configure({ ...configuration, time: { sync_source: 'none' } });
    daemon.wrap = clockFrom(begin);
    daemon.start();
}

const anyTime = /"(\d{4}-\d\d-\d\dT[^"]*)"/g;
const timesSent = (central) => JSON.stringify(central.calls.map(({ params }) => params)).matchAll(anyTime);

for (const [year, begin] of [['1970', '1970-01-01 00:05:00'], ['2038', '2038-01-19 03:00:00']]) {
    scenario(`a box that wakes in ${year} reaches the central system and sends true times only`,
        { start: false, boxes: ['heidelberg:1,plugged=1'] },
        async ({ central, daemon }) => {
            wake(daemon, begin);
            await central.next('StartTransaction', { within_ms: 40_000 });
            for (const [, time] of timesSent(central)) assert.ok(Math.abs(new Date(time) - Date.now()) < 60_000, time);
            assert.equal((await daemon.status()).clock.source, 'ocpp');
            assert.ok(daemon.events('link_failed', 'cause=not_yet_valid').length + daemon.events('link_failed', 'cause=expired').length === 1);
        });
}

scenario('asking a server for the time gives it no password', { start: false }, async ({ central, daemon }) => {
    wake(daemon, '1970-01-01 00:05:00');
    await central.next('BootNotification', { within_ms: 40_000 });
    assert.equal(central.requests.length, 1);
    assert.equal(central.requests[0].method, 'HEAD');
    assert.equal(central.requests[0].headers.authorization, undefined);
});

scenario('where nobody tells the time, the log says so once and the status as long as it is so', { start: false, system: { tells_date: false } },
    async ({ central, daemon }) => {
        wake(daemon, '1970-01-01 00:05:00');
        const line = await until('the refusal', () => daemon.events('time_not_told')[0]);
        assert.match(line, /the answer has no Date.*NTP/);
        await until('a second dial', () => daemon.events('link_still_failing').length > 0);
        const { clock, warnings } = await daemon.status();
        assert.equal(clock.now, null);
        assert.ok(warnings.some((text) => /time is not known.*no Date.*NTP/.test(text)), warnings.join('\n'));
        assert.equal(daemon.events('time_not_told').length, 1);
        assert.equal(central.upgrades.length, 0);
    });

scenario('the last known time outlives a restart', { start: false }, async ({ central, daemon }) => {
    daemon.start();
    await central.next('BootNotification');
    await daemon.stop();
    const kept = Number(readFileSync(join(daemon.state_dir, 'clock'), 'utf8'));
    assert.ok(Math.abs(kept - Date.now() / 1000) < 60);
});
