// SPDX-License-Identifier: Apache-2.0
// The request line's target, taken apart and decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace busbar::gateway {

struct Target {
    std::string path;   ///< decoded
    std::string query;  ///< raw, without '?'
};

/// Empty: not an absolute path, a broken %XX, or a NUL or line end in the path.
std::optional<Target> parse_target(std::string_view target);

}  // namespace busbar::gateway
