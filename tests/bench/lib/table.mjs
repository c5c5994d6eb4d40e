// SPDX-License-Identifier: Apache-2.0
// Figures as they are found: a line for the person each, and all of them as JSON at the end.

export const quantile = (values, part) => [...values].sort((one, other) => one - other)[Math.floor(part * (values.length - 1))];
export const median = (values) => quantile(values, 0.5);

const shown = (value) => (value === undefined ? '' : typeof value !== 'number' ? String(value) : value >= 1000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3));

export class Table {
    rows = [];

    constructor() {
        this.#print('what', 'ours', 'floor', 'ratio', 'unit', 'wanted');
    }

    /// One figure beside the floor of the same run. `wanted`: in words, for the person.
    add(what, unit, ours, { floor, floor_is, wanted, ...raw } = {}) {
        const ratio = typeof floor === 'number' && floor > 0 && typeof ours === 'number' ? ours / floor : undefined;
        this.rows.push({ what, unit, ours, floor, floor_is, ratio, wanted, ...raw });
        this.#print(what, shown(ours), shown(floor), ratio === undefined ? '' : ratio.toFixed(2), unit, wanted ?? '');
    }

    /// A line of a benchmark that has a table of its own.
    say(line) {
        this.rows.push({ what: line });
        console.error(line);
    }

    #print(what, ...cells) {
        console.error(what.padEnd(52) + cells.map((cell, index) => (index < 3 ? cell.padStart(10) : `  ${cell.padEnd(index === 3 ? 14 : 0)}`)).join(''));
    }
}
