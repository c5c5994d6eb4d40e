// SPDX-License-Identifier: Apache-2.0
// Registers that hold a text: serial numbers, versions, card ids. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "config/profile.hpp"

namespace busbar::adapters {

/// As config::ValueType says for ascii, hex, utf16, bcd and version; `words` have the high byte first. Empty:
/// blank or unprogrammed. utf16 comes as UTF-8, the basic plane only.
std::string text_of(config::ValueType type, std::span<const std::uint16_t> words);

}  // namespace busbar::adapters
