// SPDX-License-Identifier: Apache-2.0
#include "gateway/backoff.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace busbar::gateway {
namespace {

milliseconds scaled(milliseconds whole, double factor) {
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(whole.count()) * factor));
}

}  // namespace

milliseconds Backoff::next(double random) {
    milliseconds whole = std::min(first_, max_);
    for (int i = 0; i < step_ && whole < max_; ++i) whole = std::min(whole * 2, max_);
    if (whole < max_) ++step_;
    return scaled(whole, 0.5 + random / 2);
}

milliseconds duplicate_wait(int attempt, double random) {
    static constexpr std::array<milliseconds, 4> waits{5s, 10s, 20s, 30s};
    const auto step = std::min(static_cast<std::size_t>(attempt), waits.size() - 1);
    return scaled(waits.at(step), 0.8 + random * 0.4);
}

std::function<double()> random_fraction() {
    return [engine = std::minstd_rand(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
}

}  // namespace busbar::gateway
