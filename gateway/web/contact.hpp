// SPDX-License-Identifier: Apache-2.0
// Whom to tell of a vulnerability: shown to people, and to programs by RFC 9116.
#pragma once

#include <string_view>

namespace busbar::gateway {

/// EN 303 645, provision 5.2-1.
inline constexpr std::string_view vulnerability_contact = "mailto:security@busbar.example";

}  // namespace busbar::gateway
