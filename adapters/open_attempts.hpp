// SPDX-License-Identifier: Apache-2.0
// When a line may be tried again, and that a streak of failures is told once.
#pragma once

#include <optional>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::adapters {

/// Attempts to open a line are at least a second apart, or what the line asks for.
class OpenAttempts {
  public:
    static constexpr milliseconds usual_rest{1000};

    explicit OpenAttempts(Log log) : log_(std::move(log)) {}

    /// The answer instead of an attempt; empty: it is time for one.
    [[nodiscard]] std::optional<Error> too_soon(SteadyTime now) const;

    /// What became of an attempt made at `now`; the next one is `rest` later. A cancelled one is no failure.
    Error failed(const Error& error, SteadyTime now, milliseconds rest = usual_rest);
    void succeeded(SteadyTime now, milliseconds rest = usual_rest);

  private:
    Log log_;
    std::optional<Error> error_;  ///< of this streak of failed attempts
    SteadyTime next_{};
};

}  // namespace busbar::adapters
