// SPDX-License-Identifier: Apache-2.0
// A list of JSON objects in a file for its owner only: {"users": [...]}.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// Gives each entry to `take`, which says whether it is sound, or throws what nlohmann throws. No file: no
/// entries. A file that is damaged, or has an unsound entry, is renamed to `file`.damaged and logged; what
/// was taken by then stays.
void read_private_list(const std::string& file, const char* name, const Log& log,
                       const std::function<bool(const nlohmann::json&)>& take);

/// Replaces the file, on the disk before it returns. Error: io.
Result<void> write_private_list(const std::string& file, const char* name, const nlohmann::json& list);

}  // namespace busbar::gateway
