// SPDX-License-Identifier: Apache-2.0
// "did you mean": the known word closest to a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace busbar::config {

/// "; did you mean 'port'?" when a known word is within a slip or two of the keyboard, else "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace busbar::config
