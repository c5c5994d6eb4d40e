// SPDX-License-Identifier: Apache-2.0
// The central system's URL, taken apart.
#pragma once

#include <string_view>

#include "config/config.hpp"

namespace busbar::config {

/// wss://host[:port][/path][?query] (RFC 3986). The error's detail is a sentence with the cure.
Result<Url> parse_url(std::string_view text);

}  // namespace busbar::config
