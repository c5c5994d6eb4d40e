// SPDX-License-Identifier: Apache-2.0
// Reads the text formats of Prometheus and OpenMetrics and throws at whatever a strict reader would not take.

const name = '[a-z_][a-z0-9_]*';
const sample = new RegExp(`^(${name})(?:\\{((?:${name}="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)+)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
const label = new RegExp(`(${name})="((?:[^"\\\\]|\\\\.)*)"(,|$)`, 'y');
const suffixes = { counter: '_total', info: '_info' };

function labelsOf(text = '') {
    const labels = {};
    label.lastIndex = 0;
    while (label.lastIndex < text.length) {
        const match = label.exec(text);
        if (!match || match[1] in labels) throw new Error(`labels: ${text}`);
        labels[match[1]] = match[2].replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
    }
    return labels;
}

/// {families: {name: type}, samples: [{name, labels, value}]}.
export function parse(page, { open = false } = {}) {
    if (!page.endsWith('\n')) throw new Error('the last line does not end');
    const lines = page.slice(0, -1).split('\n');
    if (open && lines.pop() !== '# EOF') throw new Error('no # EOF');
    const families = {};
    const samples = [];
    const seen = new Set();
    let family;
    let helped;
    for (const line of lines) {
        const head = line.match(/^# (HELP|TYPE) (\S+) (.+)$/);
        if (head && head[1] === 'HELP') {
            helped = head[2];
        } else if (head) {
            if (head[2] !== helped) throw new Error(`TYPE without its HELP: ${line}`);
            if (head[2] in families) throw new Error(`twice: ${line}`);
            family = { name: head[2], type: head[3] };
            if (!['gauge', 'counter', 'summary', ...(open ? ['info'] : [])].includes(family.type)) throw new Error(`type: ${line}`);
            families[family.name] = family.type;
        } else {
            const match = line.match(sample);
            if (!match) throw new Error(`no sample: ${line}`);
            const expected = open ? family.name + (suffixes[family.type] ?? '') : family.name;
            if (match[1] !== expected) throw new Error(`not of ${family.name}: ${line}`);
            if (family.type === 'counter' && !match[1].endsWith('_total')) throw new Error(`a counter without _total: ${line}`);
            const series = line.slice(0, line.lastIndexOf(' '));
            if (seen.has(series)) throw new Error(`the series twice: ${line}`);
            seen.add(series);
            samples.push({ name: match[1], labels: labelsOf(match[2]), value: Number(match[3]) });
        }
    }
    return { families, samples };
}

/// The value of the one sample with this name and these labels; undefined where there is none.
export function value({ samples }, wanted, labels = {}) {
    const found = samples.filter((one) => one.name === wanted && Object.entries(labels).every(([key, text]) => one.labels[key] === text));
    if (found.length > 1) throw new Error(`several: ${wanted}`);
    return found[0]?.value;
}
