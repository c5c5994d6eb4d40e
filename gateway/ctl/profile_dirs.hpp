// SPDX-License-Identifier: Apache-2.0
// Where busbarctl finds the models that a scan without a daemon knows.
#pragma once

#include <string>
#include <vector>

namespace busbar::ctl {

/// `dirs`, then the `charger_profile_dirs` of the configuration, then those shipped. `config_file` "": that
/// of the installed gateway, where it can be read; what else is wrong with it does not matter here.
std::vector<std::string> profile_dirs(const std::vector<std::string>& dirs, const std::string& config_file);

}  // namespace busbar::ctl
