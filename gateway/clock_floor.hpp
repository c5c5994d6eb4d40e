// SPDX-License-Identifier: Apache-2.0
// The last time that was known, kept over restarts: a box without a battery wakes in 1970 and knows better.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Seconds since 1970 in decimal, in one file that is replaced atomically.
class ClockFloorFile {
  public:
    explicit ClockFloorFile(std::string path) : path_(std::move(path)) {}

    /// Empty: there is none, or it holds no time.
    [[nodiscard]] std::optional<UtcTime> read() const;
    Result<void> write(UtcTime utc) const;

  private:
    std::string path_;
};

}  // namespace busbar::gateway
