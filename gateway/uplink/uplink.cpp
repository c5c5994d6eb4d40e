// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/uplink/device_resolver.hpp"

namespace busbar::gateway {
namespace {

struct Kind {
    std::string_view name;
    seconds ping;
    seconds pong;
    milliseconds user_timeout;
    seconds keep_alive;
};

/// In the order of config::UplinkKind. A ping over GSM costs 283 bytes, and an idle radio takes seconds to
/// wake; keep-alive is never sent while pings flow.
constexpr std::array<Kind, 3> kinds{{{"Ethernet", 20s, 10s, 15'000ms, 30s},
                                     {"WiFi", 20s, 10s, 15'000ms, 30s},
                                     {"GSM", 45s, 20s, 40'000ms, 60s}}};

/// A person waits longer than failover does.
constexpr milliseconds test_patience{5000};

const Kind& kind_of(const config::Uplink& uplink) {
    return kinds.at(static_cast<std::size_t>(uplink.kind));
}

}  // namespace

Path path_of(const config::Uplink& uplink) {
    const Kind& kind = kind_of(uplink);
    return {.uplink = uplink.id,
            .device = uplink.interface,
            .lookup = nullptr,
            .ping_interval = kind.ping,
            .pong_limit = kind.pong,
            .user_timeout = kind.user_timeout,
            .keep_alive = kind.keep_alive};
}

std::string name_of(const config::Uplink& uplink, const std::vector<config::Uplink>& all) {
    const auto same_kind = std::count_if(all.begin(), all.end(), [&](const config::Uplink& other) {
        return other.kind == uplink.kind && !other.local_only;
    });
    const std::string_view kind = kind_of(uplink).name;
    return same_kind > 1 ? fmt::format("{} {}", kind, uplink.id) : std::string(kind);
}

Uplink::Uplink(config::Uplink settings, std::string name, Surroundings around)
    : settings_(std::move(settings)),
      name_(std::move(name)),
      around_(std::move(around)),
      path_(path_of(settings_)),
      health_(settings_.metered),
      timer_(around_.loop) {
    auto resolver = std::make_unique<DeviceResolver>(around_.loop, settings_.interface);
    resolver_ = resolver.get();
    resolver_->set_servers(settings_.dns);
    path_.lookup = std::make_shared<HostLookup>(around_.loop, std::move(resolver));
}

Uplink::~Uplink() {
    if (probe_) probe_->cancel();
    for (const auto& test : tests_) {
        if (const auto probe = test.lock()) probe->cancel();
    }
}

bool Uplink::on_interface(const InterfaceFacts& facts) {
    if (std::exchange(is_known_, true) && facts == facts_) return false;
    facts_ = facts;
    if (settings_.dns.empty()) resolver_->set_servers(facts.name_servers);
    health_.on_interface(facts, steady_now());
    if (health_.probe_is_void()) {
        std::exchange(probe_, nullptr)->cancel();
        health_.on_probe({}, steady_now());
    }
    arm();
    if (!facts.usable()) return false;
    const InterfaceFacts before{.present = true,
                                .carrier = true,
                                .addresses = std::exchange(stood_on_, facts.addresses),
                                .name_servers = {},
                                .hindrance = {}};
    return !keeps_addresses(before, facts);
}

void Uplink::on_bytes() {
    health_.on_bytes(steady_now());
    arm();
}

void Uplink::on_doubt() {
    doubted_ = true;
    health_.on_doubt(steady_now());
    arm();
}

void Uplink::watch_closely(bool closely) {
    health_.watch_closely(closely, steady_now());
    arm();
}

void Uplink::arm() {
    const auto due = health_.next_probe();
    if (!due) {
        timer_.cancel();
        return;
    }
    timer_.expires_after(due->at - steady_now());
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) probe();
    });
}

ProbeOrder Uplink::order(const UplinkHealth::Due& due) const {
    ProbeOrder order{.central = around_.targets.central,
                     .depth = due.depth,
                     .timeout = due.timeout,
                     .neutral = {},
                     .clock_is_sane = around_.time_is_known()};
    if (health_.failing_since() || doubted_) order.neutral = around_.targets.neutral;
    return order;
}

void Uplink::probe() {
    const auto due = health_.next_probe();
    if (!due) return;
    health_.probe_begun();
    probe_ = std::make_shared<Probe>(around_.loop, path_, around_.tls, order(*due));
    doubted_ = false;
    probe_->start([this](const ProbeOutcome& outcome) { probed(outcome); });
}

void Uplink::probed(const ProbeOutcome& outcome) {
    probe_.reset();
    const bool was_passing = health_.last_good() && health_.last_failure() < health_.last_good();
    health_.on_probe(outcome, steady_now());
    arm();
    if (outcome.passed() && !was_passing) around_.reached(settings_.id);
    around_.changed();
}

void Uplink::test(Probe::Handler handler) {
    std::erase_if(tests_, [](const auto& test) { return test.expired(); });
    auto order = this->order({.at = {}, .depth = DialStep::tls, .timeout = test_patience});
    order.neutral = around_.targets.neutral;
    const auto probe = std::make_shared<Probe>(around_.loop, path_, around_.tls, std::move(order));
    tests_.push_back(probe);
    probe->start(std::move(handler));
}

UplinkView Uplink::view() const {
    return {.id = settings_.id,
            .name = name_,
            .priority = settings_.priority,
            .state = health_.state(),
            .since = health_.since(),
            .last_good = health_.last_good(),
            .failing_since = health_.failing_since(),
            .last_failure = health_.last_failure(),
            .reason = health_.reason(steady_now())};
}

}  // namespace busbar::gateway
