// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/login_throttle.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

struct Growth {
    int free;  ///< failures that cost nothing
    seconds longest;
};
constexpr Growth of_client{3, seconds(60)};
constexpr Growth of_account{10, seconds(30)};

/// One second, then twice as long each time.
seconds delay_after(int failures, const Growth& growth) {
    if (failures < growth.free) return seconds(0);
    constexpr int most_doublings = 16;
    const int doublings = std::min(failures - growth.free, most_doublings);
    return std::min(growth.longest, seconds(1LL << doublings));
}

}  // namespace

seconds LoginThrottle::wait(const std::string& user, const std::string& client, SteadyTime now) const {
    const auto left = [now](const Table& table, const std::string& key, const Growth& growth) {
        const auto found = table.find(key);
        if (found == table.end() || now - found->second.last >= memory) return seconds(0);
        const auto until = found->second.last + delay_after(found->second.count, growth);
        return std::max(seconds(0), std::chrono::ceil<seconds>(until - now));
    };
    const auto failed_here = clients_.find(client);
    const bool clean = failed_here == clients_.end() || now - failed_here->second.last >= memory;
    if (clean) return seconds(0);
    return std::max(left(clients_, client, of_client), left(accounts_, user, of_account));
}

std::size_t LoginThrottle::slowed(SteadyTime now) const {
    return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(), [now](const auto& entry) {
        return now - entry.second.last < memory && entry.second.count >= of_client.free;
    }));
}

void LoginThrottle::begin(const std::string& user, const std::string& client, SteadyTime now) {
    add(clients_, client, now);
    add(accounts_, user, now);
}

void LoginThrottle::succeeded(const std::string& user, const std::string& client) {
    accounts_.erase(user);
    const auto found = clients_.find(client);
    if (found != clients_.end() && --found->second.count <= 0) clients_.erase(found);
}

void LoginThrottle::add(Table& table, const std::string& key, SteadyTime now) {
    std::erase_if(table, [=](const auto& entry) { return now - entry.second.last >= memory; });
    if (table.size() >= most && !table.contains(key)) {
        table.erase(std::min_element(table.begin(), table.end(), [](const auto& a, const auto& b) {
            return a.second.last < b.second.last;
        }));
    }
    auto& failures = table[key];
    ++failures.count;
    failures.last = now;
}

}  // namespace busbar::gateway
