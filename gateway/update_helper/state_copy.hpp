// SPDX-License-Identifier: Apache-2.0
// The daemon's state aside and back again: its files belong to another user, so no name is believed.
#pragma once

#include <string>

#include "gateway/base/result.hpp"

namespace busbar::update {

/// Copies the regular files of `state`, two folders deep, with owner and mode to `copy`, which is replaced
/// whole; durable. What is no state stays out: the spool, the lock, sockets, damaged databases set aside.
/// Error too for links, and beyond 512 MiB.
Result<void> copy_state(const std::string& state, const std::string& copy);

/// Puts them back; a write-ahead log of a database that has none in the copy is removed first. May be begun
/// again. REQUIRES: nobody uses `state`.
Result<void> restore_state(const std::string& copy, const std::string& state);

/// Since the copy was made a database was found damaged and set aside, so that one that knows nothing took
/// its place.
bool was_set_aside(const std::string& state, const std::string& copy);

/// Removes a folder of our own with all that is in it.
void remove_copy(const std::string& copy);

}  // namespace busbar::update
