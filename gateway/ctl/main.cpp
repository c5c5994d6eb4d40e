// SPDX-License-Identifier: Apache-2.0
// busbarctl: one verb, one route of the API.
#include <curl/curl.h>

#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "gateway/ctl/api_client.hpp"
#include "gateway/ctl/reports.hpp"

namespace {

using namespace busbar;
using namespace busbar::ctl;

enum ExitCode : int { done = 0, refused = 1, usage = 2, unreachable = 3 };

constexpr int follow_interval_ms = 500;

struct Arguments {
    std::string socket = "/var/lib/busbar/control.sock";
    bool json = false;
    bool follow = false;
};

void complain(const std::string& text) {
    std::fprintf(stderr, "busbarctl: %s\n", text.c_str());
}

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

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
            if (drained) poll(nullptr, 0, follow_interval_ms);
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

    static int refuse(const std::string& text) {
        complain(text);
        return refused;
    }

    const Arguments& arguments_;
    ApiClient client_;
    int exit_code_ = done;
};

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App cli("Asks the Busbar gateway on this machine.", "busbarctl");
    cli.add_option("--socket", arguments.socket, "The daemon's control socket")->capture_default_str();
    cli.add_flag("--json", arguments.json, "Print what the daemon answers; trace: one JSON object a line");
    cli.set_version_flag("--version", "busbarctl " BUSBAR_VERSION);
    cli.footer("Exit: 0 done, 1 the daemon answered an error, 2 usage, 3 the daemon cannot be reached.");
    cli.require_subcommand(1);
    cli.fallthrough();
    const auto* status =
        cli.add_subcommand("status", "Links, connectors, transactions, limits and bus counters");
    auto* trace = cli.add_subcommand("trace", "The last OCPP frames and exchanges with chargers");
    trace->add_flag("--follow", arguments.follow, "Go on with what happens from now on");
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? done : usage;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Verbs verbs(arguments);
    return *status ? verbs.status() : verbs.trace();
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
