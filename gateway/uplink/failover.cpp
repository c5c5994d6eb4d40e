// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/failover.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace busbar::gateway {
namespace {

/// How often the sessions' bytes are looked at: evidence is at most this much older than it seems.
constexpr milliseconds between_looks{250};
/// A session that could not follow to another uplink is asked again this often.
constexpr seconds between_calls{30};

UplinkTargets targets_of(const config::Config& config) {
    UplinkTargets targets{{config.central_system.url.host, config.central_system.url.port}, {}};
    for (const auto& text : config.failover.neutral_targets) targets.neutral.push_back(host_port(text));
    return targets;
}

}  // namespace

Failover::Failover(const config::Config& config, const std::string& preferred,
                   const InterfacesFacts& interfaces, Surroundings around)
    : around_(std::move(around)),
      policy_{config.failover.failback_hold, config.failover.failback_hold_max, preferred, steady_now()},
      choice_timer_(around_.loop),
      look_timer_(around_.loop) {
    const Uplink::Surroundings for_uplinks{
        around_.loop,         around_.tls,
        targets_of(config),   [stamp = around_.stamp] { return !stamp(steady_now()).empty(); },
        [this] { review(); }, [this](const std::string& uplink) { on_reached(uplink); }};
    for (const auto& settings : config.uplinks) {
        if (settings.local_only) continue;
        uplinks_.push_back(
            std::make_unique<Uplink>(settings, name_of(settings, config.uplinks), for_uplinks));
    }
    if (find(preferred) == nullptr) policy_.preferred.clear();
    on_interfaces(interfaces);
    around_.log.info("uplink_chosen", selection_->reason, {{"uplink", selection_->active}});
    look_later();
}

Failover::~Failover() {
    around_.dialer.hold(Hold::metered, false);
}

const Uplink& Failover::active() const {
    const auto found = std::find_if(uplinks_.begin(), uplinks_.end(), [this](const auto& uplink) {
        return uplink->settings().id == selection_->active;
    });
    return **found;
}

Uplink* Failover::find(const std::string& id) {
    const auto found = std::find_if(uplinks_.begin(), uplinks_.end(),
                                    [&](const auto& uplink) { return uplink->settings().id == id; });
    return found == uplinks_.end() ? nullptr : found->get();
}

std::vector<UplinkView> Failover::views() const {
    std::vector<UplinkView> views;
    views.reserve(uplinks_.size());
    for (const auto& uplink : uplinks_) views.push_back(uplink->view());
    return views;
}

std::optional<SteadyTime> Failover::next_choice() const {
    return gateway::next_choice(*selection_, views(), policy_);
}

void Failover::on_interfaces(const InterfacesFacts& interfaces) {
    const std::string before = selection_ ? selection_->active : "";
    bool stranded = false;  // the sessions stand on an address that is gone
    for (const auto& uplink : uplinks_) {
        const auto facts = interfaces.find(uplink->settings().interface);
        const bool lost = uplink->on_interface(facts == interfaces.end() ? InterfaceFacts() : facts->second);
        stranded = stranded || (lost && uplink->settings().id == before);
    }
    review();
    if (!stranded || selection_->active != before) return;
    around_.sessions.move(Move::forced, [&](const LinkStatus& link) {
        return link.uplink.empty() || link.uplink == before;  // not who is still on another
    });
}

void Failover::on_doubt(const std::string& uplink) {
    if (Uplink* doubtful = find(uplink)) doubtful->on_doubt();
}

void Failover::prefer(const std::string& id) {
    policy_.preferred = id;
    policy_.preferred_at = steady_now();
    review();
}

void Failover::on_reached(const std::string& uplink) {
    if (uplink == selection_->active) around_.dialer.hurry();
}

/// After whatever may change the choice.
void Failover::review() {
    const Selection choice = select(selection_, views(), policy_, steady_now());
    const bool is_first = !selection_;
    selection_ = choice;
    watch();
    const bool is_vain = choice.server_down || active().health().suspects_server();
    around_.dialer.hold(Hold::metered, is_vain && active().settings().metered);
    if (!is_first && choice.move != Move::none) carry_out(choice);
    selection_->move = Move::none;
    show();
    arm();
}

void Failover::carry_out(const Selection& choice) {
    // Who could not follow to the uplink that is now left may still be on this one.
    const auto is_here = [&](const LinkStatus& link) { return link.uplink == choice.active; };
    around_.sessions.move(Move::planned, is_here);
    around_.sessions.move(choice.move, std::not_fn(is_here));
    stragglers_called_ = steady_now();
    around_.log.info("uplink_switched", choice.reason, {{"to", choice.active}, {"reason", choice.reason}});
    around_.journal.switched({around_.stamp(steady_now()), choice.active, choice.reason});
    chosen_();
}

/// While the active uplink fails, each other may have to take over: they are looked at at once and closely;
/// where it is the central system that fails, one look must do of those that cost money.
void Failover::watch() {
    const UplinkHealth& health = active().health();
    const bool failed = health.failing_since() || health.state() < UplinkState::probing;
    for (const auto& uplink : uplinks_) {
        const bool is_worth_it = failed && !(selection_->server_down && uplink->settings().metered);
        uplink->watch_closely(is_worth_it || uplink->settings().id == selection_->active);
        if (failed && !active_failed_ && uplink.get() != &active()) uplink->on_doubt();
    }
    active_failed_ = failed;
}

void Failover::show() {
    std::vector<UplinkLine> lines;
    for (const auto& uplink : uplinks_) {
        const UplinkHealth& health = uplink->health();
        const auto since = health.is_lasting() ? health.failing_since() : std::nullopt;
        lines.push_back({uplink->settings().id, std::string(to_string(health.state())), health.words(), since,
                         since ? around_.stamp(*since) : std::string()});
    }
    around_.journal.show(selection_->active, std::move(lines));
}

void Failover::arm() {
    const auto at = next_choice();
    if (!at) {
        choice_timer_.cancel();
        return;
    }
    choice_timer_.expires_after(*at - steady_now());
    choice_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) review();
    });
}

void Failover::look_later() {
    look_timer_.expires_after(between_looks);
    look_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        look();
        look_later();
    });
}

void Failover::look() {
    bool news = false;
    for (const auto& id : evidence_.look(around_.sessions.look())) {
        Uplink* uplink = find(id);
        if (uplink == nullptr) continue;
        const auto before = uplink->health().state();
        uplink->on_bytes();
        news = news || uplink->health().state() != before;
    }
    if (news) review();
    if (steady_now() - stragglers_called_ >= between_calls) call_stragglers();
}

/// The new uplink may not have taken a session that then stayed on the old one.
void Failover::call_stragglers() {
    stragglers_called_ = steady_now();
    around_.sessions.move(Move::planned, [this](const LinkStatus& link) {
        return link.state == LinkState::connected && link.uplink != selection_->active;
    });
}

}  // namespace busbar::gateway
