// SPDX-License-Identifier: Apache-2.0
// What a commit costs on the disk of a folder, and a queue that is full before the daemon starts.
#pragma once

#include <string>

namespace busbar::bench {

/// Members of a JSON object, without its braces: bare fdatasync, bare SQLite and the daemon's store, each a
/// second.
std::string commit_rates(const std::string& folder, double seconds_each);

/// Puts `count` MeterValues into the queue of `charge_point` in the store of a state directory.
void fill_queue(const std::string& state_dir, const std::string& charge_point, int count);

}  // namespace busbar::bench
