// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <cstring>

namespace busbar::simulation {

/// Eight bytes at a time: a life has some hundred thousand of them.
void Transcript::mix(std::string_view text) {
    while (!text.empty()) {
        std::uint64_t word = 0;
        const std::size_t size = std::min(text.size(), sizeof word);
        std::memcpy(&word, text.data(), size);
        hash_ = (hash_ ^ word) * 0x9e3779b97f4a7c15U;
        hash_ ^= hash_ >> 29U;
        text.remove_prefix(size);
    }
    hash_ = (hash_ ^ 0xffU) * 0x100000001b3U;
}

void Transcript::add(std::string_view who, std::string_view what, std::string_view text) {
    hash_ ^= static_cast<std::uint64_t>(clock_.now().count());
    mix(who);
    mix(what);
    mix(text);
    if (!keep_) return;
    const double seconds_in = std::chrono::duration<double>(clock_.now()).count();
    lines_.push_back(fmt::format("{:11.6f}  {:<5} {:<9} {}", seconds_in, who, what, text));
}

}  // namespace busbar::simulation
