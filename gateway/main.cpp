// SPDX-License-Identifier: Apache-2.0
// busbard: arguments, load, run, exit code.
#include <sys/prctl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

#include "gateway/app.hpp"
#include "gateway/box/erasure.hpp"
#include "gateway/field/shipped_profiles.hpp"
#include "gateway/log_sink.hpp"
#include "gateway/service_manager.hpp"
#include "gateway/settings.hpp"
#include "gateway/state_dir.hpp"
#include "gateway/uplink/own_connections.hpp"

namespace {

using namespace busbar;

/// sysexits.h has the numbers; CONTRACT.md section 1 promises them.
enum ExitCode : int {
    clean = 0,
    usage = 2,
    internal_error = 70,
    state_dir_unusable = 74,
    bad_configuration = 78
};

struct Arguments {
    std::string config;
    std::string state_dir = "/var/lib/busbar";
    LogLevel log_level = LogLevel::info;
    bool check = false;
    std::string update_root;
};

void declare(CLI::App& cli, Arguments& arguments) {
    static const std::map<std::string, LogLevel> levels{{"error", LogLevel::error},
                                                        {"warning", LogLevel::warning},
                                                        {"info", LogLevel::info},
                                                        {"debug", LogLevel::debug}};
    cli.add_option("--config", arguments.config, "Configuration file (JSON, comments allowed)")->required();
    cli.add_option("--state-dir", arguments.state_dir, "The one directory that is written to")
        ->capture_default_str();
    cli.add_option("--log-level", arguments.log_level, "error, warning, info (default) or debug")
        ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case));
    cli.add_flag("--check", arguments.check, "Check the configuration and the charger profiles, and exit");
    cli.add_option("--update-root", arguments.update_root,
                   "The folder below which updates are handed over, in tests; else /");
    cli.set_version_flag("--version", "busbard " BUSBAR_VERSION);
    cli.failure_message(CLI::FailureMessage::help);
    cli.footer("Exit: 0 clean, 2 usage, 74 state directory unusable, 78 configuration.");
}

int state_dir_failed(const Log& log, const std::string& why) {
    log.error("state_dir_unusable", why);
    gateway::tell_service_manager(why);
    return state_dir_unusable;
}

/// Before anything is opened: a factory reset was asked for, or one was interrupted.
Result<void> erase(const Arguments& arguments, const std::string& state_dir, const Log& log) {
    log.warning("factory_reset", "The state directory is erased: a factory reset was asked for.");
    gateway::forget_own_connections(log);
    auto erased =
        gateway::erase_state(state_dir, {arguments.config, gateway::shipped_file("first-config.json")});
    if (erased) log.warning("factory_reset_done", "All is erased; the gateway begins as a new one.");
    return erased;
}

int run(const Arguments& arguments, const gateway::StateDir& state, gateway::GatewaySettings settings,
        const Log& log) {
    boost::asio::io_context loop(1);
    const auto app =
        gateway::App::make(loop, {arguments.config, state, arguments.update_root}, std::move(settings), log);
    if (!app) {
        log.error("start_failed", app.error().detail);
        gateway::tell_service_manager(app.error().detail);
        return app.error().code == Errc::invalid ? bad_configuration : state_dir_unusable;
    }
    loop.run();
    return clean;
}

int bad_settings(const Arguments& arguments, const std::vector<config::Problem>& problems) {
    std::fputs(config::to_text(arguments.config, problems).c_str(), stderr);
    return bad_configuration;
}

int check(const Arguments& arguments) {
    const auto settings = gateway::load_settings(arguments.config, gateway::Shipped::all);
    if (!settings.ok()) return bad_settings(arguments, settings.problems);
    const auto warnings = config::to_text(
        arguments.config, config::warnings_together(settings.value.config, settings.value.profiles));
    if (!warnings.empty()) std::fprintf(stderr, "Good to know:\n%s", warnings.c_str());
    std::puts("configuration ok");
    return clean;
}

/// A service manager starts us anew; without one we do so ourselves, as a process that knows nothing.
int start_anew(char** argv, const Log& log) {
    if (std::getenv("NOTIFY_SOCKET") != nullptr) return clean;  // NOLINT(concurrency-mt-unsafe)
    ::execv("/proc/self/exe", argv);
    log.error("start_failed", "The program cannot start itself anew: start it by hand.");
    return internal_error;
}

int serve(const Arguments& arguments, char** argv) {
    // A core would hold passwords and keys, whatever the limit of its size is where a program collects them.
    ::prctl(PR_SET_DUMPABLE, 0);
    const Log log(gateway::make_log_sink(arguments.log_level));
    std::optional<gateway::StateDir> state;
    const auto open = [&] { return gateway::open_state_dir(arguments.state_dir); };
    if (gateway::erasure_is_asked(arguments.state_dir)) {
        const auto opened = open();
        if (!opened) return state_dir_failed(log, opened.error().detail);
        state = *opened;
        const auto erased = erase(arguments, state->path, log);
        if (!erased) return state_dir_failed(log, erased.error().detail);
    }
    auto settings = gateway::load_settings(arguments.config);
    if (!settings.ok()) {
        gateway::tell_service_manager(config::to_text(arguments.config, settings.problems));
        return bad_settings(arguments, settings.problems);
    }
    if (!state) {
        const auto opened = open();
        if (!opened) return state_dir_failed(log, opened.error().detail);
        state = *opened;
    }
    const int code = run(arguments, *state, std::move(settings.value), log);
    return code == clean && gateway::erasure_is_asked(state->path) ? start_anew(argv, log) : code;
}

int start(int argc, char** argv) {
    Arguments arguments;
    CLI::App cli("OCPP 1.6J gateway for EV chargers that speak Modbus or a serial protocol.", "busbard");
    try {
        declare(cli, arguments);
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? clean : usage;
    }
    return arguments.check ? check(arguments) : serve(arguments, argv);
}

}  // namespace

int main(int argc, char** argv) {
    // A peer that left and a file that may not grow are error codes, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return start(argc, argv);
    } catch (const std::exception& error) {  // out of memory, or a mistake of ours
        std::fprintf(stderr, "busbard: %s\n", error.what());
        return internal_error;
    }
}
