// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/history.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

Json tenths(const std::optional<float>& value) {
    return value ? Json(std::round(static_cast<double>(*value) * 10) / 10) : Json(nullptr);
}

template <class Quantity>
std::optional<float> as_float(const std::optional<Quantity>& value) {
    return value ? std::optional(static_cast<float>(value->value())) : std::nullopt;
}

}  // namespace

void History::start(boost::asio::io_context& loop) {
    timer_.emplace(loop);
    arm();
}

void History::arm() {
    timer_->expires_after(step);
    timer_->async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        sample(steady_now());
        arm();
    });
}

void History::sample(SteadyTime at) {
    std::set<std::pair<std::string, ConnectorId>> present;
    for (const auto& report : look_()) {
        for (const auto& connector : report.view.connectors) {
            const std::pair place(report.id, connector.id);
            present.insert(place);
            auto& ring = samples_[place];
            const auto power = connector.lost ? std::nullopt : as_float(connector.power);
            ring.push_back(
                {at, power, as_float(std::optional(connector.applied.value_or(connector.wanted)))});
            if (ring.size() > most) ring.pop_front();
        }
    }
    std::erase_if(samples_, [&](const auto& one) { return !present.contains(one.first); });
}

Json History::of(const std::string& charge_point, const Now& now) const {
    Json connectors = Json::array();
    for (const auto& [place, ring] : samples_) {
        if (place.first != charge_point) continue;
        Json times = Json::array();
        Json power = Json::array();
        Json limit = Json::array();
        for (const auto& sample : ring) {
            const auto utc = ocpp::stamp(sample.at, now).utc;
            if (!utc) continue;
            times.push_back(std::chrono::floor<seconds>(utc->time_since_epoch()).count());
            power.push_back(tenths(sample.power_w));
            limit.push_back(tenths(sample.limit_a));
        }
        connectors.push_back({{"connector", place.second},
                              {"t", std::move(times)},
                              {"power_w", std::move(power)},
                              {"limit_a", std::move(limit)}});
    }
    return {{"charger", charge_point}, {"step_s", step.count()}, {"connectors", std::move(connectors)}};
}

}  // namespace busbar::gateway
