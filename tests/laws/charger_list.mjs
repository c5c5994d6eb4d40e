// SPDX-License-Identifier: Apache-2.0
// config/CHARGERS.md from the shipped profiles: node tests/laws/charger_list.mjs writes it, a law holds it to them.

import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { parseJson, readTree } from './tree.mjs';

const page = 'config/CHARGERS.md';
const measured = { energy_import_wh: 'energy', energy_session_wh: 'energy of a session', power_w: 'power', current_a: 'current', voltage_v: 'voltage', id_tag: 'cards' };
const alone = { stops: 'stops', failsafe: 'falls to its failsafe current', keeps_limit: 'keeps the last limit', full_power: '**full power**' };

const profilesIn = (tree, folder) =>
    [...tree]
        .filter(([path]) => path.startsWith(`config/${folder}/`) && /^[^/]+\.json$/.test(path.slice(`config/${folder}/`.length)))
        .map(([, text]) => parseJson(text))
        .filter((profile) => profile.id)
        .sort((a, b) => `${a.vendor} ${a.model}`.localeCompare(`${b.vendor} ${b.model}`, 'en'));

const names = (profile) => `| ${profile.vendor} ${profile.model} | \`${profile.id}\` | ${(profile.transport.kinds ?? ['serial']).join(', ')}`;

// A driver of its own reads what the protocol has; only a register map says here what is measured.
const readings = (profile) =>
    profile.measurements
        ? Object.entries(measured).filter(([key]) => key in profile.measurements).map(([, word]) => word).join(', ') || 'no meter'
        : 'by its driver';

/// The page for the profiles of a tree (map from path to text).
export function chargerList(tree) {
    const chargers = profilesIn(tree, 'chargers');
    const meters = profilesIn(tree, 'meters');
    return [
        '# Supported chargers and meters',
        '',
        'Made from the profiles by `node tests/laws/charger_list.mjs`. documented: written from the vendor\'s own document; reported: from',
        'others\' working code or reports; verified: tried on the hardware. The last column of the first table tells what the charger does when the gateway is gone.',
        '',
        `## Chargers (${chargers.length})`,
        '',
        '| Model | Profile | Bus | Read | Grounds | Left alone it |',
        '|---|---|---|---|---|---|',
        ...chargers.map((each) => `${names(each)} | ${readings(each)} | ${each.confidence} | ${alone[each.fallback]} |`),
        '',
        `## Meters (${meters.length})`,
        '',
        '| Model | Profile | Bus | Read | Grounds |',
        '|---|---|---|---|---|',
        ...meters.map((each) => `${names(each)} | ${readings(each)} | ${each.confidence} |`),
        '',
    ].join('\n');
}

export const chargerListLaw = {
    name: `${page} lists the profiles that ship`,
    check: (tree) => (tree.get(page) === chargerList(tree) ? [] : [`${page} is not what the profiles say: node tests/laws/charger_list.mjs`]),
    planted: {
        'config/chargers/a.json': '{"id": "a", "vendor": "A", "model": "One", "confidence": "reported", "fallback": "stops", "transport": {}} // new',
        [page]: '# Supported chargers and meters\n',
    },
    finds: 1,
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(page, chargerList(readTree()));
