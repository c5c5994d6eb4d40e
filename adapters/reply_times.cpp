// SPDX-License-Identifier: Apache-2.0
// Four buckets an octave; the last takes whatever is longer.
#include "adapters/reply_times.hpp"

#include <algorithm>
#include <cmath>

namespace busbar::adapters {
namespace {

constexpr double first_end_us = 100;
constexpr double buckets_an_octave = 4;

}  // namespace

std::chrono::microseconds ReplyTimes::upper_end(std::size_t bucket) {
    const double octaves = static_cast<double>(bucket) / buckets_an_octave;
    return std::chrono::microseconds(std::lround(first_end_us * std::exp2(octaves)));
}

void ReplyTimes::add(std::chrono::microseconds time) {
    const double octaves = std::log2(std::max(static_cast<double>(time.count()) / first_end_us, 1.0));
    const auto bucket = static_cast<std::size_t>(std::ceil(octaves * buckets_an_octave));
    ++counts_.at(std::min(bucket, kBuckets - 1));
    ++total_;
}

std::optional<std::chrono::microseconds> ReplyTimes::quantile(double share) const {
    if (total_ == 0) return std::nullopt;
    const double wanted = share * static_cast<double>(total_);
    double below = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        below += counts_.at(bucket);
        if (below > 0 && below >= wanted) return upper_end(bucket);
    }
    return upper_end(kBuckets - 1);
}

}  // namespace busbar::adapters
