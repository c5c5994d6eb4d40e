// SPDX-License-Identifier: Apache-2.0
// Two ways to the line, one way to the words.
#include "gateway/ctl/field_verbs.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/profile_trial.hpp"
#include "adapters/registers.hpp"
#include "adapters/scan.hpp"
#include "adapters/scan_lines.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/field_reports.hpp"
#include "gateway/ctl/line_spec.hpp"
#include "gateway/ctl/profile_dirs.hpp"
#include "gateway/ctl/reports.hpp"
#include "gateway/ctl/unit_lists.hpp"
#include "gateway/field/scan_json.hpp"
#include "gateway/field/trial_json.hpp"

namespace busbar::ctl {
namespace {

using adapters::Next;
using nlohmann::json;

constexpr int look_interval_ms = 500;  // at the daemon's scan
constexpr int between_trials_ms = 1000;
constexpr auto longest_trial = 130s;  // the daemon itself gives up after 2 min

/// Where a line is: in the daemon, by its bus's id, or nowhere yet.
struct Place {
    std::string bus_id;  ///< "": not in the daemon
    config::Bus line;
};

/// Two masters on one line disturb each other: what a running daemon has is reached through it.
Result<Place> find_place(ApiClient& daemon, const std::string& name) {
    const auto line = parse_line(name);
    if (!line) return Place{name, {}};
    if (!*line) return line->error();
    Place place{"", **line};
    const auto status = daemon.get("/api/v1/status");
    if (!status || !status->ok()) return place;
    const auto report = json::parse(status->body, nullptr, false);
    if (!report.is_object()) return place;
    for (const auto& bus : report.value("buses", json::array())) {
        if (same_line(**line, bus.value("device", ""), bus.value("host", ""), bus.value("port", 0))) {
            place.bus_id = bus.value("id", "");
        }
    }
    return place;
}

std::string route(const std::string& bus, const char* what) {
    return "/api/v1/buses/" + bus + "/" + what;
}

/// Runs the steps of a scan or a trial on this thread, until they are done or Ctrl-C.
template <class Job, class Tell>
void run_here(Job& job, const Tell& tell) {
    for (;;) {
        const Next next = job.step(steady_now());
        tell();
        if (next.done || interrupted()) return;
        const auto pause = std::chrono::ceil<milliseconds>(next.at - steady_now());
        wait_ms(static_cast<int>(std::max<milliseconds::rep>(pause.count(), 0)));
    }
}

int finish_scan(const std::string& body, bool as_json) {
    show_progress("");
    if (scan_state(body).none && !as_json) return refuse("no scan was started on this bus");
    const auto report = as_json ? Result<std::string>(body + '\n') : scan_report(body);
    if (!report) return refuse(report.error().detail);
    print(*report);
    return scan_state(body).found ? done : refused;
}

/// How long it may take, once it is known; for people.
class Expectation {
  public:
    explicit Expectation(bool silent) : told_(silent) {}

    void tell(const std::string& body) {
        if (told_) return;
        const auto sentence = scan_expectation(body);
        told_ = !sentence.empty();
        if (told_) remark(sentence);
    }

  private:
    bool told_;
};

std::shared_ptr<const adapters::ProfileLibrary> library_of(const ScanRequest& request) {
    auto library = config::load_profiles(profile_dirs(request.profiles, request.config));
    for (const auto& problem : library.problems) complain(problem.path + ": " + problem.text);
    return std::make_shared<const adapters::ProfileLibrary>(std::move(library.value));
}

int scan_here(const config::Bus& line, const std::set<int>& units, const ScanRequest& request) {
    const auto profiles = library_of(request);
    adapters::ScanLines lines({}, Log());
    const adapters::ScanOptions options{{false, {}, units}, request.anyway, request.thorough, request.first};
    adapters::Scan scan(line, profiles, options,
                        [&](const adapters::ScanSetting& setting) { return lines.at(setting); });
    const auto body = [&] { return gateway::to_json(request.bus, scan.findings(), *profiles); };
    Expectation expectation(request.json);
    SteadyTime told{};
    run_here(scan, [&] {
        if (steady_now() - told < milliseconds(look_interval_ms)) return;
        told = steady_now();
        expectation.tell(body());
        show_progress(scan_progress(body()));
    });
    scan.stop();
    return finish_scan(body(), request.json);
}

int explain(const Result<ApiAnswer>& answer) {
    show_progress("");
    if (answer) return refuse(problem_text(answer->body));
    complain(answer.error().detail);
    return unreachable;
}

/// Starts it, or joins one that runs; Ctrl-C ends it.
int scan_there(ApiClient& daemon, const std::string& bus, const std::set<int>& units,
               const ScanRequest& request) {
    const auto target = route(bus, "scan");
    if (!request.stop) {
        const json wishes{{"anyway", request.anyway},
                          {"thorough", request.thorough},
                          {"first", request.first},
                          {"unit_ids", units}};
        const auto started = daemon.send("POST", target, wishes.dump());
        if (!started || (!started->ok() && started->status != 409)) return explain(started);
    }
    Expectation expectation(request.json);
    for (bool stop = request.stop;; stop = interrupted()) {
        const auto answer = stop ? daemon.send("DELETE", target, "") : daemon.get(target);
        if (!answer || !answer->ok()) return explain(answer);
        if (!scan_state(answer->body).running) return finish_scan(answer->body, request.json);
        expectation.tell(answer->body);
        show_progress(scan_progress(answer->body));
        wait_ms(look_interval_ms);
    }
}

Result<std::string> read_text(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream text;
    if (!std::filesystem::is_regular_file(file) || !(text << in.rdbuf())) {
        return Error{Errc::io, file + " cannot be read: check the name and its permissions"};
    }
    return text.str();
}

/// The profile; with problems, which are told, nothing.
std::optional<config::Profile> read_profile(const std::string& file) {
    const auto text = read_text(file);
    if (!text) {
        complain(text.error().detail);
        return std::nullopt;
    }
    auto profile = config::parse_profile(*text);
    if (profile.ok()) return std::move(profile.value);
    print(config::to_text(file, profile.problems) + "\n");
    return std::nullopt;
}

Result<std::string> try_there(ApiClient& daemon, const std::string& bus, const adapters::TrialPlace& place,
                              const TryRequest& request) {
    const auto text = read_text(request.file);
    if (!text) return text.error();
    json body{{"profile", json::parse(*text, nullptr, false, true)}, {"unit_id", place.unit}};
    body["units"] = place.units;
    if (place.connectors) body["connectors"] = *place.connectors;
    const auto answer = daemon.send("POST", route(bus, "try"), body.dump(), longest_trial);
    if (!answer) return answer.error();
    if (!answer->ok()) return Error{Errc::refused, problem_text(answer->body)};
    return answer->body;
}

/// At the settings given with the line; those the profile names where none were given are the caller's.
Result<std::string> try_here(adapters::ScanLines& lines, const config::Bus& bus,
                             const config::Profile& profile, const adapters::TrialPlace& place) {
    const auto line = lines.at({bus, profile.protocol});
    if (!line) return line.error();
    auto* registers = (*line)->registers();
    if (registers == nullptr) return Error{Errc::unsupported, "a line of this kind has no registers to read"};
    if (const auto checked = adapters::check_units(place, profile); !checked) return checked.error();
    adapters::ProfileTrial trial(profile, place, *registers);
    run_here(trial, [] {});
    return gateway::to_json({profile.id, place}, trial.report(steady_now()));
}

Result<adapters::TrialPlace> place_of(const TryRequest& request) {
    auto units = parse_named_units(request.units);
    if (!units) return units.error();
    adapters::TrialPlace place{request.unit, std::move(*units), {}};
    if (request.connectors > 0) place.connectors = request.connectors;
    return place;
}

/// A device named without settings is opened at those of the profile.
config::Bus line_for(const config::Bus& line, const std::string& name, const config::Profile& profile) {
    auto bus = line;
    const bool settings_given = name.find(':', name.find('/')) != std::string::npos;
    if (!bus.host.empty() || settings_given) return bus;
    bus.baud = profile.baud.value_or(bus.baud);
    bus.parity = profile.parity.value_or(bus.parity);
    bus.stop_bits = profile.stop_bits.value_or(bus.stop_bits);
    return bus;
}

int keep_fixture(const std::string& file, const std::string& trial) {
    std::ofstream out(file);
    out << gateway::fixture_of(trial) << std::flush;
    return out ? done : refuse(file + " cannot be written");
}

int tell_trial(const std::string& trial, const TryRequest& request) {
    const auto report = request.json ? Result<std::string>(trial + '\n') : trial_report(trial);
    if (!report) return refuse(report.error().detail);
    print(request.once || request.json ? *report : *report + '\n');
    return request.record.empty() ? done : keep_fixture(request.record, trial);
}

}  // namespace

int scan(ApiClient& daemon, const ScanRequest& request) {
    const auto place = find_place(daemon, request.bus);
    const auto units = parse_unit_ids(request.units);
    if (!place || !units) {
        complain(place ? units.error().detail : place.error().detail);
        return usage;
    }
    watch_for_interrupt();
    if (!place->bus_id.empty()) return scan_there(daemon, place->bus_id, *units, request);
    if (request.stop) return refuse("no daemon scans this line; end the busbarctl that does with Ctrl-C");
    return scan_here(place->line, *units, request);
}

int check_profile(const std::string& file, bool as_json) {
    const auto text = read_text(file);
    if (!text) return refuse(text.error().detail);
    const auto profile = config::parse_profile(*text);
    json problems = json::array();
    for (const auto& [path, words] : profile.problems) problems.push_back({{"path", path}, {"text", words}});
    if (as_json) {
        print(json{{"file", file}, {"problems", problems}}.dump(-1, ' ', false,
                                                                json::error_handler_t::replace) +
              "\n");
    } else {
        print(profile.ok() ? fmt::format("{}: {} is sound.\n", file, profile.value.id)
                           : config::to_text(file, profile.problems) + "\n");
    }
    return profile.ok() ? done : refused;
}

int show_profile(const std::string& file) {
    const auto profile = read_profile(file);
    if (!profile) return refused;
    print(profile_page(*profile));
    return done;
}

int try_profile(ApiClient& daemon, const TryRequest& request) {
    const auto profile = read_profile(request.file);
    if (!profile) return refused;
    const auto line = find_place(daemon, request.bus);
    const auto place = place_of(request);
    if (!line || !place) {
        complain(line ? place.error().detail : line.error().detail);
        return usage;
    }
    watch_for_interrupt();
    adapters::ScanLines lines({}, Log());
    for (;;) {
        const auto trial = line->bus_id.empty() ? try_here(lines, line_for(line->line, request.bus, *profile),
                                                           *profile, *place)
                                                : try_there(daemon, line->bus_id, *place, request);
        if (!trial) return refuse(trial.error().detail);
        if (const int told = tell_trial(*trial, request); told != done) return told;
        if (!request.once) wait_ms(between_trials_ms);
        if (request.once || interrupted()) return trial_is_good(*trial) ? done : refused;
    }
}

}  // namespace busbar::ctl
