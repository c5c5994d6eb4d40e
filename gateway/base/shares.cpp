// SPDX-License-Identifier: Apache-2.0
// Level out among the first n; with one less until nobody is below the minimum.
#include "gateway/base/shares.hpp"

#include <algorithm>
#include <cstddef>

namespace busbar {
namespace {

constexpr double rounding = 1e-9;

/// Equal parts of `feed` for the demands marked served.
std::vector<Amperes> level(Amperes feed, const std::vector<Demand>& demands,
                           const std::vector<bool>& served) {
    std::vector<Amperes> parts(demands.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < demands.size(); ++i) {
        if (served[i]) open.push_back(i);
    }
    // The most modest first: what they leave raises the part of the rest.
    std::stable_sort(open.begin(), open.end(),
                     [&](std::size_t a, std::size_t b) { return demands[a].wanted < demands[b].wanted; });
    double left = std::max(feed.value(), 0.0);
    for (std::size_t i = 0; i < open.size(); ++i) {
        const double part = left / static_cast<double>(open.size() - i);
        parts[open[i]] = std::min(demands[open[i]].wanted, Amperes(part));
        left -= parts[open[i]].value();
    }
    return parts;
}

bool is_too_little(Amperes part, const Demand& demand) {
    return part.value() < demand.minimum.value() * (1 - rounding);
}

}  // namespace

std::vector<Amperes> shares(Amperes feed, const std::vector<Demand>& demands) {
    std::vector<bool> served(demands.size());
    for (std::size_t i = 0; i < demands.size(); ++i) {
        served[i] = demands[i].wanted > Amperes(0) && !is_too_little(demands[i].wanted, demands[i]);
    }
    for (;;) {
        auto parts = level(feed, demands, served);
        bool all_charge = true;
        for (std::size_t i = 0; i < demands.size(); ++i)
            all_charge = all_charge && (!served[i] || !is_too_little(parts[i], demands[i]));
        const auto last = std::find(served.rbegin(), served.rend(), true);
        if (all_charge || last == served.rend()) return parts;
        *last = false;
    }
}

}  // namespace busbar
