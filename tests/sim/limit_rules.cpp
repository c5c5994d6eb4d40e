// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/limit_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace busbar::simulation {
namespace {

constexpr double rounding = 1e-6;
/// A boundary between two periods is not met to the microsecond.
constexpr Moment about{100'000};
/// So long the limit may lag: a stop waits 5 s for the last reading, or until a charger never heard counts as
/// lost.
constexpr Moment lag{8'000'000};

}  // namespace

LimitRules::LimitRules(const Scene& scene, const TransactionRules& transactions)
    : scene_(scene),
      transactions_(transactions),
      profiles_(scene),
      commanded_(static_cast<std::size_t>(scene.plan.settings.connectors)) {}

void LimitRules::on_process_end() {
    profiles_.on_link_or_process_lost();
    for (auto& one : commanded_) one = {};
    device_known_ = false;
    doubtful_ = doubtful_ || scene_.troubles.disk;
}

void LimitRules::on_received(const Json& frame) {
    std::map<ConnectorId, std::string> running;
    for (ConnectorId id = 1; id <= scene_.plan.settings.connectors; ++id) {
        if (const auto* open = transactions_.open(id)) running[id] = open->id;
    }
    profiles_.on_received(frame, running);
    if (frame[0] != 3 || !frame[2].contains("idTagInfo")) return;
    if (frame[2]["idTagInfo"].value("status", "") != "Accepted") refused_tags_.insert(frame[1]);
}

void LimitRules::on_transaction_begun(ConnectorId connector) {
    const auto* open = transactions_.open(connector);
    if (open != nullptr) profiles_.on_transaction_begun(connector, open->id, open->id_tag);
}

double LimitRules::own_limit() const {
    const Amperes installed = scene_.plan.settings.max_current;
    return (device_known_ ? std::min(installed, scene_.plan.capabilities.max_current) : installed).value();
}

Sharers LimitRules::sharers(ConnectorId connector) const {
    const auto* own = transactions_.open(connector);
    Sharers sharers{0, 0, scene_.plan.capabilities.min_current.value()};
    for (ConnectorId id = 1; id <= scene_.plan.settings.connectors; ++id) {
        const auto* other = transactions_.open(id);
        if (other == nullptr) continue;
        ++sharers.count;
        if (own != nullptr && std::pair(other->at, id) < std::pair(own->at, connector)) ++sharers.earlier;
    }
    return sharers;
}

double LimitRules::most(ConnectorId connector, Moment at) const {
    const auto* open = transactions_.open(connector);
    if (open == nullptr) return 0;
    // With a wrong clock nobody can say which period it is.
    if (scene_.troubles.clock || !profiles_.certain()) return own_limit();
    const auto by_profiles = profiles_.limit(connector, {open->id, open->at}, at, sharers(connector));
    const double limit = std::min(own_limit(), by_profiles.value_or(own_limit()));
    return limit < scene_.plan.capabilities.min_current.value() ? 0 : limit;
}

double LimitRules::most_about(ConnectorId connector) const {
    return std::max(most(connector, scene_.now() - about), most(connector, scene_.now() + about));
}

void LimitRules::on_commanded(const SetLimit& set) {
    const double limit = set.limit.value();
    commanded_.at(static_cast<std::size_t>(set.connector) - 1) = {limit, std::nullopt};
    if (limit > 0 && transactions_.open(set.connector) == nullptr) {
        scene_.broken("0 A outside a transaction", fmt::format("{} A at {}", limit, set.connector));
    }
    const double allowed = most_about(set.connector);
    if (limit > allowed + rounding) {
        scene_.broken("a limit is never exceeded",
                      fmt::format("{} A at {}, allowed are {} A", limit, set.connector, allowed));
    }
}

void LimitRules::on_time() {
    ConnectorId connector = 0;
    for (auto& one : commanded_) {
        ++connector;
        if (!one.limit) continue;
        const double allowed = most_about(connector);
        if (*one.limit > allowed + rounding) {
            scene_.broken("a limit is lowered in time",
                          fmt::format("{} A at {}, allowed are {} A", *one.limit, connector, allowed));
        }
        check_enough(connector, one);
    }
}

/// The own schedule's hours; what begins with them does so at the boundary.
bool LimitRules::may_be_closed() const {
    const auto& hours = scene_.plan.hours;
    const auto now = scene_.world.clock.true_utc();
    return hours && !(hours->open_at(now - seconds(1)) && hours->open_at(now + seconds(1)));
}

/// What the car may have, it gets: whatever the disk and the link are doing, and at the end of one random
/// delay. Hours only hold back.
void LimitRules::check_enough(ConnectorId connector, Commanded& commanded) {
    const auto* open = transactions_.open(connector);
    const bool shares = !scene_.plan.settings.ceilings.empty();  // another charger may have its part
    const bool told_to_stop = open == nullptr || shares || refused_tags_.count(open->id) > 0;
    const double least =
        std::min(most(connector, scene_.now() - about), most(connector, scene_.now() + about));
    const auto patience = lag + scene_.plan.settings.lost_after + scene_.plan.settings.times.random_delay;
    const bool enough = *commanded.limit >= least - rounding;
    if (enough || told_to_stop || may_be_closed() || doubtful_ || scene_.troubles.clock ||
        !profiles_.certain()) {
        commanded.lower_since.reset();
    } else if (!commanded.lower_since) {
        commanded.lower_since = scene_.now();
    } else if (scene_.now() - *commanded.lower_since > patience) {
        scene_.broken("what is allowed is offered",
                      fmt::format("{} A at {}, allowed are {} A", *commanded.limit, connector, least));
    }
}

std::optional<double> LimitRules::commanded(ConnectorId connector) const {
    return commanded_.at(static_cast<std::size_t>(connector) - 1).limit;
}

}  // namespace busbar::simulation
