// SPDX-License-Identifier: Apache-2.0
#include "gateway/line_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/make_charger.hpp"
#include "gateway/serial_ports.hpp"
#include "gateway/trial_guest.hpp"
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

HttpResponse no_line() {
    return problem(400, "bad_request", R"(The body must be {"bus": {...}}, as in the configuration.)");
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
        {"DELETE", "/api/v1/scan", at_least(Role::installer), [this](const HttpRequest&) { return stop(); }},
        {"POST", "/api/v1/try", at_least(Role::installer),
         [this](const HttpRequest& request) { return try_profile(request); }}};
}

std::optional<HttpResponse> LineScan::refusal_of(const config::Checked<config::Bus>& line) const {
    if (!line.ok()) return problem(422, "invalid", "The line has problems.", line.problems);
    for (const auto& bus : site_.buses()) {
        if (!same_line(bus.settings, line.value)) continue;
        return problem(409, "line_in_service",
                       fmt::format("The line is that of bus '{}': search there.", bus.id));
    }
    return std::nullopt;
}

Site::BusView LineScan::open(const config::Bus& line) {
    line_ = line;
    const auto protocol = protocol_on(line.kind);
    bus_ = std::make_unique<Bus>(
        line.id, [&] { return adapters::make_line(line, protocol, tap_, log_).value(); },
        std::vector<Bus::Device>{}, main_, Bus::Events{}, log_);
    bus_->start();
    return {*bus_, line, protocol, {}};
}

HttpResponse LineScan::start(const HttpRequest& request) {
    const auto body = object_in(request.body);
    auto options = scan_options(request.body, {});
    if (!options || !body || !body->contains("bus")) return no_line();
    const auto line = bus_of(body->at("bus"));
    if (auto refusal = refusal_of(line)) return *std::move(refusal);
    if (!guest_.expired()) return bus_busy(line_.id);
    const auto alive = std::make_shared<int>(0);
    guest_ = alive;
    job_ = std::make_shared<ScanJob>(ScanJob{models_.library(), alive});
    scanned_ = line.value.id;
    const auto view = open(line.value);
    bus_->invite(make_scan(view, std::move(*options), job_, alive, main_, tap_, log_));
    log_.info("scan_started", "A scan for chargers begins.", {{"bus", line_.id}});
    return report(202);
}

HttpResponse LineScan::try_profile(const HttpRequest& request) {
    const auto body = object_in(request.body);
    if (!body || !body->contains("bus")) return no_line();
    const auto line = bus_of(body->at("bus"));
    if (auto refusal = refusal_of(line)) return *std::move(refusal);
    auto wish = trial_wish(request.body, *models_.library());
    if (wish.refusal) return *std::move(wish.refusal);
    if (!guest_.expired()) return bus_busy(line_.id);
    HttpResponse response;
    response.later = [this, line = line.value, wish = std::move(wish)](auto respond) {
        const auto alive = std::make_shared<int>(0);
        guest_ = alive;
        const auto view = open(line);
        bus_->invite(make_trial(view, wish, std::move(respond), alive, main_, tap_, log_));
    };
    return response;
}

HttpResponse LineScan::report(int status) {
    auto response = scan_report(scanned_, job_.get(), status);
    if (guest_.expired()) bus_.reset();
    return response;
}

HttpResponse LineScan::stop() {
    const bool runs = bus_ && job_ && !job_->guest.expired();
    if (job_) job_->stop();
    if (runs) bus_->invite({});
    return report();
}

void LineScan::release(const std::vector<config::Bus>& buses) {
    const bool taken = std::any_of(buses.begin(), buses.end(),
                                   [this](const config::Bus& bus) { return same_line(bus, line_); });
    if (!bus_ || !taken) return;
    if (job_) job_->stop();
    bus_.reset();
}

}  // namespace busbar::gateway
