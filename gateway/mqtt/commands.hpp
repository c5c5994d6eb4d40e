// SPDX-License-Identifier: Apache-2.0
// What somebody at the broker asks for: the newest of each topic is kept, judged together with the others,
// and given out as limits to be set. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "gateway/mqtt/topics.hpp"
#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// A local limit that is to be set.
struct LocalWish {
    std::string charge_point;
    ConnectorId connector = 1;
    ocpp::LocalLimit limit;
};

class Commands {
  public:
    static constexpr std::size_t most = 128;

    /// The newest message to a topic counts. False: too many topics are waiting.
    [[nodiscard]] bool note(const CommandTopic& topic, std::string payload);

    /// Judges all that was noted since the last call: pause takes ON or OFF, limit amperes from 0 to the most
    /// the charger may, or "none". One wish for each connector that is meant to have another limit; `refused`
    /// hears why of each message that is not sound.
    std::vector<LocalWish> judge(const std::vector<ChargePointReport>& chargers,
                                 const std::function<void(const std::string& why)>& refused);

    [[nodiscard]] bool empty() const { return waiting_.empty(); }

  private:
    using Place = std::tuple<std::string, ConnectorId, CommandKind>;
    std::map<Place, std::string> waiting_;
};

}  // namespace busbar::gateway
