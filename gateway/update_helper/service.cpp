// SPDX-License-Identifier: Apache-2.0
#include "gateway/update_helper/service.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/update/files.hpp"
#include "gateway/update_helper/spawn.hpp"

namespace busbar::update {
namespace {

constexpr seconds to_stop{90};
constexpr seconds to_start{150};
constexpr milliseconds between_looks{500};
constexpr const char* systemctl_program = "/usr/bin/systemctl";

}  // namespace

bool Service::systemctl(const char* verb, seconds patience) const {
    const auto ran = run_program({{places_.root + systemctl_program, verb, service_unit}, patience});
    return ran && ran->code == 0;
}

bool Service::is_held() const {
    return ::access(hold().c_str(), F_OK) == 0;
}

Judged<void> Service::stop_and_hold() const {
    if (const auto held = replace_durably(hold(), "", S_IRUSR | S_IRGRP | S_IROTH); !held) {
        return Refusal{"not_stopped", held.error().detail};
    }
    if (systemctl("stop", to_stop)) return {};
    return Refusal{"not_stopped", "The service could not be stopped."};
}

Judged<void> Service::start() const {
    ::unlink(hold().c_str());
    (void)sync_folder_of(hold());
    (void)systemctl("reset-failed", to_stop);
    if (systemctl("start", to_start)) return {};
    return Refusal{"not_started", "The service did not start."};
}

std::optional<std::string> Service::run_of() const {
    const auto ran = run_program({{places_.root + systemctl_program, "show", "--property=ActiveState",
                                   "--property=InvocationID", service_unit},
                                  to_stop,
                                  true});
    if (!ran || ran->code != 0) return std::nullopt;
    return ran->output.find("ActiveState=active\n") == std::string::npos ? std::string() : ran->output;
}

HealthWord Service::word() const {
    HealthWord silence{"", false, "its word"};
    const auto state = open_folder(AT_FDCWD, places_.state());
    if (!state) return silence;
    const auto folder = open_folder(state->get(), spool::folder);
    if (!folder) return silence;
    const auto file = open_plain(folder->get(), spool::health, largest_page);
    const auto text = file ? read_at(*file, 0, largest_page) : Result<std::string>(std::string());
    return read_health_word(text ? *text : std::string()).value_or(silence);
}

Judged<void> Service::watch(const std::string& watch, bool must_be_well) const {
    const Refusal restarted{"restarted", "The service did not stay up."};
    const auto begun = steady_now();
    std::string run;
    HealthWord last{"", false, "its word"};
    while (steady_now() - begun < patience_.well) {
        nap(between_looks);
        const auto now = run_of();
        if (!now) continue;
        if (run.empty()) run = *now;
        if (run.empty() || *now != run) return restarted;
        last = word();
        const bool speaks = last.watch == watch;
        if (!speaks) last.missing = "its word";
        const bool enough = speaks && (last.well || !must_be_well);
        if (enough && steady_now() - begun >= patience_.steady) return {};
    }
    return Refusal{"not_well", "The service runs, but is not well. It waits for " + last.missing + "."};
}

}  // namespace busbar::update
