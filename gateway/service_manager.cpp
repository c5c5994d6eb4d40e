// SPDX-License-Identifier: Apache-2.0
#include "gateway/service_manager.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <utility>

namespace busbar::gateway {
namespace {

/// Where nobody watches us: what the threads are judged by all the same.
constexpr milliseconds own_period = 60s;

/// What the unit asks for with WatchdogSec.
milliseconds watchdog_period() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0) return own_period;
    return std::max(milliseconds(microseconds / 1000), 100ms);
}

void tell(const std::string& message) {
    sd_notify(0, message.c_str());  // without systemd it does nothing
}

bool is_charging(const ocpp::ConnectorView& connector) {
    return connector.status && connector.status->status == ocpp::ChargePointStatus::Charging;
}

}  // namespace

void tell_service_manager(const std::string& status) {
    tell("STATUS=" + status.substr(0, status.find('\n')));
}

std::string status_line(const std::vector<ChargePointReport>& charge_points) {
    if (charge_points.empty()) return "no charger is configured yet";
    const auto connected = std::count_if(charge_points.begin(), charge_points.end(), [](const auto& one) {
        return one.link.state == LinkState::connected;
    });
    std::ptrdiff_t charging = 0;
    for (const auto& one : charge_points)
        charging += std::count_if(one.view.connectors.begin(), one.view.connectors.end(), is_charging);
    return fmt::format("{} of {} charge points connected, {} charging", connected, charge_points.size(),
                       charging);
}

ServiceManager::ServiceManager(boost::asio::io_context& loop, Ports ports, Log log)
    : timer_(loop), ports_(std::move(ports)), log_(std::move(log)), watchdog_(watchdog_period()) {}

void ServiceManager::ready() {
    tell("READY=1");
    look();
}

void ServiceManager::stopping() {
    timer_.cancel();
    tell("STOPPING=1");
}

void ServiceManager::look() {
    const auto now = steady_now();
    const auto look = watchdog_.look(ports_.ask_threads(now), now);
    if (look.well) tell("WATCHDOG=1");
    for (const auto& who : look.lost)
        log_.error("thread_hangs", "It has not answered for long; systemd will start us anew.",
                   {{"thread", who}});
    for (const auto& who : look.back) log_.warning("thread_answers", "It answers again.", {{"thread", who}});
    if (auto status = ports_.status(); status != told_) tell_service_manager(told_ = std::move(status));
    timer_.expires_after(watchdog_.interval());
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) this->look();
    });
}

}  // namespace busbar::gateway
