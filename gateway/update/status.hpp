// SPDX-License-Identifier: Apache-2.0
// What the root helper tells everybody: one small JSON file, replaced whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace busbar::update {

/// The last update that was asked for, as far as it is.
struct Status {
    std::string id;       ///< of its request
    std::string state;    ///< checking, installing, watching, rolling_back, finished
    std::string outcome;  ///< refused, installed, rolled_back, not_installed, broken; empty until finished
    std::string code;     ///< why it is not installed; empty: it is, or nothing is known yet
    std::string detail;   ///< the same as a sentence
    std::string from;     ///< versions
    std::string to;
    std::string watch;  ///< while the service is watched: what it has to repeat in its health word
    friend bool operator==(const Status&, const Status&) = default;
};

std::string to_json(const Status& status);
/// Empty: it is no status.
std::optional<Status> read_status(std::string_view json);

}  // namespace busbar::update
