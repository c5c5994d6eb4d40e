// SPDX-License-Identifier: Apache-2.0
// What of a person or a secret is not shown: card numbers, keys, passwords in addresses. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace busbar::gateway {

/// "EVENERGY01" is "EV…01"; short ones lose more.
std::string masked_tag(std::string_view tag);

/// An OCPP payload without AuthorizationKey and what of an address is secret: what stands before its @, its
/// query.
nlohmann::ordered_json masked_secrets(nlohmann::ordered_json payload);

/// The same without card numbers too.
nlohmann::ordered_json masked_payload(nlohmann::ordered_json payload);

}  // namespace busbar::gateway
