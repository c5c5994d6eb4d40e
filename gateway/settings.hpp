// SPDX-License-Identifier: Apache-2.0
// From files to what the gateway runs on: configuration and charger profiles together, or everything wrong
// with them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/hardware.hpp"
#include "config/profile.hpp"
#include "gateway/profile_shelf.hpp"
#include "ocpp/context.hpp"

namespace busbar::gateway {

struct GatewaySettings {
    config::Config config;
    /// Those that `config` names, and all in directories of the site's own.
    std::map<std::string, config::Profile> profiles;
    ProfileShelf shelf{};
    config::BoxSettings box{};
    config::Hardware hardware{};  ///< of a box without a profile: nothing
};

/// Which of the shipped profiles are read: where something is wrong, all in any case.
enum class Shipped { named, all };

/// Reads the configuration, the hardware profile, the profiles it names and those of its directories, and
/// holds them against each other; OCPP keys under "configuration" are checked too. Problem paths of profiles
/// begin with their file's name.
config::Checked<GatewaySettings> load_settings(const std::string& config_file,
                                               Shipped which = Shipped::named);
/// The same from the configuration's text.
config::Checked<GatewaySettings> read_settings(std::string_view config_text);

/// What whoever commissions should know of settings that are right in themselves, each with its place.
std::vector<std::string> commissioning_warnings(const GatewaySettings& settings);

/// What the charge point of `charger` is, for the OCPP core. `run` and `boot_id` are left to the caller.
ocpp::Settings charge_point_settings(const config::Charger& charger, const config::Profile& profile,
                                     const config::Charging& charging = {});

}  // namespace busbar::gateway
