// SPDX-License-Identifier: Apache-2.0
// The default charging hours of a site: stretches of the week by its local time.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gateway/base/time.hpp"
#include "gateway/base/weekly_span.hpp"

namespace busbar::ocpp {

class ChargingHours {
  public:
    /// What local time is ahead of UTC at an instant.
    using LocalOffset = std::function<seconds(UtcTime)>;

    /// Always open.
    ChargingHours() = default;
    /// Without `spans` always open. `offset` must not be empty.
    ChargingHours(std::vector<WeeklySpan> spans, LocalOffset offset);

    [[nodiscard]] bool any() const { return !spans_.empty(); }

    /// What the clock on the wall shows is what counts: an hour that comes twice counts twice, and one that
    /// is left out does not.
    [[nodiscard]] bool open_at(UtcTime at) const;
    /// When open_at() next is another; empty: not within nine days, so never.
    [[nodiscard]] std::optional<UtcTime> next_change(UtcTime at) const;

  private:
    [[nodiscard]] UtcTime next_look(UtcTime at) const;

    std::vector<WeeklySpan> spans_;
    LocalOffset offset_;
};

}  // namespace busbar::ocpp
