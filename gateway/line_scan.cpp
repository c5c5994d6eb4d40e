// SPDX-License-Identifier: Apache-2.0
#include "gateway/line_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/make_charger.hpp"
#include "gateway/serial_ports.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view of_the_bus = "/buses/0";

bool same_line(const config::Bus& a, const config::Bus& b) {
    if (!a.host.empty() || !b.host.empty()) return a.host == b.host && a.port == b.port;
    return same_device(a.device, b.device);
}

/// Judged as a configuration with this bus and nothing else would be.
config::Checked<config::Bus> bus_of(json bus) {
    if (bus.is_object() && !bus.contains("id")) bus["id"] = "line";
    const json alone{{"central_system", {{"url", "wss://central.invalid"}}}, {"buses", json::array({bus})}};
    auto config = config::parse_config(alone.dump(-1, ' ', false, json::error_handler_t::replace));
    for (auto& problem : config.problems) {
        if (problem.path.starts_with(of_the_bus)) problem.path.replace(0, of_the_bus.size(), "/bus");
    }
    if (config.value.buses.empty()) return {{}, std::move(config.problems)};
    return {config.value.buses.front(), std::move(config.problems)};
}

/// A protocol that a bus of this kind carries. The scan asks in others too, on lines of its own.
config::Protocol protocol_on(config::BusKind kind) {
    if (kind == config::BusKind::serial) return config::Protocol::rapi;
    return kind == config::BusKind::keba_udp ? config::Protocol::keba : config::Protocol::modbus;
}

}  // namespace

std::vector<Route> LineScan::routes() {
    return {
        {"POST", "/api/v1/scan", at_least(Role::installer),
         [this](const HttpRequest& request) { return start(request); }},
        {"GET", "/api/v1/scan", at_least(Role::installer), [this](const HttpRequest&) { return report(); }},
        {"DELETE", "/api/v1/scan", at_least(Role::installer), [this](const HttpRequest&) { return stop(); }}};
}

HttpResponse LineScan::start(const HttpRequest& request) {
    const auto body = object_in(request.body);
    auto options = scan_options(request.body, {});
    if (!options || !body || !body->contains("bus"))
        return problem(400, "bad_request", R"(The body must be {"bus": {...}}, as in the configuration.)");
    auto line = bus_of(body->at("bus"));
    if (!line.ok()) return problem(422, "invalid", "The line has problems.", line.problems);
    for (const auto& bus : site_.buses()) {
        if (!same_line(bus.settings, line.value)) continue;
        return problem(409, "line_in_service",
                       fmt::format("The line is that of bus '{}': search there.", bus.id));
    }
    if (job_ && !job_->guest.expired())
        return problem(409, "bus_busy", fmt::format("A scan is running on '{}'.", line_.id));
    return begin(line.value, std::move(*options));
}

HttpResponse LineScan::begin(const config::Bus& line, adapters::ScanOptions options) {
    line_ = line;
    const auto protocol = protocol_on(line.kind);
    bus_ = std::make_unique<Bus>(
        line.id, [&] { return adapters::make_line(line, protocol, tap_, log_).value(); },
        std::vector<Bus::Device>{}, main_, Bus::Events{}, log_);
    const auto alive = std::make_shared<int>(0);
    job_ = std::make_shared<ScanJob>(ScanJob{models_.library(), alive});
    const Site::BusView view{*bus_, line, protocol, {}};
    bus_->start();
    bus_->invite(make_scan(view, std::move(options), job_, alive, main_, tap_, log_));
    log_.info("scan_started", "A scan for chargers begins.", {{"bus", line.id}});
    return report(202);
}

HttpResponse LineScan::report(int status) {
    auto response = scan_report(line_.id, job_.get(), status);
    if (job_ && job_->guest.expired()) bus_.reset();
    return response;
}

HttpResponse LineScan::stop() {
    if (job_) job_->stop();
    if (bus_) bus_->invite({});
    return report();
}

void LineScan::release(const std::vector<config::Bus>& buses) {
    const bool taken = std::any_of(buses.begin(), buses.end(),
                                   [this](const config::Bus& bus) { return same_line(bus, line_); });
    if (!bus_ || !taken) return;
    job_->stop();
    bus_.reset();
}

}  // namespace busbar::gateway
