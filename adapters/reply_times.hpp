// SPDX-License-Identifier: Apache-2.0
// Reply times of one unit as a histogram of fixed size: ten years of them cost what a minute does.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace busbar::adapters {

/// Buckets grow by a quarter of a power of two, so that a quantile is exact to about 19 %, from 100 us to
/// beyond 20 s.
class ReplyTimes {
  public:
    void add(std::chrono::microseconds time);
    /// The upper end of the bucket below which this share (0 to 1) of all times lies; empty without any.
    [[nodiscard]] std::optional<std::chrono::microseconds> quantile(double share) const;

  private:
    static constexpr std::size_t kBuckets = 72;
    static std::chrono::microseconds upper_end(std::size_t bucket);

    std::array<std::uint32_t, kBuckets> counts_{};
    std::uint64_t total_ = 0;
};

}  // namespace busbar::adapters
