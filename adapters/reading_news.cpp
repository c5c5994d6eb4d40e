// SPDX-License-Identifier: Apache-2.0
#include "adapters/reading_news.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::adapters {
namespace {

auto judged(const Reading& reading) {
    return std::tie(reading.state, reading.fault, reading.auth_wait, reading.locked_out, reading.finished,
                    reading.derated, reading.id_tag);
}

}  // namespace

bool is_news(const Reading& fresh, const Reading& before) {
    return judged(fresh) != judged(before);
}

bool is_whole_since(const Reading& fresh, SteadyTime from) {
    if (fresh.state != CpState::C2) return true;
    if (fresh.power) return fresh.power->taken_at >= from;
    return std::all_of(fresh.current.begin(), fresh.current.end(),
                       [from](const auto& phase) { return !phase || phase->taken_at >= from; });
}

}  // namespace busbar::adapters
