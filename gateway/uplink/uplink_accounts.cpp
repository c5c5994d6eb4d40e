// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_accounts.hpp"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "gateway/state_dir.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds between_counts{10};
constexpr std::uint64_t megabyte = 1'000'000;
constexpr std::uint64_t month_s = 2'592'000;  // thirty days

/// Both directions; empty: there is no such interface.
std::optional<std::uint64_t> bytes_through(const std::string& interface) {
    std::uint64_t sum = 0;
    for (const char* direction : {"rx_bytes", "tx_bytes"}) {
        std::ifstream in(fmt::format("/sys/class/net/{}/statistics/{}", interface, direction));
        std::uint64_t bytes = 0;
        if (!(in >> bytes)) return std::nullopt;
        sum += bytes;
    }
    return sum;
}

}  // namespace

std::uint64_t ping_bytes_a_month(std::size_t sessions, seconds interval) {
    return sessions * bytes_a_ping * month_s / static_cast<std::uint64_t>(interval.count());
}

UplinkAccounts::UplinkAccounts(boost::asio::io_context& loop, Failover& failover, UplinkMemory& memory,
                               HostPort central, std::function<std::string()> month, Log log)
    : failover_(failover),
      memory_(memory),
      central_(std::move(central)),
      month_(std::move(month)),
      boot_id_(machine_boot_id()),
      log_(std::move(log)),
      timer_(loop) {
    recall();
    count();
    count_later();
}

/// Name servers that are dead after a restart are no outage.
void UplinkAccounts::recall() {
    memory_.set_host(central_.host);
    for (const auto& uplink : failover_.uplinks()) {
        Endpoints endpoints;
        for (const auto& text : memory_.of(uplink->settings().id).addresses) {
            boost::system::error_code no_address;
            const auto address = boost::asio::ip::make_address(text, no_address);
            if (!no_address) endpoints.emplace_back(address, static_cast<std::uint16_t>(central_.port));
        }
        if (!endpoints.empty())
            uplink->path().lookup->remember(central_.host, central_.port, std::move(endpoints));
    }
}

void UplinkAccounts::count_later() {
    timer_.expires_after(between_counts);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        count();
        count_later();
    });
}

void UplinkAccounts::count() {
    for (const auto& uplink : failover_.uplinks()) {
        count(uplink->settings());
        keep_address(*uplink);
    }
    memory_.save_if_due();
}

void UplinkAccounts::count(const config::Uplink& uplink) {
    const auto bytes = bytes_through(uplink.interface);
    if (!bytes) return;
    auto& traffic = memory_.of(uplink.id).traffic;
    traffic.count(*bytes, boot_id_, month_());
    if (!uplink.monthly_budget_mb) return;
    const auto budget = static_cast<std::uint64_t>(*uplink.monthly_budget_mb) * megabyte;
    const auto mark = traffic.mark_passed(budget);
    if (!mark) return;
    log_.warning("uplink_budget",
                 fmt::format("{} has used {} % of the month's {} MB; charging goes on.", uplink.id, *mark,
                             *uplink.monthly_budget_mb),
                 {{"uplink", uplink.id}, {"percent", std::to_string(*mark)}});
    memory_.save();
}

void UplinkAccounts::keep_address(const Uplink& uplink) {
    std::vector<std::string> addresses;
    for (const auto& endpoint : uplink.path().lookup->last_good(central_.host, central_.port))
        addresses.push_back(endpoint.address().to_string());
    if (!addresses.empty()) memory_.keep_addresses(uplink.settings().id, std::move(addresses));
}

}  // namespace busbar::gateway
