// SPDX-License-Identifier: Apache-2.0
// How a verb gets a key or a password: arguments can be seen by everybody on this machine.
#pragma once

#include <optional>
#include <string>

namespace busbar::ctl {

/// A line of the standard input; on a terminal asked for with `prompt`, and not shown. Empty: there is none,
/// it is longer than 1000 characters, or Ctrl-C came, which is noted as by watch_for_interrupt().
std::optional<std::string> read_secret(const std::string& prompt);

}  // namespace busbar::ctl
