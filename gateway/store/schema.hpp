// SPDX-License-Identifier: Apache-2.0
// The tables of the store, and how a file of an older release becomes one of this release.
#pragma once

#include <array>

namespace busbar::gateway {

/// migrations[n] leads from PRAGMA user_version n to n + 1; the first makes the tables. Never edit one that
/// was released: append.
///
/// WITHOUT ROWID: a change touches one tree, not a table and an index. The trigger keeps the highest sequence
/// number of a charge point only when its last message leaves, so that the usual change costs no further
/// page.
constexpr std::array migrations{R"sql(
CREATE TABLE record (
    charge_point TEXT NOT NULL,
    kind         TEXT NOT NULL,
    key          TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (charge_point, kind, key)
) WITHOUT ROWID;

CREATE TABLE queue (
    charge_point TEXT    NOT NULL,
    seq          INTEGER NOT NULL,
    message_id   TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    PRIMARY KEY (charge_point, seq)
) WITHOUT ROWID;

CREATE TABLE last_seq (
    charge_point TEXT    NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER keep_last_seq AFTER DELETE ON queue
WHEN NOT EXISTS (SELECT 1 FROM queue WHERE charge_point = OLD.charge_point AND seq > OLD.seq)
BEGIN
    INSERT INTO last_seq VALUES (OLD.charge_point, OLD.seq)
        ON CONFLICT (charge_point) DO UPDATE SET seq = max(seq, OLD.seq);
END;
)sql"};

}  // namespace busbar::gateway
