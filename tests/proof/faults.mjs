// SPDX-License-Identifier: Apache-2.0
// The faults that can be planted in a source: one on one line each, of the kinds that people make.

// What a kind looks for in a line of code, and what it leaves there; a function is given the pattern's group.
const kinds = [
    ['boundary', / < /dg, ' <= '],
    ['boundary', / <= /dg, ' < '],
    ['boundary', / > /dg, ' >= '],
    ['boundary', / >= /dg, ' > '],
    ['comparison', / == /dg, ' != '],
    ['comparison', / != /dg, ' == '],
    ['logic', / && /dg, ' || '],
    ['logic', / \|\| /dg, ' && '],
    ['sign', / \+ /dg, ' - '],
    ['sign', / - /dg, ' + '],
    ['factor', / \* /dg, ' / '],
    ['constant', /\btrue\b/dg, 'false'],
    ['constant', /\bfalse\b/dg, 'true'],
    ['extreme', /std::min\b/dg, 'std::max'],
    ['extreme', /std::max\b/dg, 'std::min'],
    ['number', /(?<=[ (])([1-9][0-9]*)(?=[,;)s ])/dg, digits => String(Number(digits) + 1)],
    ['condition', /\bif \(((?:[^();]|\((?:[^()]|\([^()]*\))*\))*)\)/dg, condition => `if (!(${condition}))`],
    ['statement', /^( +)[a-z_.>()[\]-]*[a-z_]\(.*\);$/dg, indent => `${indent};`],
    ['statement', /^( +)[a-z_.>-]+ [+-]?= .*;$/dg, indent => `${indent};`],
    ['return', /^( +)return (?!false|true|\{\}|;)(.*);$/dg, indent => `${indent}return {};`],
];

/// Words in quotes and comments are no code: masked by blanks of the same length, so that columns stay.
function codeOf(line) {
    return line.replace(/"(?:[^"\\]|\\.)*"/g, text => `"${' '.repeat(text.length - 2)}"`).replace(/\/\/.*$/, '');
}

/// All faults of a source: {file, words, planted(text)}; planted gives the text with the fault in it.
export function faultsOf(file, text) {
    const lines = text.split('\n');
    const faults = [];
    lines.forEach((line, index) => {
        const code = codeOf(line);
        if (/^\s*(#|\/\/|template|using|static_assert|namespace|case )/.test(code) || !/^\s/.test(code)) return;
        for (const [kind, pattern, replacement] of kinds) {
            for (const match of code.matchAll(pattern)) {
                const group = match.indices[1] && line.slice(...match.indices[1]);
                const left = typeof replacement === 'function' ? replacement(group) : replacement;
                const changed = line.slice(0, match.index) + left + line.slice(match.index + match[0].length);
                faults.push({
                    file,
                    words: `${file}:${index + 1}  ${kind}: ${line.trim()}  ->  ${changed.trim() || '(nothing)'}`,
                    planted: source => source.split('\n').map((each, at) => (at === index ? changed : each)).join('\n'),
                });
            }
        }
    });
    return faults;
}
