// SPDX-License-Identifier: Apache-2.0
// The verbs for the one who connects a charger: scan, and profile check, show and try. Each works through the
// daemon where it has the line, else on the line itself, with the same code.
#pragma once

#include <string>
#include <vector>

#include "gateway/ctl/api_client.hpp"

namespace busbar::ctl {

struct ScanRequest {
    std::string bus;  ///< a bus's id, or a line as in line_spec.hpp
    bool stop = false;
    bool anyway = false;
    bool thorough = false;
    bool first = false;
    std::string units;                  ///< as in unit_lists.hpp
    std::vector<std::string> profiles;  ///< directories; for a scan without the daemon
    std::string config;                 ///< a configuration whose charger_profile_dirs count; "": the usual
    bool json = false;
};

struct TryRequest {
    std::string file;
    std::string bus;
    int unit = 1;
    std::string units;   ///< as in unit_lists.hpp
    int connectors = 0;  ///< 0: as many as can be told
    bool once = false;
    std::string record;  ///< file for the fixture; "": none
    bool json = false;
};

/// Each returns the program's exit code: `done` when something was found, or all is well.
int scan(ApiClient& daemon, const ScanRequest& request);
int check_profile(const std::string& file, bool json);
int show_profile(const std::string& file);
int try_profile(ApiClient& daemon, const TryRequest& request);

}  // namespace busbar::ctl
