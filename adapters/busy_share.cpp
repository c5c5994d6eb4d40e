// SPDX-License-Identifier: Apache-2.0
#include "adapters/busy_share.hpp"

namespace busbar::adapters {
namespace {

constexpr std::chrono::minutes window{1};

}  // namespace

void BusyShare::add(SteadyTime began, SteadyTime ended) {
    using Seconds = std::chrono::duration<double>;
    if (began_ == SteadyTime{}) began_ = began;
    busy_ += ended - began;
    const auto lasted = ended - began_;
    const bool is_over = lasted >= window;
    if (lasted.count() > 0 && (is_over || !whole_minute_)) share_ = Seconds(busy_) / Seconds(lasted);
    if (!is_over) return;
    whole_minute_ = true;
    began_ = ended;
    busy_ = {};
}

}  // namespace busbar::adapters
