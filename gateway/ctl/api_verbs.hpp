// SPDX-License-Identifier: Apache-2.0
// Verbs that are one route each, or one job.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "gateway/ctl/api_client.hpp"

namespace busbar::ctl {

/// A subcommand and what it does; gives the program's exit code.
struct ApiVerb {
    const CLI::App* app;
    std::function<int(ApiClient& daemon, bool json)> run;
};

/// `factory-reset`, `label`, `support on|off|status|key`.
std::vector<ApiVerb> add_box_verbs(CLI::App& cli);
/// `config get|put|diff`, `backup`, `restore`.
std::vector<ApiVerb> add_configuration_verbs(CLI::App& cli);
/// `certificates`, `certificates client|root|remove-root`.
std::vector<ApiVerb> add_certificate_verbs(CLI::App& cli);
/// `charger pause|resume|limit|charge-now|unlock|reset|schedule`, `sessions`.
std::vector<ApiVerb> add_charger_verbs(CLI::App& cli);
/// `ports`, `profiles`.
std::vector<ApiVerb> add_commissioning_verbs(CLI::App& cli);
/// `doctor`, `checklist`, `bundle`, `logs`.
std::vector<ApiVerb> add_diagnosis_verbs(CLI::App& cli);
/// `network show|wifi|join|access-point|address|confirm`.
std::vector<ApiVerb> add_network_verbs(CLI::App& cli);
/// `update FILE`, `update status|postpone|cancel`.
std::vector<ApiVerb> add_update_verbs(CLI::App& cli);
/// `uplink status|test|prefer|auto`; `test` is `done` when all layers passed.
std::vector<ApiVerb> add_uplink_verbs(CLI::App& cli);
/// `web fingerprint|certificate|password|...`.
std::vector<ApiVerb> add_web_verbs(CLI::App& cli);

/// Prints a good answer as it is, or what `report` makes of it; explains another.
int tell_answer(const Result<ApiAnswer>& answer, bool json,
                const std::function<Result<std::string>(std::string_view)>& report = {});

/// One step of a path, percent-encoded.
std::string path_step(std::string_view text);

/// Waits for the end of the job that `started` accepted; gives its last word, or the answer that says why
/// not.
Result<ApiAnswer> job_end(ApiClient& daemon, const Result<ApiAnswer>& started);

}  // namespace busbar::ctl
