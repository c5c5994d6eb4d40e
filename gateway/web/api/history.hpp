// SPDX-License-Identifier: Apache-2.0
// Power and limit of every connector over the last hours, for a chart.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/status_report.hpp"

namespace busbar::gateway {

/// Loop thread only. Bounded: eight hours of each connector that is there.
class History {
  public:
    static constexpr seconds step{15};
    static constexpr std::size_t most = 1920;  ///< of a connector: 8 h

    explicit History(std::function<std::vector<ChargePointReport>()> look) : look_(std::move(look)) {}

    /// Samples every `step` from now on.
    void start(boost::asio::io_context& loop);
    void sample(SteadyTime at);

    /// openapi.yaml's History, with times as `now` makes them; times that are not known are left out.
    [[nodiscard]] nlohmann::ordered_json of(const std::string& charge_point, const Now& now) const;

  private:
    struct Sample {
        SteadyTime at;
        std::optional<float> power_w;
        std::optional<float> limit_a;
    };
    void arm();

    std::function<std::vector<ChargePointReport>()> look_;
    std::map<std::pair<std::string, ConnectorId>, std::deque<Sample>> samples_;
    std::optional<boost::asio::steady_timer> timer_;
};

}  // namespace busbar::gateway
