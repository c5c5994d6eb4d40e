// SPDX-License-Identifier: Apache-2.0
// The verbs about uplinks: status, test, prefer, auto.
#pragma once

#include <string>

#include "gateway/ctl/api_client.hpp"

namespace busbar::ctl {

/// Each returns the program's exit code; `test` is `done` when all layers passed.
int uplink_status(ApiClient& daemon, bool json);
int uplink_test(ApiClient& daemon, const std::string& uplink, bool json);
/// "": the priorities decide again.
int uplink_prefer(ApiClient& daemon, const std::string& uplink, bool json);

}  // namespace busbar::ctl
