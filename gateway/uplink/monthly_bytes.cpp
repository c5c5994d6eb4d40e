// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/monthly_bytes.hpp"

#include <array>

namespace busbar::gateway {
namespace {

constexpr std::array<int, 2> marks{100, 80};  // percent; the higher first: one warning is enough

}  // namespace

void MonthlyBytes::count(std::uint64_t counter, const std::string& boot_id, const std::string& month) {
    const bool is_first = kept_.boot_id.empty();
    const bool goes_on = boot_id == kept_.boot_id && counter >= kept_.counter;
    const std::uint64_t more = is_first ? 0 : goes_on ? counter - kept_.counter : counter;
    if (!month.empty() && month != kept_.month) {
        kept_.month = month;
        kept_.bytes = 0;
        kept_.told_percent = 0;
    }
    kept_.bytes += more;
    kept_.boot_id = boot_id;
    kept_.counter = counter;
}

std::optional<int> MonthlyBytes::mark_passed(std::uint64_t budget) {
    for (const int mark : marks) {
        if (kept_.told_percent >= mark) return std::nullopt;
        if (kept_.bytes < budget / 100 * static_cast<unsigned>(mark)) continue;
        kept_.told_percent = mark;
        return mark;
    }
    return std::nullopt;
}

}  // namespace busbar::gateway
