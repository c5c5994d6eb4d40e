// SPDX-License-Identifier: Apache-2.0
// A file that is either the old one or the new one, whenever the power goes.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.hpp"

namespace busbar::gateway {

/// Writes beside `path`, makes it durable, and renames; mode 0640. Error: the disk's words; the old file
/// stands.
Result<void> replace_file(const std::string& path, std::string_view content);

}  // namespace busbar::gateway
