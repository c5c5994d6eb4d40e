// SPDX-License-Identifier: Apache-2.0
#include "ocpp/local_limit.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

LocalLimits::LocalLimits(const std::vector<Record>& saved) {
    for (const auto& record : saved) {
        if (record.kind != record_kind) continue;
        const Json body = Json::parse(record.body, nullptr, false);
        LocalLimit limit{field(body, "paused", false)};
        const double amperes = field(body, "limit_a", -1.0);
        if (amperes >= 0) limit.limit = Amperes(amperes);
        limits_[std::atoi(record.key.c_str())] = limit;
    }
}

LocalLimit LocalLimits::of(ConnectorId connector) const {
    const auto found = limits_.find(connector);
    return found == limits_.end() ? LocalLimit() : found->second;
}

void LocalLimits::set(ConnectorId connector, const LocalLimit& limit, Effects& effects) {
    if (limit == of(connector)) return;
    limits_[connector] = limit;
    Json body{{"paused", limit.paused}};
    if (limit.limit) body["limit_a"] = limit.limit->value();
    effects.emplace_back(SaveRecord{{std::string(record_kind), std::to_string(connector), to_text(body)}});
}

void LocalLimits::try_out(ConnectorId connector, std::optional<Amperes> limit) {
    trials_.erase(connector);
    if (limit) trials_.emplace(connector, *limit);
}

std::optional<Amperes> LocalLimits::most(ConnectorId connector) const {
    const auto lasting = of(connector).most();
    const auto trial = trials_.find(connector);
    if (trial == trials_.end()) return lasting;
    return lasting ? std::min(*lasting, trial->second) : trial->second;
}

}  // namespace busbar::ocpp
