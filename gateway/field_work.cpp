// SPDX-License-Identifier: Apache-2.0
// A guest works on the bus's thread and posts copies of what it knows to the loop.
#include "gateway/field_work.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/registers.hpp"
#include "adapters/scan_lines.hpp"
#include "gateway/field/scan_json.hpp"
#include "gateway/field/trial_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using nlohmann::json;

constexpr milliseconds between_reports{200};
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

/// The line that a guest speaks on: the bus's own where chargers are in service, else one at any setting.
class GuestLine {
  public:
    GuestLine(const Site::BusView& view, TraceTap tap, Log log)
        : settings_{view.settings, view.protocol},
          in_service_(!view.units.empty()),
          own_(std::move(tap), std::move(log)) {}

    void use(adapters::Line& shared) { shared_ = &shared; }

    Result<adapters::Line*> at(const adapters::ScanSetting& setting) {
        if (!in_service_) return own_.at(setting);
        if (setting == settings_) return shared_;
        return Error{Errc::unsupported, "the bus's chargers speak another protocol"};
    }
    [[nodiscard]] const adapters::ScanSetting& settings() const { return settings_; }

  private:
    adapters::ScanSetting settings_;
    bool in_service_;
    adapters::ScanLines own_;
    adapters::Line* shared_ = nullptr;
};

struct ScanRun {
    ScanRun(const Site::BusView& view, std::shared_ptr<const adapters::ProfileLibrary> profiles,
            adapters::ScanOptions options, TraceTap tap, Log log)
        : line(view, std::move(tap), std::move(log)),
          scan(view.settings, std::move(profiles), std::move(options),
               [this](const adapters::ScanSetting& setting) { return line.at(setting); }) {}

    GuestLine line;
    adapters::Scan scan;
    SteadyTime told{};
    std::size_t told_found = 0;
};

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

bool flag(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// A list of unit ids; what is none is left out.
std::set<int> unit_ids_of(const json& object) {
    std::set<int> units;
    const auto found = object.find("unit_ids");
    if (found == object.end() || !found->is_array()) return units;
    for (const auto& unit : *found) {
        if (unit.is_number_integer() && unit >= 1 && unit <= last_unit) units.insert(unit.get<int>());
    }
    return units;
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

void FieldWork::know(adapters::ProfileLibrary profiles) {
    profiles_ = std::make_shared<const adapters::ProfileLibrary>(std::move(profiles));
}

std::vector<Route> FieldWork::routes() {
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

FieldWork::Alive FieldWork::occupy(const std::string& bus) {
    auto alive = std::make_shared<int>(0);
    guests_[bus] = alive;
    return alive;
}

HttpResponse FieldWork::start_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    const auto view = site_.find_bus(id);
    if (!view) return no_bus(id);
    if (busy(id)) return occupied(id);
    const auto wishes = object_of(request.body);
    if (!wishes) return problem(400, "bad_request", "The body must be a JSON object, or empty.");
    adapters::ScanOptions options;
    options.scope = {!view->units.empty(), view->units, unit_ids_of(*wishes)};
    options.anyway = flag(*wishes, "anyway");
    options.thorough = flag(*wishes, "thorough");
    options.first = flag(*wishes, "first");
    const auto job = std::make_shared<ScanJob>();
    const auto alive = occupy(id);
    job->profiles = profiles_;
    job->guest = alive;
    scans_[id] = job;
    view->bus.invite(make_scan(*view, std::move(options), job, alive));
    log_.info("scan_started", "A scan for chargers begins.", {{"bus", id}});
    return scan_report(id, 202);
}

Bus::Guest FieldWork::make_scan(const Site::BusView& view, adapters::ScanOptions options,
                                const std::shared_ptr<ScanJob>& job, Alive alive) {
    const auto run = std::make_shared<ScanRun>(view, profiles_, std::move(options), bus_tap_,
                                               log_.with("bus", view.bus.id()));
    return [run, main = main_, weak = std::weak_ptr(job), alive = std::move(alive)](adapters::Line& shared,
                                                                                    SteadyTime now) {
        run->line.use(shared);
        const auto next = run->scan.step(now);
        const auto& findings = run->scan.findings();
        const bool news = next.done || findings.found.size() != run->told_found;
        if (!news && now - run->told < between_reports) return next;
        run->told = now;
        run->told_found = findings.found.size();
        asio::post(main, [weak, findings, alive] {
            const auto told = weak.lock();
            if (!told || told->over) return;
            told->findings = findings;
            told->over = findings.end != adapters::ScanEnd::none;
        });
        return next;
    };
}

HttpResponse FieldWork::scan_report(const std::string& bus, int status) {
    auto& job = *scans_.at(bus);
    if (!job.over && job.guest.expired()) {  // the bus was made anew
        job.over = true;
        job.findings.end = adapters::ScanEnd::stopped;
        job.findings.phase = adapters::ScanPhase::ended;
    }
    return json_response(to_json(bus, job.findings, *job.profiles), status);
}

HttpResponse FieldWork::show_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    if (!site_.find_bus(id)) return no_bus(id);
    if (!scans_.contains(id)) {
        return problem(404, "no_scan", fmt::format("No scan was started on bus '{}'.", id));
    }
    return scan_report(id, 200);
}

HttpResponse FieldWork::stop_scan(const HttpRequest& request) {
    const auto& id = request.captured.front();
    const auto view = site_.find_bus(id);
    if (!view) return no_bus(id);
    const auto found = scans_.find(id);
    if (found == scans_.end()) {
        return problem(404, "no_scan", fmt::format("No scan was started on bus '{}'.", id));
    }
    auto& job = *found->second;
    if (!job.over) {
        job.over = true;
        job.findings.end = adapters::ScanEnd::stopped;
        job.findings.phase = adapters::ScanPhase::ended;
        view->bus.invite({});
    }
    return scan_report(id, 200);
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
    auto profile = profile_of(asked->at("profile"), *profiles_);
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
