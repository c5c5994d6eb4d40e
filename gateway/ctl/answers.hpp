// SPDX-License-Identifier: Apache-2.0
// What a verb does with the daemon's answer.
#pragma once

#include <string>
#include <string_view>

#include "gateway/ctl/api_client.hpp"

namespace busbar::ctl {

/// Prints a good answer, as it is or by its report; explains another. The program's exit code.
int tell(const Result<ApiAnswer>& answer, bool as_json, Result<std::string> (*report)(std::string_view));

}  // namespace busbar::ctl
