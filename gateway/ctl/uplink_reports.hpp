// SPDX-License-Identifier: Apache-2.0
// What the API says of uplinks, for people.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::ctl {

/// GET /api/v1/uplinks. Error: not the JSON that is expected.
Result<std::string> uplinks_report(std::string_view body);

/// The answer to a test, a line a layer. Error: not the JSON that is expected.
Result<std::string> uplink_test_report(std::string_view body);

/// All layers of a test passed.
bool uplink_passed(std::string_view body);

}  // namespace busbar::ctl
