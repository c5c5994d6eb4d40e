// SPDX-License-Identifier: Apache-2.0
// A promise of the code under test: where it is broken the run ends, and libFuzzer keeps the input.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace busbar::fuzz {

inline void expect(bool kept, std::string_view promise, std::string_view instead = {}) {
    if (kept) return;
    std::fprintf(stderr, "BROKEN: %.*s: %.*s\n", static_cast<int>(promise.size()), promise.data(),
                 static_cast<int>(instead.size()), instead.data());
    std::abort();
}

/// What libFuzzer gives, as text.
inline std::string_view text_of(const unsigned char* data, std::size_t size) {
    return size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size);
}

/// Cuts the first line off `text`.
inline std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace busbar::fuzz
