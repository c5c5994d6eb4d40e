// SPDX-License-Identifier: Apache-2.0
// Bytes through one interface in a calendar month, from a counter that starts over whenever it likes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::gateway {

class MonthlyBytes {
  public:
    /// What outlives the process.
    struct Kept {
        std::string month;  ///< "2026-11"; "": nothing was counted yet
        std::uint64_t bytes = 0;
        std::string boot_id;        ///< of the machine, when `counter` was read
        std::uint64_t counter = 0;  ///< the kernel's, of both directions
        int told_percent = 0;       ///< of the budget: the highest mark that was told this month
        friend bool operator==(const Kept&, const Kept&) = default;
    };

    MonthlyBytes() = default;
    explicit MonthlyBytes(Kept kept) : kept_(std::move(kept)) {}

    /// `month` is "" while the time is not known: then it is the month before. The first count of all begins
    /// at 0; one after a restart of the machine, or after the counter fell, adds all that it shows.
    void count(std::uint64_t counter, const std::string& boot_id, const std::string& month);

    /// 80 or 100 when the bytes have just passed that share of the budget, each once a month.
    std::optional<int> mark_passed(std::uint64_t budget);

    [[nodiscard]] const Kept& kept() const { return kept_; }

  private:
    Kept kept_;
};

}  // namespace busbar::gateway
