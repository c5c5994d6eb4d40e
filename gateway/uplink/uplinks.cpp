// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplinks.hpp"

#include <algorithm>
#include <utility>

#include "gateway/system_resolver.hpp"
#include "gateway/uplink/connection_profiles.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

bool same_ways(const config::Config& a, const config::Config& b) {
    return a.uplinks == b.uplinks && a.failover == b.failover && a.central_system == b.central_system &&
           a.network_manager == b.network_manager;
}

/// A modem's interface comes with its connection: until then only its kind says which uplink it serves.
std::string modem_interface_of(const std::vector<config::Uplink>& uplinks) {
    const auto is_gsm = [](const auto& uplink) { return uplink.kind == config::UplinkKind::gsm; };
    const auto found = std::find_if(uplinks.begin(), uplinks.end(), is_gsm);
    const bool is_only = std::count_if(uplinks.begin(), uplinks.end(), is_gsm) == 1;
    return is_only ? found->interface : "";
}

}  // namespace

Uplinks::Uplinks(Surroundings around) : around_(std::move(around)) {
    system_path_.lookup =
        std::make_shared<HostLookup>(around_.loop, std::make_unique<SystemResolver>(around_.loop));
}

void Uplinks::apply(const config::Config& config) {
    if (applied_ && same_ways(*applied_, config)) return;
    const bool had_uplinks = failover_ != nullptr;
    failover_.reset();
    if (config.uplinks.empty()) manager_.reset();
    if (!config.uplinks.empty()) make(config);
    applied_ = std::make_unique<config::Config>(config);
    if (had_uplinks || failover_) around_.sessions.move(Move::planned, [](const auto&) { return true; });
}

void Uplinks::make(const config::Config& config) {
    if (!watch_) {
        auto watch = LinkWatch::open(around_.loop, [this](const auto&) { tell_interfaces(); });
        if (!watch) return around_.log.error("uplinks_unusable", watch.error().detail);
        watch_ = std::move(*watch);
    }
    if (!journal_)
        journal_ = std::make_unique<UplinkJournal>(around_.loop, around_.state.uplinks(), around_.log);
    const auto stamp = [this] {
        const auto utc = around_.now().utc;
        return utc ? ocpp::to_iso8601(*utc) : std::string();
    };
    manage(config);
    failover_ =
        std::make_unique<Failover>(config, interfaces(),
                                   Failover::Surroundings{around_.loop, around_.tls, around_.dialer,
                                                          *journal_, around_.sessions, stamp, around_.log});
    failover_->on_switch([this] { route(); });
    route();
}

void Uplinks::manage(const config::Config& config) {
    modem_interface_ = modem_interface_of(config.uplinks);
    if (!config.network_manager) return manager_.reset();
    if (manager_) return;
    manager_ = std::make_unique<NetworkManager>(
        NetworkManager::Surroundings{around_.loop, [this] { tell_interfaces(); }, around_.log});
}

InterfacesFacts Uplinks::interfaces() const {
    return manager_ ? merged(watch_->facts(), manager_->devices(), modem_interface_) : watch_->facts();
}

void Uplinks::tell_interfaces() {
    if (failover_) failover_->on_interfaces(interfaces());
}

void Uplinks::route() {
    if (!manager_) return;
    std::vector<RankedInterface> ranked;
    for (const auto& uplink : failover_->uplinks()) {
        const auto& settings = uplink->settings();
        const auto state = uplink->health().state();
        ranked.push_back({.interface = settings.interface,
                          .priority = settings.priority,
                          .chosen = settings.id == failover_->selection().active,
                          .offline = state == UplinkState::offline || state == UplinkState::portal});
    }
    manager_->set_route_metrics(route_metrics(std::move(ranked)), modem_interface_);
}

void Uplinks::on_doubt(const std::string& uplink) {
    if (failover_) failover_->on_doubt(uplink);
}

}  // namespace busbar::gateway
