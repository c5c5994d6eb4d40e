// SPDX-License-Identifier: Apache-2.0
// What whoever built this promises: whom to tell of a vulnerability, and until when it is mended.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// A URI (mailto:, https:, tel:); empty: not set. EN 303 645, provision 5.2-1. CMake's
/// BUSBAR_VULNERABILITY_CONTACT.
std::string_view vulnerability_contact();

/// Security updates come until that day, YYYY-MM-DD; empty: not set. EN 303 645, provision 5.3-13. CMake's
/// BUSBAR_SUPPORT_UNTIL.
std::string_view support_until();

/// RFC 9116. Valid for half a year from `now`, whenever that is.
std::string security_txt(std::string_view contact, UtcTime now);

}  // namespace busbar::gateway
