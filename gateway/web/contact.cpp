// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/contact.hpp"

#include <fmt/format.h>

#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

constexpr std::chrono::days validity{180};

}  // namespace

std::string_view vulnerability_contact() {
    return BUSBAR_VULNERABILITY_CONTACT;
}

std::string_view support_until() {
    return BUSBAR_SUPPORT_UNTIL;
}

std::string security_txt(std::string_view contact, UtcTime now) {
    const auto end = std::chrono::floor<std::chrono::days>(now) + validity;
    return fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n", contact, ocpp::to_iso8601(end));
}

}  // namespace busbar::gateway
