// SPDX-License-Identifier: Apache-2.0
#include "gateway/watchdog.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::gateway {

Watchdog::Look Watchdog::look(const std::vector<Owed>& owed, SteadyTime now) {
    std::set<std::string> overdue;
    for (const auto& one : owed) {
        if (now - one.since > patience()) overdue.insert(one.who);
    }
    Look look{overdue.empty()};
    std::set_difference(overdue.begin(), overdue.end(), overdue_.begin(), overdue_.end(),
                        std::back_inserter(look.lost));
    std::set_difference(overdue_.begin(), overdue_.end(), overdue.begin(), overdue.end(),
                        std::back_inserter(look.back));
    overdue_ = std::move(overdue);
    return look;
}

}  // namespace busbar::gateway
