// SPDX-License-Identifier: Apache-2.0
// The verbs about the web pages: fingerprint, password, users.
#pragma once

#include <string>

#include "gateway/ctl/api_client.hpp"

namespace busbar::ctl {

/// Each returns the program's exit code.
int web_fingerprint(ApiClient& daemon, bool json);
/// Makes a new password for the account and prints it; it must be changed at the first login.
int web_password(ApiClient& daemon, const std::string& user, bool json);
int web_users(ApiClient& daemon, bool json);

}  // namespace busbar::ctl
