// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/profile_dirs.hpp"

#include <unistd.h>

#include <array>

#include "config/config.hpp"
#include "gateway/field/shipped_profiles.hpp"

namespace busbar::ctl {
namespace {

constexpr std::array usual_files{"/var/lib/busbar/config.json", "/etc/busbar/config.json"};

std::string usual_file() {
    for (const char* file : usual_files) {
        if (::access(file, R_OK) == 0) return file;
    }
    return "";
}

}  // namespace

std::vector<std::string> profile_dirs(const std::vector<std::string>& dirs, const std::string& config_file) {
    auto all = dirs;
    const auto file = config_file.empty() ? usual_file() : config_file;
    if (!file.empty()) {
        for (const auto& dir : config::load_config(file).value.charger_profile_dirs) all.push_back(dir);
    }
    for (const auto& dir : gateway::shipped_profile_dirs()) all.push_back(dir);
    return all;
}

}  // namespace busbar::ctl
