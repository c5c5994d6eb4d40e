// SPDX-License-Identifier: Apache-2.0
#include "gateway/field_work.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/registers.hpp"
#include "gateway/field/trial_json.hpp"
#include "gateway/guest_line.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr int last_unit = 255;
constexpr int most_connectors = 64;

HttpResponse json_response(std::string body, int status = 200) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

HttpResponse no_bus(const std::string& id) {
    return problem(404, "no_bus", fmt::format("The configuration has no bus '{}'.", id));
}

HttpResponse occupied(const std::string& id) {
    return problem(409, "bus_busy", fmt::format("A scan or a trial is running on bus '{}'.", id));
}

/// As it was sent, or one that is known by the id that was sent.
config::Checked<config::Profile> profile_of(const json& wanted, const adapters::ProfileLibrary& known) {
    if (!wanted.is_string()) return config::parse_profile(wanted.dump());
    const auto& id = wanted.get_ref<const std::string&>();
    const auto found = known.find(id);
    if (found != known.end()) return {found->second, {}};
    return {{}, {{"", fmt::format("There is no profile '{}'; GET /api/v1/profiles names all.", id)}}};
}

struct TrialRun {
    TrialRun(const Site::BusView& view, TraceTap tap, Log log) : line(view, std::move(tap), std::move(log)) {}

    GuestLine line;
    std::unique_ptr<adapters::ProfileTrial> trial;
};

/// The body as an object; an empty one counts as {}.
std::optional<json> object_of(const std::string& body) {
    auto parsed = body.empty() ? json::object() : json::parse(body, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    return parsed;
}

int unit_of(const json& object) {
    const auto found = object.find("unit_id");
    const bool number = found != object.end() && found->is_number_integer();
    const auto unit = number ? found->get<std::int64_t>() : -1;
    return unit >= 1 && unit <= last_unit ? static_cast<int>(unit) : 0;
}

/// Empty: a value of "units" or "connectors" is not what it should be.
std::optional<adapters::TrialPlace> place_of(const json& object) {
    adapters::TrialPlace place{unit_of(object), {}, {}};
    const auto units = object.value("units", json::object());
    if (!units.is_object()) return std::nullopt;
    for (const auto& [name, unit] : units.items()) {
        if (!unit.is_number_integer() || unit < 0 || unit > last_unit) return std::nullopt;
        place.units[name] = unit.get<int>();
    }
    if (!object.contains("connectors")) return place;
    const auto& connectors = object.at("connectors");
    if (!connectors.is_number_integer() || connectors < 1 || connectors > most_connectors)
        return std::nullopt;
    place.connectors = connectors.get<int>();
    return place;
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
    if (busy(id)) return occupied(id);
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
    const auto asked = object_of(request.body);
    const auto place = asked ? place_of(*asked) : std::nullopt;
    if (!place || !asked->contains("profile") || place->unit == 0) {
        return problem(
            400, "bad_request",
            R"(The body must be {"profile": {...} or "id", "unit_id": N}, N from 1 to 255; optional are )"
            R"("units": {"name": N} and "connectors": 1 to 64.)");
    }
    auto profile = profile_of(asked->at("profile"), *models_.library());
    if (!profile.ok()) {
        return problem(422, "bad_profile", "The profile has problems.", profile.problems);
    }
    if (!view->units.empty() && profile.value.protocol != view->protocol) {
        return problem(422, "other_protocol", "The chargers of this bus speak another protocol.");
    }
    if (const auto checked = adapters::check_units(*place, profile.value); !checked) {
        return problem(422, "unit_missing", checked.error().detail);
    }
    if (busy(id)) return occupied(id);
    HttpResponse response;
    response.later = [this, id, place = *place, profile = std::move(profile.value)](auto respond) {
        if (const auto bus = site_.find_bus(id)) {
            bus->bus.invite(make_trial(*bus, profile, place, std::move(respond), occupy(id)));
        }
    };
    return response;
}

Bus::Guest FieldWork::make_trial(const Site::BusView& view, const config::Profile& profile,
                                 const adapters::TrialPlace& place, std::function<void(HttpResponse)> respond,
                                 const Alive& alive) {
    const auto run = std::make_shared<TrialRun>(view, bus_tap_, log_.with("bus", view.bus.id()));
    const auto answer = [main = main_, respond = std::move(respond), alive](HttpResponse response) {
        asio::post(main, [respond, alive, response = std::move(response)] { respond(response); });
    };
    return [run, profile, place, answer](adapters::Line& shared, SteadyTime now) -> adapters::Next {
        run->line.use(shared);
        const auto line = run->line.at({run->line.settings().bus, profile.protocol});
        auto* registers = line ? (*line)->registers() : nullptr;
        if (registers == nullptr) {
            answer(problem(422, "other_protocol",
                           "A bus of this kind has no registers that this profile could read."));
            return {true, now};
        }
        if (!run->trial) {
            run->trial = std::make_unique<adapters::ProfileTrial>(profile, place, *registers);
        }
        const auto next = run->trial->step(now);
        if (next.done) answer(json_response(to_json({profile.id, place}, run->trial->report(now))));
        return next;
    };
}

}  // namespace busbar::gateway
