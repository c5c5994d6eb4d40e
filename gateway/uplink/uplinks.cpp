// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplinks.hpp"

#include <utility>

#include "gateway/system_resolver.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

bool same_ways(const config::Config& a, const config::Config& b) {
    return a.uplinks == b.uplinks && a.failover == b.failover && a.central_system == b.central_system &&
           a.network_manager == b.network_manager;
}

}  // namespace

Uplinks::Uplinks(Surroundings around) : around_(std::move(around)) {
    system_path_.lookup =
        std::make_shared<HostLookup>(around_.loop, std::make_unique<SystemResolver>(around_.loop));
}

void Uplinks::apply(const config::Config& config) {
    if (applied_ && same_ways(*applied_, config)) return;
    const bool had_uplinks = failover_ != nullptr;
    modems_.reset();
    failover_.reset();
    if (!config.uplinks.empty()) make(config);
    applied_ = std::make_unique<config::Config>(config);
    if (had_uplinks || failover_) around_.sessions.move(Move::planned, [](const auto&) { return true; });
}

void Uplinks::make(const config::Config& config) {
    if (!watch_) {
        auto watch = LinkWatch::open(around_.loop, [this](const InterfacesFacts&) {
            if (failover_) failover_->on_interfaces(interfaces());
        });
        if (!watch) return around_.log.error("uplinks_unusable", watch.error().detail);
        watch_ = std::move(*watch);
    }
    if (!journal_)
        journal_ = std::make_unique<UplinkJournal>(around_.loop, around_.state.uplinks(), around_.log);
    const auto stamp = [this] {
        const auto utc = around_.now().utc;
        return utc ? ocpp::to_iso8601(*utc) : std::string();
    };
    failover_ =
        std::make_unique<Failover>(config, watch_->facts(),
                                   Failover::Surroundings{around_.loop, around_.tls, around_.dialer,
                                                          *journal_, around_.sessions, stamp, around_.log});
    if (wants_modems(config)) make_modems(config);
}

void Uplinks::make_modems(const config::Config& config) {
    modems_ = std::make_unique<GsmModems>(
        config.uplinks,
        GsmModems::Surroundings{around_.loop, around_.state.sim_pins(),
                                [this](const std::string& uplink) { return evidence_of(*failover_, uplink); },
                                [this] { failover_->on_interfaces(interfaces()); }, around_.network_time,
                                around_.log});
}

InterfacesFacts Uplinks::interfaces() const {
    auto facts = watch_->facts();
    if (modems_) modems_->add_to(facts);
    return facts;
}

void Uplinks::on_doubt(const std::string& uplink) {
    if (failover_) failover_->on_doubt(uplink);
}

}  // namespace busbar::gateway
