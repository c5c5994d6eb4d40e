// SPDX-License-Identifier: Apache-2.0
// Which passwords are good enough.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace busbar::gateway {

/// What is wrong with it: "short" (less than 10 characters), "long" (more than 256 bytes), "monotonous" (less
/// than 5 different ones), "like_user", "like_product"; empty: nothing.
std::string_view weakness_of(std::string_view password, std::string_view user);

}  // namespace busbar::gateway
