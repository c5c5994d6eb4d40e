// SPDX-License-Identifier: Apache-2.0
// The gateway's files after it has ended, read by Python's SQLite: what still waits, what is kept open, what it says happened.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const reader = `
import json, sqlite3, sys
def rows(file, sql):
    return sqlite3.connect(file).execute(sql).fetchall()
store, sessions = sys.argv[1:]
print(json.dumps({
    'store_is': rows(store, 'PRAGMA integrity_check')[0][0],
    'sessions_are': rows(sessions, 'PRAGMA integrity_check')[0][0],
    'waiting': rows(store, 'SELECT charge_point, seq, action FROM queue'),
    'open': rows(store, "SELECT charge_point, key, body FROM record WHERE kind = 'transaction'"),
    'sessions': rows(sessions, 'SELECT charge_point, id, transaction_id, started, ended, meter_start, meter_stop FROM session ORDER BY started'),
}))`;

const keys = ['charge_point', 'id', 'transaction_id', 'started', 'ended', 'meter_start', 'meter_stop'];

/// {store_is, sessions_are: "ok", waiting: [[charge point, seq, action]], open: [...], sessions: [{charge_point, ...}]}
export function readStore(store, sessions) {
    if (!existsSync(sessions)) throw new Error(`there is no ${sessions}`);
    const read = JSON.parse(execFileSync('python3', ['-c', reader, store, sessions], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
    return { ...read, sessions: read.sessions.map((row) => Object.fromEntries(keys.map((key, index) => [key, row[index]]))) };
}
