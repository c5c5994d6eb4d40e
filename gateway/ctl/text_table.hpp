// SPDX-License-Identifier: Apache-2.0
// Columns of text for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace busbar::ctl {

/// Replaces control characters: what comes from outside cannot steer the terminal.
std::string printable(std::string_view text);

/// Rows of equal length, the first the headings; every column as wide as its widest cell, two blanks between.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace busbar::ctl
