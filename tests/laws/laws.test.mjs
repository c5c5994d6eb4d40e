// SPDX-License-Identifier: Apache-2.0
// Holds the tree to the laws, and each law to its planted violation.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chargerListLaw } from './charger_list.mjs';
import { documentationLaws } from './documentation.mjs';
import { laws } from './laws.mjs';
import { readTree } from './tree.mjs';

const tree = readTree();

for (const law of [...laws, ...documentationLaws, chargerListLaw]) {
    test(`law: ${law.name}`, () => {
        assert.deepEqual(law.check(tree), []);
    });
    test(`seen: a violation of "${law.name}"`, () => {
        assert.equal(law.check(new Map(Object.entries(law.planted))).length, law.finds);
    });
}
