// SPDX-License-Identifier: Apache-2.0
// The core's small works a second.

import { run } from '../../e2e/lib/processes.mjs';

export async function core(table, { short }) {
    const { code, output } = await run('busbar_bench_core', ['rates', short ? '0.3' : '3'], { within_ms: 60_000 });
    if (code !== 0) throw new Error(output);
    const rates = JSON.parse(output);
    table.add('frames parsed (SetChargingProfile, 412 bytes)', '1/s', rates.frames_per_s, { floor: rates.json_parse_per_s, floor_is: 'its JSON alone' });
    table.add(`composite schedules of a day (${rates.schedule_periods} periods)`, '1/s', rates.schedules_per_s, { floor: rates.schedule_text_per_s, floor_is: 'the answer as text' });
}
