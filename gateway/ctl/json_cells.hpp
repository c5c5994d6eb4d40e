// SPDX-License-Identifier: Apache-2.0
// Values of an answer as cells of a table.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"

namespace busbar::ctl {

using Rows = std::vector<std::vector<std::string>>;

/// The value at a pointer such as "/limit/applied_a", or null.
const nlohmann::json& at(const nlohmann::json& value, const char* pointer);
/// Text as it is, others as JSON; "-" for null and "".
std::string text(const nlohmann::json& value);
/// A number with its unit, else "-".
std::string number(const nlohmann::json& value, std::string_view unit);
/// An array to walk, empty when there is none.
const nlohmann::json& list(const nlohmann::json& value, const char* pointer);
/// The answer is of another release.
Error unexpected();

}  // namespace busbar::ctl
