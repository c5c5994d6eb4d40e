// SPDX-License-Identifier: Apache-2.0
#include "gateway/field_work.hpp"

#include <fmt/format.h>

#include <utility>

#include "gateway/trial_guest.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

HttpResponse no_bus(const std::string& id) {
    return problem(404, "no_bus", fmt::format("The configuration has no bus '{}'.", id));
}

}  // namespace

void FieldWork::know(const ProfileShelf& models) {
    models_ = models;
    line_scan_.know(models);
}

std::vector<Route> FieldWork::routes() {
    auto routes = line_scan_.routes();
    for (auto& route : own_routes()) routes.push_back(std::move(route));
    return routes;
}

std::vector<Route> FieldWork::own_routes() {
    return {{"POST", "/api/v1/buses/{bus}/scan", at_least(Role::installer),
             [this](const auto& request) { return start_scan(request); }},
            {"GET", "/api/v1/buses/{bus}/scan", at_least(Role::viewer),
             [this](const auto& request) { return show_scan(request); }},
            {"DELETE", "/api/v1/buses/{bus}/scan", at_least(Role::installer),
             [this](const auto& request) { return stop_scan(request); }},
            {"POST", "/api/v1/buses/{bus}/try", at_least(Role::installer),
             [this](const auto& request) { return try_profile(request); }}};
}

bool FieldWork::busy(const std::string& bus) const {
    const auto guest = guests_.find(bus);
    return guest != guests_.end() && !guest->second.expired();
}

Alive FieldWork::occupy(const std::string& bus) {
    auto alive = std::make_shared<int>(0);
    guests_[bus] = alive;
    return alive;
}

HttpResponse FieldWork::start_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    const auto view = site_.find_bus(id);
    if (!view) return no_bus(id);
    if (busy(id)) return bus_busy(id);
    auto options = scan_options(request.body, view->units);
    if (!options) return problem(400, "bad_request", "The body must be a JSON object, or empty.");
    const auto alive = occupy(id);
    const auto job = std::make_shared<ScanJob>(ScanJob{models_.library(), alive});
    scans_[id] = job;
    view->bus.invite(make_scan(*view, std::move(*options), job, alive, main_, bus_tap_, log_));
    log_.info("scan_started", "A scan for chargers begins.", {{"bus", id}});
    return scan_report(id, job.get(), 202);
}

ScanJob* FieldWork::scan_of(const std::string& bus) const {
    const auto found = scans_.find(bus);
    return found == scans_.end() ? nullptr : found->second.get();
}

HttpResponse FieldWork::show_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    return site_.find_bus(id) ? scan_report(id, scan_of(id)) : no_bus(id);
}

HttpResponse FieldWork::stop_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    const auto view = site_.find_bus(id);
    if (!view) return no_bus(id);
    auto* job = scan_of(id);
    if (job != nullptr && !job->over) {
        job->stop();
        view->bus.invite({});
    }
    return scan_report(id, job);
}

HttpResponse FieldWork::try_profile(const HttpRequest& request) {
    const auto& id = request.captured.front();
    const auto view = site_.find_bus(id);
    if (!view) return no_bus(id);
    auto wish = trial_wish(request.body, *models_.library());
    if (wish.refusal) return *std::move(wish.refusal);
    if (!view->units.empty() && wish.profile.protocol != view->protocol) {
        return problem(422, "other_protocol", "The chargers of this bus speak another protocol.");
    }
    if (busy(id)) return bus_busy(id);
    HttpResponse response;
    response.later = [this, id, wish = std::move(wish)](auto respond) {
        if (const auto bus = site_.find_bus(id)) {
            bus->bus.invite(make_trial(*bus, wish, std::move(respond), occupy(id), main_, bus_tap_, log_));
        }
    };
    return response;
}

}  // namespace busbar::gateway
