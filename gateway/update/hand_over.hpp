// SPDX-License-Identifier: Apache-2.0
// The two pages that the daemon writes for the root helper, who believes neither: the request and the health
// word. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace busbar::update {

inline constexpr std::size_t largest_page = 2048;

/// [0-9a-z], 1 to 32 characters.
bool is_id(std::string_view text);

std::string request_text(const std::string& id);
/// The request's id. Empty: it is no request.
std::optional<std::string> read_request(std::string_view text);

/// What the daemon says of itself while it is watched.
struct HealthWord {
    std::string watch;  ///< as the status asks for it
    bool well = false;
    std::string missing;  ///< what it still waits for, in words
    friend bool operator==(const HealthWord&, const HealthWord&) = default;
};

std::string to_text(const HealthWord& word);
std::optional<HealthWord> read_health_word(std::string_view text);

}  // namespace busbar::update
