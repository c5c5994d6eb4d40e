// SPDX-License-Identifier: Apache-2.0
// A profile's trial as JSON text: what POST /api/v1/buses/{bus}/try answers, and the fixture it can be kept
// as.
#pragma once

#include <string>

#include "adapters/profile_trial.hpp"

namespace busbar::gateway {

struct TrialSubject {
    std::string profile;  ///< id
    adapters::TrialPlace place;
};

std::string to_json(const TrialSubject& subject, const adapters::TrialReport& report);

/// The exchanges and the readings that followed from them, a case of a fixture for each connector: to be put
/// beside the profile and replayed without the charger. `trial_json` is what to_json() made.
std::string fixture_of(const std::string& trial_json);

}  // namespace busbar::gateway
