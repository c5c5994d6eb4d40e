// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplinks.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "gateway/system_resolver.hpp"
#include "gateway/uplink/connection_profiles.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

constexpr std::size_t month_letters = 7;  // of "2026-11-23T02:36:26.250Z"

bool same_ways(const config::Config& a, const config::Config& b) {
    return a.uplinks == b.uplinks && a.failover == b.failover && a.central_system == b.central_system &&
           a.network_manager == b.network_manager;
}

std::size_t count_on(const std::string& uplink, const std::vector<SessionView>& sessions) {
    return static_cast<std::size_t>(std::count_if(sessions.begin(), sessions.end(), [&](const auto& session) {
        return session.link.state == LinkState::connected && session.link.uplink == uplink;
    }));
}

/// A modem's interface comes with its connection: until then only its kind says which uplink it serves. Null:
/// none, or several.
const config::Uplink* only_gsm(const std::vector<config::Uplink>& uplinks) {
    const auto is_gsm = [](const auto& uplink) { return uplink.kind == config::UplinkKind::gsm; };
    const auto found = std::find_if(uplinks.begin(), uplinks.end(), is_gsm);
    const bool is_only = std::count_if(uplinks.begin(), uplinks.end(), is_gsm) == 1;
    return is_only ? &*found : nullptr;
}

}  // namespace

Uplinks::Uplinks(Surroundings around) : around_(std::move(around)) {
    system_path_.lookup =
        std::make_shared<HostLookup>(around_.loop, std::make_unique<SystemResolver>(around_.loop));
}

void Uplinks::apply(const config::Config& config) {
    if (applied_ && same_ways(*applied_, config)) return;
    applied_ = std::make_unique<config::Config>(config);
    const bool had_uplinks = failover_ != nullptr;
    modems_.reset();
    gsm_.reset();
    accounts_.reset();
    failover_.reset();
    if (config.uplinks.empty() || !config.network_manager) unmanage();
    if (!config.uplinks.empty() && watch()) make(config);
    if (!failover_) {
        journal_.reset();
        std::remove(around_.state.uplinks().c_str());  // what it says is no longer so
    }
    if (had_uplinks || failover_) around_.sessions.move(Move::planned, [](const auto&) { return true; });
}

void Uplinks::stop() {
    if (!failover_) return;
    accounts_->count();
    memory_->save();
    journal_->flush();
}

bool Uplinks::watch() {
    if (watch_) return true;
    auto watch = LinkWatch::open(around_.loop, [this](const auto&) { tell_interfaces(); });
    if (!watch) {
        around_.log.error("uplinks_unusable", watch.error().detail);
        return false;
    }
    watch_ = std::move(*watch);
    return true;
}

void Uplinks::make(const config::Config& config) {
    if (!journal_)
        journal_ = std::make_unique<UplinkJournal>(around_.loop, around_.state.uplinks(), around_.log);
    if (!memory_) memory_ = std::make_unique<UplinkMemory>(around_.state.uplink_memory(), around_.log);
    manage(config);
    failover_ = std::make_unique<Failover>(
        config, memory_->preferred(), interfaces(),
        Failover::Surroundings{around_.loop, around_.tls, around_.dialer, *journal_, around_.sessions,
                               [this](SteadyTime at) { return stamp(at); }, around_.log});
    const HostPort central{config.central_system.url.host, config.central_system.url.port};
    accounts_ = std::make_unique<UplinkAccounts>(
        around_.loop, *failover_, *memory_, central,
        [this] { return stamp(steady_now()).substr(0, month_letters); }, around_.log);
    if (wants_modems(config)) make_modems(config);
    failover_->on_switch([this] { route(); });
    route();
}

void Uplinks::make_modems(const config::Config& config) {
    modems_ = std::make_unique<GsmModems>(
        config.uplinks,
        GsmModems::Surroundings{around_.loop, around_.state.sim_pins(),
                                [this](const std::string& uplink) { return evidence_of(*failover_, uplink); },
                                [this] { tell_interfaces(); }, around_.network_time, around_.log,
                                around_.modem_power ? around_.modem_power() : PowerCycle()});
}

void Uplinks::manage(const config::Config& config) {
    const auto* gsm = only_gsm(config.uplinks);
    modem_interface_ = gsm == nullptr ? "" : gsm->interface;
    if (!config.network_manager) return;
    if (!manager_) {
        manager_ = std::make_unique<NetworkManager>(
            NetworkManager::Surroundings{around_.loop, [this] { on_devices(); }, around_.log});
        setup_ = std::make_unique<NetworkSetup>(around_.loop, *manager_);
    }
    if (gsm != nullptr) {
        gsm_ = std::make_unique<GsmConnection>(
            *manager_, GsmAccess{gsm->apn, gsm->apn_user, gsm->apn_password, gsm->metered}, around_.log);
    }
}

void Uplinks::unmanage() {
    setup_.reset();
    manager_.reset();
}

void Uplinks::on_devices() {
    if (gsm_) gsm_->on_devices();
    tell_interfaces();
}

InterfacesFacts Uplinks::interfaces() const {
    auto facts = manager_ ? merged(watch_->facts(), manager_->devices(), modem_interface_) : watch_->facts();
    if (modems_) modems_->add_to(facts);
    return facts;
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
    for (const auto& uplink : applied_->uplinks) {
        if (uplink.local_only) ranked.push_back({uplink.interface, uplink.priority, false, true});
    }
    manager_->set_route_metrics(route_metrics(std::move(ranked)), modem_interface_);
}

std::string Uplinks::stamp(SteadyTime at) const {
    const auto utc = ocpp::stamp(at, around_.now()).utc;
    return utc ? ocpp::to_iso8601(*utc) : std::string();
}

std::vector<NetworkInterface> Uplinks::network() const {
    std::vector<NetworkInterface> network;
    if (!failover_) return network;
    const auto facts = interfaces();
    for (const auto& uplink : applied_->uplinks) {
        const auto known = facts.find(uplink.interface);
        network.push_back(
            {uplink.interface, uplink.kind, known == facts.end() ? InterfaceFacts() : known->second});
    }
    return network;
}

void Uplinks::on_doubt(const std::string& uplink) {
    if (failover_) failover_->on_doubt(uplink);
}

void Uplinks::prefer(const std::string& uplink) {
    if (!failover_) return;
    memory_->prefer(uplink);
    failover_->prefer(uplink);
}

void Uplinks::test(const std::string& uplink, std::function<void(std::string)> done) {
    Uplink* tested = failover_->find(uplink);
    auto report = report_of(*tested, {});
    if (!tested->facts().usable()) return done(uplink_test_json(report, std::nullopt));
    tested->test([report = std::move(report), done = std::move(done)](const ProbeOutcome& outcome) {
        done(uplink_test_json(report, outcome));
    });
}

UplinkReport Uplinks::report_of(const Uplink& uplink, const std::vector<SessionView>& sessions) {
    const auto view = uplink.view();
    UplinkReport report{.settings = uplink.settings(),
                        .name = uplink.name(),
                        .state = std::string(to_string(view.state)),
                        .reason = view.reason,
                        .since = view.since,
                        .facts = uplink.facts(),
                        .connect_time = uplink.health().connect_time(),
                        .sessions = count_on(view.id, sessions),
                        .traffic = memory_->of(view.id).traffic.kept(),
                        .ping_interval = uplink.path().ping_interval};
    const ModemCare* modem = modems_ ? modems_->find(view.id) : nullptr;
    if (modem != nullptr && modem->modem() != nullptr)
        report.modem = ModemReport{modem->hindrance(), *modem->modem(), modem->ladder().taken()};
    report.ping_bytes_a_month = ping_bytes_a_month(sessions.size(), report.ping_interval);
    return report;
}

UplinksReport Uplinks::report() {
    UplinksReport report;
    if (!failover_) return report;
    accounts_->count();
    const auto& selection = failover_->selection();
    report = {.active = selection.active,
              .preferred = failover_->preferred(),
              .reason = selection.reason,
              .since = selection.since,
              .server_down = selection.server_down,
              .next_choice = failover_->next_choice(),
              .uplinks = {},
              .switches = journal_->switches(),
              .switch_count = journal_->switch_count()};
    const auto sessions = around_.sessions.look();
    for (const auto& uplink : failover_->uplinks()) report.uplinks.push_back(report_of(*uplink, sessions));
    return report;
}

}  // namespace busbar::gateway
