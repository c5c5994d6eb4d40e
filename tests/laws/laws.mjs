// SPDX-License-Identifier: Apache-2.0
// The laws of the house. Each looks at a tree (path -> text) and returns what breaks it, one line a place.
// `planted` is a small tree that breaks the law, to show that the law can see.

import { includes, isCode, isHeader, isProduct, parseJson, places } from './tree.mjs';

/// Who may include whom: longest matching prefix of the including file decides. `system` are the libraries that only
/// some layers know.
const layers = [
    { at: 'gateway/base/', may: ['gateway/base/'], system: [] },
    { at: 'config/', may: ['config/', 'gateway/base/'], system: ['nlohmann/', 'fmt/', 'sys/stat.h', 'arpa/inet.h', 'fstream', 'filesystem'] },
    { at: 'ocpp/', may: ['ocpp/', 'gateway/base/'], system: ['nlohmann/', 'fmt/', 'boost/describe', 'boost/mp11'] },
    { at: 'adapters/sim/', may: ['gateway/base/'], system: ['nlohmann/', 'fmt/', 'CLI/', 'sys/', 'netinet/', 'arpa/', 'fstream', 'filesystem'] },
    { at: 'adapters/', may: ['adapters/', 'config/', 'gateway/base/'], system: ['nlohmann/', 'modbus', 'fmt/', 'sys/', 'netinet/', 'arpa/'] },
    { at: 'gateway/charge_point_host', may: ['gateway/', 'config/', 'ocpp/'], system: ['fmt/', 'nlohmann/'] },
    { at: 'gateway/field/', may: ['gateway/field/', 'adapters/', 'config/', 'gateway/base/'], system: ['nlohmann/', 'fmt/', 'filesystem'] },
    { at: 'gateway/update/', may: ['gateway/update/', 'gateway/base/'], system: ['nlohmann/', 'fmt/', 'sys/'] },
    { at: 'gateway/update_helper/', may: ['gateway/update_helper/', 'gateway/update/', 'gateway/base/'], system: ['sys/', 'filesystem'] },
    { at: 'gateway/ctl/', may: ['gateway/ctl/', 'gateway/field/', 'adapters/', 'config/', 'gateway/base/'], system: ['nlohmann/', 'fmt/', 'curl/', 'CLI/', 'fstream', 'filesystem'] },
    {
        at: 'gateway/',
        may: ['gateway/', 'adapters/', 'config/', 'ocpp/'],
        system: ['boost/asio', 'boost/beast', 'openssl/', 'sqlite3', 'SQLiteCpp/', 'systemd/', 'nlohmann/', 'fmt/', 'CLI/', 'sys/', 'netinet/', 'arpa/', 'curl/', 'fstream', 'filesystem'],
    },
];

/// Libraries that count as a layer's business; everything else (standard, Boost.System) is open to all.
const guarded = /^(boost\/(asio|beast|describe|mp11)|openssl\/|sqlite3|SQLiteCpp\/|modbus|systemd\/|nlohmann\/|fmt\/|CLI\/|curl\/|sys\/|netinet\/|arpa\/|fstream|filesystem)/;

const longestFirst = [...layers].sort((a, b) => b.at.length - a.at.length);
const startsWithOneOf = (text, prefixes) => prefixes.some((prefix) => text.startsWith(prefix));

function edgeAllowed(path, target) {
    const layer = longestFirst.find((candidate) => path.startsWith(candidate.at));
    if (guarded.test(target)) return startsWithOneOf(target, layer.system);
    if (target.startsWith('adapters/sim/')) return layer.at === 'adapters/sim/';
    return startsWithOneOf(target, layer.may) || !/^(gateway|adapters|ocpp|config)\//.test(target);
}

function* codeOf(tree, filter) {
    for (const [path, text] of tree) if (filter(path)) yield [path, text];
}

const violations = (tree, filter, find) => [...codeOf(tree, filter)].flatMap(([path, text]) => find(path, text));

/// No match of `pattern` in the gateway's code outside the files in `homes`.
const onlyIn = (homes, pattern) => (tree) =>
    violations(tree, (path) => isProduct(path) && !homes.some((home) => path.startsWith(home)), (path, text) => places(path, text, pattern));

const indentOf = (line) => line.search(/\S|$/);

/// Formatted code ends a block at the indentation that began it (or before, where the beginning was wrapped); a block that is neither a scope nor data is a function.
function longFunctions(path, text) {
    const lines = text.split('\n');
    return lines.flatMap((line, start) => {
        if (!line.endsWith('{') || /^\s*(inline )?(namespace|class|struct|union|enum|export class|extern "C")\b|= \{$|[[({]\{$/.test(line)) return [];
        const length = lines.slice(start).findIndex((other, at) => at > 0 && /^ *}/.test(other) && indentOf(other) <= indentOf(line)) + 1;
        return length > 60 ? [`${path}:${start + 1}: ${length} lines`] : [];
    });
}

const profilePath = /^config\/(chargers|meters)\/[^/]+(?<!\.fixture)\.json$/;
const confidences = ['verified', 'documented', 'reported'];

function profileFlaws(path, text) {
    const profile = parseJson(text);
    const flaws = [];
    if (typeof profile.source !== 'string' || profile.source.length < 10) flaws.push(`${path}: names no source`);
    if (!confidences.includes(profile.confidence)) flaws.push(`${path}: confidence is none of ${confidences.join(', ')}`);
    return flaws;
}

export const laws = [
    {
        name: 'includes run along the layers',
        check: (tree) =>
            violations(tree, (path) => isCode(path) && !path.startsWith('tests/'), (path, text) =>
                includes(text).filter(({ text: target }) => !edgeAllowed(path, target)).map(({ line, text: target }) => `${path}:${line}: includes ${target}`)),
        planted: { 'ocpp/a.cpp': '#include "config/config.hpp"\n', 'adapters/b.hpp': '#include <boost/asio/post.hpp>\n', 'gateway/charge_point_host.cpp': '#include <boost/asio.hpp>\n' },
        finds: 3,
    },
    {
        name: 'Beast is included in two source files of gateway/ at most',
        check: (tree) => {
            const users = violations(tree, (path) => isCode(path) && !path.startsWith('tests/bench/'), (path, text) => (includes(text).some((line) => line.text.startsWith('boost/beast')) ? [path] : []));
            return users.length > 2 ? users : users.filter((path) => !/^gateway\/.*\.cpp$/.test(path));
        },
        planted: { 'gateway/link.hpp': '#include <boost/beast/websocket.hpp>\n' },
        finds: 1,
    },
    {
        name: 'libmosquitto is known in source files of gateway/mqtt/ only',
        check: (tree) =>
            violations(tree, isCode, (path, text) => (/^gateway\/mqtt\/.*\.cpp$/.test(path) || !includes(text).some((line) => /^mosquitto/.test(line.text)) ? [] : [path])),
        planted: { 'gateway/mqtt/broker.hpp': '#include <mosquitto.h>\n', 'gateway/mqtt/broker.cpp': '#include <mosquitto.h>\n' },
        finds: 1,
    },
    {
        name: 'headers do not include nlohmann/json.hpp, but for one bridge in ocpp/',
        check: (tree) => {
            const users = violations(tree, isHeader, (path, text) => (includes(text).some((line) => line.text === 'nlohmann/json.hpp') ? [path] : []));
            const bridges = users.filter((path) => path.startsWith('ocpp/'));
            return bridges.length > 1 ? users : users.filter((path) => !path.startsWith('ocpp/'));
        },
        planted: { 'config/reader.hpp': '#include <nlohmann/json.hpp>\n', 'ocpp/json.hpp': '#include <nlohmann/json.hpp>\n' },
        finds: 1,
    },
    {
        name: 'the wall clock is read in gateway/wall_clock.cpp only',
        check: onlyIn(['gateway/wall_clock.cpp'], /\b(system_clock|utc_clock|high_resolution_clock)\s*::\s*now|\bgettimeofday\s*\(|\btimespec_get\s*\(|\bclock_gettime\s*\(|(?<![\w.>])(std::)?time\s*\(\s*(nullptr|NULL|0|&)/g),
        planted: { 'ocpp/a.cpp': 'auto t = std::chrono::system_clock::now(); auto u = std::time(nullptr);\n' },
        finds: 2,
    },
    {
        name: 'the steady clock is read in gateway/base/time.cpp only',
        check: onlyIn(['gateway/base/time.cpp'], /\bsteady_clock\s*::\s*now|\bboottime|\bCLOCK_(MONOTONIC|BOOTTIME)/g),
        planted: { 'adapters/a.cpp': 'auto t = std::chrono::steady_clock::now();\n' },
        finds: 1,
    },
    {
        name: 'threads and their locks live in gateway/worker',
        check: onlyIn(['gateway/worker.'], /\bstd::(jthread|thread|(recursive_|shared_|timed_)*mutex|condition_variable\w*|atomic\w*|async|promise|future|latch|barrier|counting_semaphore|binary_semaphore|lock_guard|unique_lock|scoped_lock|shared_lock|call_once)\b|\bpthread_(create|mutex)\w*/g),
        planted: { 'gateway/bus.hpp': 'std::mutex m;\nstd::atomic<bool> stop;\n' },
        finds: 2,
    },
    {
        name: 'no C++20 coroutines: g++ 12 miscompiles them',
        check: (tree) => violations(tree, isCode, (path, text) => places(path, text, /\bco_(await|return|yield)\b/g)),
        planted: { 'gateway/a.cpp': 'co_await timer;\n' },
        finds: 1,
    },
    {
        name: 'a source file has at most 400 lines',
        check: (tree) =>
            violations(tree, (path) => /\.([ch]pp|mjs|sh|sql)$/.test(path), (path, text) => {
                const lines = text.split('\n').length - 1;
                return lines > 400 ? [`${path}: ${lines} lines`] : [];
            }),
        planted: { 'gateway/a.cpp': '\n'.repeat(401) },
        finds: 1,
    },
    {
        name: 'a function has at most 60 lines',
        check: (tree) => violations(tree, (path) => /\.([ch]pp|mjs)$/.test(path), longFunctions),
        planted: { 'gateway/a.cpp': `namespace busbar {\nvoid f() {\n${'    g();\n'.repeat(60)}}\n}\n`, 'tests/b.mjs': `function f() {\n${'    g();\n'.repeat(58)}}\n` },
        finds: 1,
    },
    {
        // base/time.hpp opens chrono_literals for the whole house: 5s and 20ms mean nothing else anywhere.
        name: 'headers open no namespace, but chrono_literals in gateway/base/time.hpp',
        check: (tree) =>
            violations(tree, isHeader, (path, text) => places(path, text, /\busing\s+namespace\s+[\w:]+/g))
                .filter((place) => !/^gateway\/base\/time\.hpp:\d+: using namespace std::chrono_literals$/.test(place)),
        planted: { 'config/a.hpp': 'using namespace std;\n' },
        finds: 1,
    },
    {
        name: 'every charger profile names its source and how sure it is',
        check: (tree) => violations(tree, (path) => profilePath.test(path), profileFlaws),
        planted: { 'config/chargers/a.json': '{"id": "a", /* no source */ "confidence": "guessed"}' },
        finds: 2,
    },
    {
        name: 'every file says its licence in its first lines',
        check: (tree) =>
            violations(tree, (path) => /(\.([ch]pp|mjs|sh|sql)|CMakeLists\.txt|^\.ci\/run)$/.test(path), (path, text) =>
                /SPDX-License-Identifier: Apache-2\.0/.test(text.split('\n', 2).join('\n')) ? [] : [path]),
        planted: { 'gateway/a.cpp': 'int x;\n' },
        finds: 1,
    },
];
