// SPDX-License-Identifier: Apache-2.0
// Laws that hold the pages and the code against each other: what one names, the other has.

/// The names in `first` that are not in `second`, as violations.
const missing = (first, second, say) => [...first].filter((name) => !second.has(name)).map(say);

/// What stands in both or is a violation.
const agree = (code, page, where) => [
    ...missing(code, page, (name) => `${name} is not documented in ${where}`),
    ...missing(page, code, (name) => `${name} in ${where} does not exist`),
];

const all = (text, pattern) => new Set([...text.matchAll(pattern)].map((match) => match[1]));

/// The names in the first cell of each table row: | `a.b`, `c` | ... |
const documentedNames = (page) =>
    new Set([...page.matchAll(/^\| *((?:`[^`]+`(?:, *)?)+) *\|/gm)].flatMap((row) => [...row[1].matchAll(/`([^`]+)`/g)].map((name) => name[1])));

const text = (tree, path) => tree.get(path) ?? '';

/// Every property of a JSON schema, as dotted path; items of arrays and members of maps add no step of their own.
function schemaKeys(schema, root = schema, prefix = '', seen = new Set()) {
    const target = schema.$ref ? schema.$ref.split('/').slice(1).reduce((at, step) => at[step], root) : schema;
    const keys = new Set();
    const add = (more) => more.forEach((key) => keys.add(key));
    if (seen.has(target)) return keys;
    const deeper = new Set(seen).add(target);
    for (const [name, value] of Object.entries(target.properties ?? {})) {
        if (name.startsWith('$')) continue;
        keys.add(prefix + name);
        add(schemaKeys(value, root, `${prefix}${name}.`, deeper));
    }
    const parts = [target.items, target.additionalProperties, ...(target.oneOf ?? []), ...(target.anyOf ?? []), ...(target.allOf ?? [])];
    for (const part of parts) if (part && typeof part === 'object') add(schemaKeys(part, root, prefix, deeper));
    return keys;
}

/// "name level" of each event that the code logs; those of the security log are of level "security".
function loggedEvents(tree) {
    const found = new Set();
    const see = (code, pattern, level) => {
        for (const match of code.matchAll(pattern)) found.add(`${match[2]} ${level ?? match[1]}`);
    };
    for (const [path, code] of tree) {
        if (!/^(gateway|adapters|ocpp|config)\/.*\.[ch]pp$/.test(path) || /^(adapters\/sim|gateway\/(ctl|base))\//.test(path)) continue;
        see(code, /(?:\.|->)(error|warning|info|debug)\(\s*"([a-z0-9_]+)"/g);
        see(code, /\bnote\(\s*LogLevel::(\w+),\s*"([a-z0-9_]+)"/g);
        see(code, /LogLevel::(\w+),\s*"([a-z0-9_]+)"/g);
        if (/^gateway\/(web|box)\//.test(path)) see(code, /\b(note|note_box|keep|keep_with_password)\([^;"]*"([a-z_]+)"/g, 'security');
    }
    return found;
}

const eventRows = (page) => new Set([...page.matchAll(/^\| `(\w+)` \| (?:(error|warning|info|debug) \| .+ \| .+|[^|]+) \|$/gm)].map(([, name, level]) => `${name} ${level ?? 'security'}`));

export const documentationLaws = [
    {
        name: 'the events that the code logs, with their levels, are those of gateway/EVENTS.md',
        check: (tree) => agree(loggedEvents(tree), eventRows(text(tree, 'gateway/EVENTS.md')), 'gateway/EVENTS.md'),
        planted: {
            'gateway/a.cpp': 'log_.warning("alpha", "A."); context.note(LogLevel::info, "beta", "B.");',
            'gateway/web/b.cpp': 'accounts.note(request, "gamma");',
            'gateway/EVENTS.md': '| `alpha` | info | a | b |\n| `beta` | info | a | b |\n| `delta` | what |\n',
        },
        finds: 4,
    },
    {
        name: 'the configuration keys of the schema are those of config/README.md',
        check(tree) {
            const schema = schemaKeys(JSON.parse(text(tree, 'config/gateway.schema.json')));
            return agree(schema, documentedNames(text(tree, 'config/README.md')), 'config/README.md');
        },
        planted: {
            'config/gateway.schema.json': '{"properties": {"buses": {"items": {"properties": {"id": {}, "baud": {}}}}}}',
            'config/README.md': '| `buses` | list |\n| `buses.id`, `buses.speed` | text |\n',
        },
        finds: 2,
    },
    {
        name: 'the OCPP keys of the table are those of ocpp/README.md',
        check(tree) {
            const keys = all(text(tree, 'ocpp/configuration.cpp'), /KeySpec\{Key::\w+,\s*"(\w+)"/g);
            return agree(keys, documentedNames(text(tree, 'ocpp/README.md')), 'ocpp/README.md');
        },
        planted: {
            'ocpp/configuration.cpp': 'KeySpec{Key::A, "A", integer}, KeySpec{Key::B, "B", text}',
            'ocpp/README.md': '| `A` | one |\n| `C` | three |\n',
        },
        finds: 2,
    },
    {
        name: 'the routes of the API are those of the pages',
        check(tree) {
            const route = /(\/api\/v1\/[a-z_/{}-]+)/g;
            const find = (filter) => new Set([...tree].filter(([path]) => filter(path)).flatMap(([, content]) => [...all(content, route)]));
            return agree(find((path) => /^gateway\/(?!ctl\/).*\.cpp$/.test(path)), find((path) => /^(README|gateway\/.*)\.md$/.test(path)), 'the pages');
        },
        planted: { 'gateway/api.cpp': 'Route{"GET", "/api/v1/status", status}', 'README.md': 'GET /api/v1/states\n' },
        finds: 2,
    },
    {
        name: 'the metrics of the code are those of gateway/web/METRICS.md',
        check(tree) {
            const sources = [...tree].filter(([path]) => /^gateway\/web\/metrics\/.*\.cpp$/.test(path)).map(([, content]) => content);
            const metrics = new Set(sources.flatMap((content) => [...all(content, /"(busbar_[a-z_]+)"/g)]));
            return agree(metrics, documentedNames(text(tree, 'gateway/web/METRICS.md')), 'gateway/web/METRICS.md');
        },
        planted: {
            'gateway/web/metrics/rows.cpp': 'Row{{"busbar_up", gauge, "1: up."}}, Row{{"busbar_down", gauge, ""}}',
            'gateway/web/METRICS.md': '| `busbar_up` | gauge |\n| `busbar_gone` | gauge |\n',
        },
        finds: 2,
    },
    {
        name: 'the entities of the code are those of gateway/mqtt/README.md',
        check(tree) {
            const keys = all(text(tree, 'gateway/mqtt/entities.hpp'), /\.key = "(\w+)"/g);
            const page = [...documentedNames(text(tree, 'gateway/mqtt/README.md'))].filter((name) => !name.includes('/'));
            return agree(keys, new Set(page), 'gateway/mqtt/README.md');
        },
        planted: {
            'gateway/mqtt/entities.hpp': '{.key = "power", .name = "Power"}, {.key = "energy"}',
            'gateway/mqtt/README.md': '| `power` | W |\n| `voltage` | V |\n',
        },
        finds: 2,
    },
];
