// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/signal_quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace busbar::gateway {
namespace {

constexpr int csq_most = 31;

struct Word {
    int least;
    std::string_view text;
};

constexpr std::array<Word, 4> words{{{20, "very good"}, {csq_line + 1, "good"}, {1, "poor"}, {0, "none"}}};

}  // namespace

int csq_of_dbm(double dbm) {
    return static_cast<int>(std::lround(std::clamp((dbm + 113.0) / 2.0, 0.0, double{csq_most})));
}

int csq_of_percent(unsigned percent) {
    return static_cast<int>(std::lround(std::min(percent, 100U) * csq_most / 100.0));
}

std::string_view signal_word(std::optional<int> csq) {
    if (!csq) return "unknown";
    const auto word =
        std::find_if(words.begin(), words.end(), [&](const Word& one) { return *csq >= one.least; });
    return word == words.end() ? words.back().text : word->text;
}

}  // namespace busbar::gateway
