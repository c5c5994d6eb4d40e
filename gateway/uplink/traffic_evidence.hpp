// SPDX-License-Identifier: Apache-2.0
// Bytes that sessions received since the last look: proof that their uplinks work. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/uplink/session_port.hpp"

namespace busbar::gateway {

class TrafficEvidence {
  public:
    /// The uplinks (ids) that bytes came through. To be called with all sessions, each time.
    std::set<std::string> look(const std::vector<SessionView>& sessions) {
        std::set<std::string> alive;
        std::map<std::string, Seen> seen;
        for (const auto& [charge_point, link] : sessions) {
            if (link.uplink.empty()) continue;
            const Seen now{link.uplink, link.bytes_received};
            const auto before = seen_.find(charge_point);
            const bool is_news = before == seen_.end() || before->second != now;
            if (is_news && now.bytes > 0) alive.insert(link.uplink);
            seen.emplace(charge_point, now);
        }
        seen_ = std::move(seen);
        return alive;
    }

  private:
    struct Seen {
        std::string uplink;
        std::uint64_t bytes = 0;
        friend bool operator==(const Seen&, const Seen&) = default;
    };
    std::map<std::string, Seen> seen_;  ///< by charge point
};

}  // namespace busbar::gateway
