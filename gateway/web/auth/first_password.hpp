// SPDX-License-Identifier: Apache-2.0
// The first account's first password, kept for the label until somebody changes it.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"

namespace busbar::gateway {

/// In a file for its owner only, beside the hash that it belongs to.
Result<void> keep_first_password(const std::string& file, const Secret& password, const std::string& hash);

/// Empty: `hash` is not that of the kept one any more, which is forgotten then.
std::optional<Secret> first_password_of(const std::string& file, const std::string& hash);

}  // namespace busbar::gateway
