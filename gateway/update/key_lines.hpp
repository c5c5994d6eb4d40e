// SPDX-License-Identifier: Apache-2.0
// The one text form of manifest, journal, request and health word: lines "key=value", each key once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::update {

using KeyLines = std::map<std::string, std::string, std::less<>>;

/// Empty: a line without '=', an empty or doubled key, a key with anything but [a-z0-9_], a control
/// character, or no line end at the end.
std::optional<KeyLines> read_key_lines(std::string_view text);

/// Control characters of values become blanks, so that what is written is read again.
std::string to_text(const KeyLines& lines);

/// "" where there is none of that key.
std::string value_of(const KeyLines& lines, std::string_view key);

/// A whole number without sign or leading zeros, of at most 18 digits. Empty: it is none.
std::optional<std::uint64_t> number_of(std::string_view text);

}  // namespace busbar::update
