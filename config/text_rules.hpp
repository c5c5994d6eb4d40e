// SPDX-License-Identifier: Apache-2.0
// What the texts of the configuration must look like. The patterns in the JSON Schemas say the same.
#pragma once

#include <cstddef>
#include <string_view>

#include "config/json_reader.hpp"

namespace busbar::config {

/// Characters as a person counts them: UTF-8 sequences, which is also how JSON Schema counts.
std::size_t characters(std::string_view text);

/// Printable ASCII, blank to '~', `least` to `most` of them.
bool is_printable(std::string_view text, std::size_t least, std::size_t most);

bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);  ///< without brackets and without a zone
bool is_host(std::string_view text);  ///< a DNS name of letters, digits, '-', '_', '.'; or an address

constexpr TextRule kAnyText{"a text that is not empty", [](std::string_view text) { return !text.empty(); }};
constexpr TextRule kId{"1 to 64 printable ASCII characters",
                       [](std::string_view text) { return is_printable(text, 1, 64); }};
constexpr TextRule kHost{"a host name or an IP address", [](std::string_view text) { return is_host(text); }};
constexpr TextRule kAddress{"an IP address, such as 192.0.2.7",
                            [](std::string_view text) { return is_ipv4(text) || is_ipv6(text); }};
/// A name within one file: a register, a unit.
extern const TextRule kName;
/// "host:port"; an IPv6 address stands in brackets.
extern const TextRule kHostPort;
/// A charger profile's id.
extern const TextRule kProfileId;

}  // namespace busbar::config
