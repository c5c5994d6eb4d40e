// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/status_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

/// Longer than anything that delays a status: a first current, a car that idles, an authorisation that waits.
constexpr Moment settled{35'000'000};
/// MinimumStatusDuration, and its way there.
constexpr Moment told_within{6'000'000};

}  // namespace

StatusRules::StatusRules(const Scene& scene, const SimulatedCharger& charger,
                         const TransactionRules& transactions, const LimitRules& limits)
    : scene_(scene),
      charger_(charger),
      transactions_(transactions),
      limits_(limits),
      connectors_(static_cast<std::size_t>(scene.plan.settings.connectors)) {}

void StatusRules::on_fresh_start() {
    for (auto& one : connectors_) one.told.clear();
}

void StatusRules::on_heard(const Json& request) {
    const auto id = request.value("connectorId", 0);
    if (id > 0) connectors_.at(static_cast<std::size_t>(id) - 1).told = request.value("status", "");
}

void StatusRules::on_received(const Json& frame) {
    if (frame[0] != 2 || frame[2] != "ReserveNow") return;
    asked_[frame[1]] = *ocpp::parse_iso8601(frame[3]["expiryDate"].get<std::string>());
}

void StatusRules::on_sent(const Json& frame) {
    const auto asked = frame[0] == 3 ? asked_.find(frame[1].get<std::string>()) : asked_.end();
    if (asked == asked_.end()) return;
    if (frame[2].value("status", "") == "Accepted")
        reserved_until_ = std::max(reserved_until_, asked->second);
    asked_.erase(asked);
}

/// A wrong clock may keep a reservation for longer; a reservation of connector 0 shows where it likes.
bool StatusRules::may_be_reserved() const {
    return scene_.troubles.clock || scene_.world.clock.true_utc() < reserved_until_ + settled;
}

StatusRules::Facts StatusRules::facts_of(ConnectorId connector) const {
    const Socket& socket = charger_.socket(connector);
    const bool broken = socket.state() == CpState::E || socket.state() == CpState::F;
    return {socket.state(),
            charger_.silent(),
            broken || socket.fault.has_value(),
            socket.power() > 50,
            socket.register_readable,
            transactions_.open(connector) != nullptr,
            limits_.commanded(connector).value_or(0) > 0};
}

/// Several words where each is right; "" where the rules of this file are too simple to know.
std::string StatusRules::expected(const Facts& facts) const {
    if (facts.silent || facts.faulted) return "Faulted";
    const CpState state = facts.state;
    if (state == CpState::unknown || state == CpState::D) return "";
    const bool free = scene_.plan.settings.mode == ocpp::AuthorizationMode::free;
    if (!facts.transaction) {
        const std::string reserved = may_be_reserved() ? " Reserved" : "";
        if (state == CpState::A) return "Available Preparing" + reserved;  // may wait for the cable
        return (free && facts.readable ? "Finishing" : "Preparing Finishing") + reserved;
    }
    if (state == CpState::C2 && facts.draws) return "Charging";
    const bool charger_offers = state == CpState::C2 || state == CpState::B2 || state == CpState::A;
    return facts.offered && charger_offers ? "SuspendedEV" : "SuspendedEVSE";
}

void StatusRules::on_time(std::optional<Moment> calm_since, const std::vector<ocpp::ConnectorView>& views) {
    ConnectorId id = 0;
    for (auto& one : connectors_) {
        const Facts facts = facts_of(++id);
        if (one.facts != facts) {
            one.facts = facts;
            one.facts_since = scene_.now();
        }
        const auto& status = views.at(static_cast<std::size_t>(id) - 1).status;
        const std::string_view derived = status ? ocpp::name_of(status->status) : "nothing";
        if (one.derived != derived) {
            one.derived = derived;
            one.derived_since = scene_.now();
        }
        if (!calm_since || scene_.now() < one.derived_since + told_within) continue;
        if (scene_.now() >= std::max(*calm_since, one.facts_since) + settled) check(id, one);
    }
}

void StatusRules::check(ConnectorId id, const Connector& connector) const {
    if (connector.derived != connector.told) {
        scene_.broken(
            "the status last told is the present one",
            fmt::format("connector {} is {}, told was '{}'", id, connector.derived, connector.told));
    }
    const std::string right = expected(*connector.facts);
    if (!right.empty() && (" " + right + " ").find(" " + connector.told + " ") == std::string::npos) {
        scene_.broken("the status can be derived from what is so",
                      fmt::format("connector {} is {}, told was '{}'", id, right, connector.told));
    }
}

/// A clock that was set back keeps a reservation for as long as it was set back by.
bool StatusRules::is_at_peace(const Connector& connector) const {
    return connector.told == "Available" || (scene_.troubles.clock && connector.told == "Reserved");
}

bool StatusRules::all_available() const {
    return std::all_of(connectors_.begin(), connectors_.end(),
                       [&](const Connector& one) { return is_at_peace(one); });
}

void StatusRules::expect_all_available() const {
    ConnectorId id = 0;
    for (const auto& one : connectors_) {
        ++id;
        if (is_at_peace(one)) continue;
        scene_.broken("all is Available in the end", fmt::format("connector {} is '{}'", id, one.told));
    }
}

}  // namespace busbar::simulation
