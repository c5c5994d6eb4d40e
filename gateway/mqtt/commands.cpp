// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/commands.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "gateway/base/result.hpp"

namespace busbar::gateway {
namespace {

std::optional<double> number_in(std::string_view text) {
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    const bool sound = !text.empty() && read.ec == std::errc() && read.ptr == end && std::isfinite(number);
    return sound ? std::optional(number) : std::nullopt;
}

Result<void> set_paused(ocpp::LocalLimit& limit, std::string_view payload) {
    if (payload != "ON" && payload != "OFF") return Error{Errc::invalid, "pause takes ON or OFF"};
    limit.paused = payload == "ON";
    return {};
}

Result<void> set_limit(ocpp::LocalLimit& limit, std::string_view payload, Amperes most) {
    if (payload == "none") {
        limit.limit.reset();
        return {};
    }
    const auto amperes = number_in(payload);
    if (!amperes || *amperes < 0 || Amperes(*amperes) > most)
        return Error{Errc::invalid, fmt::format("limit takes 0 to {:g} A, or none", most.value())};
    limit.limit = Amperes(*amperes);
    return {};
}

}  // namespace

bool Commands::note(const CommandTopic& topic, std::string payload) {
    const Place place{topic.step, topic.connector, topic.kind};
    if (waiting_.size() >= most && !waiting_.contains(place)) return false;
    waiting_[place] = std::move(payload);
    return true;
}

std::vector<LocalWish> Commands::judge(const std::vector<ChargePointReport>& chargers,
                                       const std::function<void(const std::string& why)>& refused) {
    auto left = std::exchange(waiting_, {});
    std::vector<LocalWish> wishes;
    for (const auto& charger : chargers) {
        for (const auto& view : charger.view.connectors) {
            auto limit = view.local;
            for (const auto kind : {CommandKind::pause, CommandKind::limit}) {
                const auto asked = left.extract({topic_step(charger.id), view.id, kind});
                if (!asked) continue;
                const auto sound = kind == CommandKind::pause
                                       ? set_paused(limit, asked.mapped())
                                       : set_limit(limit, asked.mapped(), charger.view.max_current);
                if (!sound) refused(sound.error().detail);
            }
            if (!(limit == view.local)) wishes.push_back({charger.id, view.id, limit});
        }
    }
    for (std::size_t i = 0; i < left.size(); ++i) refused("it is for no connector of this gateway");
    return wishes;
}

}  // namespace busbar::gateway
