// SPDX-License-Identifier: Apache-2.0
// busbarctl: one verb, one route of the API.
#include <curl/curl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ctl/api_client.hpp"
#include "gateway/ctl/api_verbs.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/field_verbs.hpp"
#include "gateway/ctl/reports.hpp"

namespace {

using namespace busbar;
using namespace busbar::ctl;

constexpr int follow_interval_ms = 500;

struct Arguments {
    std::string socket = "/var/lib/busbar/control.sock";
    bool json = false;
    bool follow = false;
    ScanRequest scan;
    TryRequest trial;
    std::string profile;
};

/// The verbs. Each returns the program's exit code.
class Verbs {
  public:
    explicit Verbs(const Arguments& arguments) : arguments_(arguments), client_(arguments.socket) {}

    int status() {
        const auto body = get("/api/v1/status");
        if (!body) return exit_code_;
        const auto report = arguments_.json ? Result<std::string>(*body + '\n') : status_report(*body);
        if (!report) return refuse(report.error().detail);
        print(*report);
        return done;
    }

    int scan() {
        auto request = arguments_.scan;
        request.json = arguments_.json;
        return ctl::scan(client_, request);
    }

    int check_profile() { return ctl::check_profile(arguments_.profile, arguments_.json); }

    int show_profile() { return ctl::show_profile(arguments_.profile); }

    int try_profile() {
        auto request = arguments_.trial;
        request.file = arguments_.profile;
        request.json = arguments_.json;
        return ctl::try_profile(client_, request);
    }

    int trace() {
        for (std::int64_t after = 0, end = -1;;) {
            const auto body = get("/api/v1/trace?after=" + std::to_string(after));
            if (!body) return exit_code_;
            const auto page = trace_page(*body, arguments_.json);
            if (!page) return refuse(page.error().detail);
            print(page->text);
            if (end < 0) end = page->last;
            const bool drained = page->seen == 0;
            if (!arguments_.follow && (drained || page->seen >= end)) return done;
            // Numbers below ours: the daemon was restarted and counts anew.
            after = drained && page->last < after ? 0 : std::max(after, page->seen);
            if (drained) wait_ms(follow_interval_ms);
        }
    }

  private:
    /// The body of a good answer; else nothing, after saying what is wrong.
    std::optional<std::string> get(const std::string& target) {
        auto answer = client_.get(target);
        if (!answer) {
            exit_code_ = unreachable;
            complain(answer.error().detail);
            return std::nullopt;
        }
        if (answer->ok()) return std::move(answer->body);
        if (arguments_.json) print(answer->body + '\n');
        exit_code_ = refuse(problem_text(answer->body));
        return std::nullopt;
    }

    const Arguments& arguments_;
    ApiClient client_;
    int exit_code_ = done;
};

using Verb = int (Verbs::*)();

/// A subcommand and what it calls.
struct Entry {
    const CLI::App* app;
    Verb verb;
};

constexpr const char* lines_help =
    "The id of a bus, or a line: /dev/ttyUSB0[:19200,even,1], tcp:HOST[:PORT], rtu-over-tcp:HOST:PORT, "
    "ascii:/dev/..., serial:/dev/..., keba-udp:HOST";

std::vector<Entry> add_questions(CLI::App& cli, Arguments& arguments) {
    auto* status = cli.add_subcommand("status", "Links, connectors, transactions, limits and bus counters");
    auto* trace = cli.add_subcommand("trace", "The last OCPP frames and exchanges with chargers");
    trace->add_flag("--follow", arguments.follow, "Go on with what happens from now on");
    return {{status, &Verbs::status}, {trace, &Verbs::trace}};
}

Entry add_scan(CLI::App& cli, Arguments& arguments) {
    auto* scan = cli.add_subcommand("scan", "Finds the chargers and meters on a line; only ever reads");
    scan->add_option("BUS", arguments.scan.bus, lines_help)->required();
    scan->add_flag("--stop", arguments.scan.stop, "End the scan that the daemon runs");
    scan->add_flag("--anyway", arguments.scan.anyway, "Go on although somebody else talks on the line");
    scan->add_flag("--thorough", arguments.scan.thorough,
                   "Try every setting, also when devices were found at one");
    scan->add_flag("--first", arguments.scan.first, "End at the first device");
    scan->add_option("--units", arguments.scan.units, "Ask these unit ids only, as in 1-8,20");
    scan->add_option("--profiles", arguments.scan.profiles,
                     "A directory of profiles to know too; for a line that no daemon has");
    scan->add_option("--config", arguments.scan.config,
                     "Know the charger_profile_dirs of this configuration, in place of the installed one's");
    return {scan, &Verbs::scan};
}

std::vector<Entry> add_profile(CLI::App& cli, Arguments& arguments) {
    auto* profile = cli.add_subcommand("profile", "Checks, shows and tries the profile of a charger");
    profile->require_subcommand(1);
    auto* check = profile->add_subcommand("check", "Says all that is wrong with a profile");
    auto* show = profile->add_subcommand("show", "The register table, and what is written when");
    auto* trial = profile->add_subcommand("try", "Live values of a charger through the profile; only reads");
    for (auto* verb : {check, show, trial}) verb->add_option("FILE", arguments.profile)->required();
    trial->add_option("--bus", arguments.trial.bus, lines_help)->required();
    trial->add_option("--unit", arguments.trial.unit, "Modbus unit id")
        ->required()
        ->check(CLI::Range(1, 255));
    trial->add_option("--units", arguments.trial.units,
                      "Further unit ids that the profile names, as in socket2=2,station=200");
    trial->add_option("--connectors", arguments.trial.connectors, "How many sockets the charger has")
        ->check(CLI::Range(1, 64));
    trial->add_flag("--once", arguments.trial.once, "One look, then end");
    trial->add_option("--record", arguments.trial.record, "Keep the last look's exchanges as a fixture");
    return {{check, &Verbs::check_profile}, {show, &Verbs::show_profile}, {trial, &Verbs::try_profile}};
}

std::vector<Entry> add_verbs(CLI::App& cli, Arguments& arguments) {
    auto entries = add_questions(cli, arguments);
    entries.push_back(add_scan(cli, arguments));
    for (const auto& entry : add_profile(cli, arguments)) entries.push_back(entry);
    return entries;
}

std::vector<ApiVerb> add_api_verbs(CLI::App& cli) {
    auto verbs = add_configuration_verbs(cli);
    for (const auto add :
         {add_box_verbs, add_certificate_verbs, add_charger_verbs, add_commissioning_verbs,
          add_diagnosis_verbs, add_network_verbs, add_update_verbs, add_uplink_verbs, add_web_verbs}) {
        for (auto& verb : add(cli)) verbs.push_back(std::move(verb));
    }
    return verbs;
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App cli("Asks the Busbar gateway on this machine.", "busbarctl");
    cli.add_option("--socket", arguments.socket, "The daemon's control socket")->capture_default_str();
    cli.add_flag("--json", arguments.json, "Print what the daemon answers; trace: one JSON object a line");
    cli.set_version_flag("--version", "busbarctl " BUSBAR_VERSION);
    cli.footer(
        "Exit: 0 done, or found; 1 the daemon answered an error, problems, or nothing found; 2 usage; 3 the "
        "daemon cannot be reached.");
    cli.require_subcommand(1);
    cli.fallthrough();
    const auto entries = add_verbs(cli, arguments);
    const auto api_verbs = add_api_verbs(cli);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? done : usage;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    ApiClient daemon(arguments.socket);
    for (const auto& verb : api_verbs) {
        if (verb.app->parsed()) return verb.run(daemon, arguments.json);
    }
    Verbs verbs(arguments);
    const auto chosen =
        std::find_if(entries.begin(), entries.end(), [](const Entry& entry) { return entry.app->parsed(); });
    return chosen == entries.end() ? usage : (verbs.*chosen->verb)();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "busbarctl: %s\n", error.what());
        return refused;
    }
}
