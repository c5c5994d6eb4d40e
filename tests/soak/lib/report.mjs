// SPDX-License-Identifier: Apache-2.0
// What came out, for people and for programs.

import { growth } from './judge_growth.mjs';

const clock = (ms) => new Date(ms).toISOString().slice(11, 23);
const most_shown = 40;

const counts = (words) => Object.entries(words.reduce((sum, word) => ({ ...sum, [word]: (sum[word] ?? 0) + 1 }), {}))
    .sort(([, one], [, other]) => other - one)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');

const wattHours = (list) => list.reduce((sum, { meter_start, meter_stop = meter_start }) => sum + meter_stop - meter_start, 0);

const difference = (begin, end) => Object.keys(begin).map((key) => `${key} ${begin[key]} -> ${end[key]}`).join(', ');

/// `transactions` and `looks` as the judges counted them, `complaints`: [{at, who, what}]; gives the report as an object.
export function makeReport(evidence, { transactions, looks }, complaints) {
    const all = Object.values(transactions).flat();
    const visits = Object.values(evidence.visits).flat();
    const calls = evidence.book.filter(({ kind }) => kind === 'call');
    return {
        seed: evidence.seed,
        passed: complaints.length === 0,
        began: new Date(evidence.began_at).toISOString(),
        lasted_s: Math.round((evidence.ended_at - evidence.began_at) / 1000),
        settled_in_s: evidence.settled_at ? Math.round((evidence.settled_at - evidence.peace_at) / 1000) : null,
        faults: evidence.plan.map(({ fault }) => fault),
        lacks: evidence.lacks,
        processes: evidence.runs,
        visits: visits.length,
        transactions: all.length,
        samples: all.reduce((sum, { samples }) => sum + samples.length, 0),
        repeated: calls.length - new Set(calls.map(({ chargePoint, id }) => `${chargePoint} ${id}`)).size,
        energy_wh: { chargers: Math.round(wattHours(visits)), central_system: wattHours(all), gateway: wattHours(evidence.store?.sessions ?? []) },
        looks,
        growth: growth(evidence) ?? null,
        files: evidence.files,
        complaints: [...complaints].sort((one, other) => one.at - other.at),
    };
}

/// As text.
export function say(report) {
    const { growth: grown, complaints, energy_wh: energy } = report;
    const first = complaints[0];
    return [
        `seed ${report.seed}, ${report.lasted_s} s from ${report.began}: ${report.passed ? 'all agree' : `${complaints.length} disagreements`}`,
        ...report.lacks.map((what) => `  without: ${what}`),
        `  faults: ${report.faults.length} (${counts(report.faults)})`,
        `  ${report.processes} processes of the daemon; at rest ${report.settled_in_s ?? 'never'} s after the last fault`,
        `  ${report.visits} cars, ${report.transactions} transactions, ${report.samples} samples, ${report.repeated} messages came more than once`,
        `  Wh: chargers ${energy.chargers}, central system ${energy.central_system}, gateway ${energy.gateway}`,
        `  limits: ${report.looks.telling} of ${report.looks.all} looks at chargers tell, at ${report.looks.at_once} nothing stood in the way`,
        grown ? `  growth in ${grown.life_s.toFixed(0)} s of process ${grown.run}: ${difference(grown.begin, grown.end)}` : '  growth: no life of the daemon was long enough to tell',
        ...(first ? ['', `first disagreement: ${clock(first.at)} ${first.who}: ${first.what}`, '', 'all of them:'] : []),
        ...complaints.slice(0, most_shown).map(({ at, who, what }) => `  ${clock(at)} ${who}: ${what}`),
        ...(complaints.length > most_shown ? [`  and ${complaints.length - most_shown} more`] : []),
        ...(first ? ['', `once more: tests/soak/run.sh MINUTES --seed ${report.seed}`] : []),
    ].join('\n');
}
