// SPDX-License-Identifier: Apache-2.0
// What the upgrade request to the central system says: where, to whom, and with which password.
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"
#include "gateway/base/secret.hpp"

namespace busbar::gateway {

/// OCPP-J 3.1.1: the charge point id, percent-encoded, behind the path and before the query.
std::string request_target(const config::Url& url, std::string_view charge_point);

/// Host header: without the port when it is 443; an IPv6 literal in brackets.
std::string request_host(const config::Url& url);

/// "Basic ..." (RFC 7617) over the password's bytes. Encoding hex: two digits a byte, checked by config,
/// decoded here.
Secret basic_authorization(std::string_view charge_point, const Secret& password,
                           config::PasswordEncoding encoding);

}  // namespace busbar::gateway
