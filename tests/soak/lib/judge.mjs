// SPDX-License-Identifier: Apache-2.0
// All judges over the evidence of one soak. Pure.

import { readBook } from './book.mjs';
import { growthComplaints } from './judge_growth.mjs';
import { limitComplaints, looks } from './judge_limits.mjs';
import { storeComplaints } from './judge_store.mjs';
import { transactionComplaints } from './judge_transactions.mjs';
import { makeReport } from './report.mjs';
import { Sight } from './sight.mjs';

/// Gives the report.
export function judge(evidence) {
    const sight = Sight.over(evidence.windows);
    const book = readBook(evidence.book, evidence.chargers.map(({ id }) => id));
    const complaints = [
        ...evidence.findings,
        ...book.complaints,
        ...transactionComplaints(book.transactions, evidence, sight),
        ...limitComplaints(evidence, sight),
        ...(evidence.store ? storeComplaints(book.transactions, evidence) : []),
        ...growthComplaints(evidence),
    ];
    return makeReport(evidence, { ...book, looks: looks(evidence, sight) }, complaints);
}
