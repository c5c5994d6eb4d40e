// SPDX-License-Identifier: Apache-2.0
// One scenario on a bed of its own: twenty open transactions, its story, the cars leave, and the judgement.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Bed } from './bed.mjs';
import { complaints } from './book.mjs';
import { stormComplaints } from './dials.mjs';
import { chargePoints, sample_s } from './fleet.mjs';

/// A reason names the uplink that is taken and says why in a sentence.
const readable = /^(Ethernet|WiFi|GSM): \S.{8,}$/;

/// The switches after the first choice, which is none.
const switchesOf = (bed) => (bed.uplinks().switches ?? []).filter(({ to }, index) => index > 0 || to !== bed.ids[0]);

function judgeSwitches(bed, { switches, at_most_switches, because = [] }) {
    const made = switchesOf(bed);
    const taken = made.map(({ to }) => to);
    if (switches) assert.deepEqual(taken, switches, JSON.stringify(made));
    else assert.ok(taken.length <= at_most_switches, JSON.stringify(made));
    made.forEach(({ reason }, index) => {
        assert.match(reason, readable);
        if (because[index]) assert.match(reason, because[index]);
        assert.ok(bed.gateway.log.includes(reason), `the log has no line with: ${reason}`);
    });
}

/// At most `most` connections for each charge point over the whole scenario: how often it was interrupted, and one.
function judgeInterruptions(bed, most) {
    const accepted = bed.central.sessions.filter(({ status }) => status === 101);
    for (const chargePoint of chargePoints) {
        const connections = accepted.filter((one) => one.chargePoint === chargePoint);
        assert.ok(connections.length <= most + 1, `${chargePoint} was interrupted ${connections.length - 1} times, not ${most}: ${connections.map(({ uplink }) => uplink).join(' ')}`);
    }
}

async function judge(bed, scenario) {
    const meters = await bed.unplug();
    await bed.pass(1); // what is doubled would still come
    const calls = bed.system.calls.map((call) => ({ ...call, link: bed.central.linkOf(call) }));
    assert.deepEqual(complaints(calls, meters, { sample_s: scenario.gap_s ?? sample_s }), [], 'the accounting');
    assert.deepEqual(bed.system.problems, [], 'what the central system found wrong');
    assert.deepEqual(stormComplaints(bed.central.sessions, bed.late_ms), [], 'the storm rule');
    judgeSwitches(bed, scenario);
    if (scenario.interruptions !== undefined) judgeInterruptions(bed, scenario.interruptions);
}

/// Everything that was said, for people: gives the file.
function keepStory(bed, name) {
    const file = join(tmpdir(), `busbar-netns-${process.getuid()}-${process.ppid}-${name}.log`);
    const sessions = bed.central?.sessions.map(({ at, chargePoint, uplink, status, ended_at }) =>
        `${new Date(at).toISOString()} ${chargePoint} ${uplink} ${status} until ${ended_at ? new Date(ended_at).toISOString() : 'the end'}`);
    writeFileSync(file, [bed.story(), '--- connections', ...(sessions ?? []), '--- uplinks.json', bed.gateway ? bed.uplinksText() : ''].join('\n'));
    return file;
}

/// Plays a row of the table of scenarios; gives what was measured.
export async function play(name, scenario) {
    const bed = new Bed();
    try {
        await bed.set({ ids: ['lan', 'wifi', 'gsm'], failover: { failback_hold_s: 10 }, ...scenario });
        await scenario.before?.(bed);
        await bed.start(scenario.first);
        await scenario.story(bed);
        await judge(bed, scenario);
        return bed.figures;
    } catch (error) {
        error.message += `\n(all that was said: ${keepStory(bed, name)})`;
        throw error;
    } finally {
        await bed.end();
    }
}
