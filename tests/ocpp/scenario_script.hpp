// SPDX-License-Identifier: Apache-2.0
// A golden conversation as it stands in its file: settings, then lines in the order of time. The language is
// described in tests/scenarios/README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/time.hpp"

namespace busbar::ocpp::test {

/// One line. `[time] verb rest`; the verbs are the runner's.
struct Line {
    int number = 0;
    std::optional<SteadyEpoch::duration> at;  ///< since the start; empty: no time passes
    std::string verb;
    std::string rest;
};

/// What is wrong with a script, or with the charge point that it drives.
struct ScriptError {
    int line;
    std::string what;
};

/// Throws ScriptError.
std::vector<Line> read_script(const std::string& path);

/// Takes the first word off `text`, and the blanks after it.
std::string_view take_word(std::string_view& text);

/// Splits "request => reply".
std::pair<std::string_view, std::string_view> split_exchange(std::string_view text);

}  // namespace busbar::ocpp::test
