// SPDX-License-Identifier: Apache-2.0
// What cannot be undone is done for who says the password once more.
#pragma once

#include <functional>

#include "gateway/web/auth/accounts.hpp"

namespace busbar::gateway {

/// Calls `then` for its answer once the body's "password" is that of who asks; over the control socket, whose
/// permissions are its protection, at once. 403 session_required for tokens, 400 bad_request without a
/// password, 401 wrong_credentials, 429 too_many_tries. `accounts` outlives the answer.
HttpResponse with_password_again(Accounts& accounts, const HttpRequest& request,
                                 std::function<HttpResponse(const HttpRequest&)> then);

}  // namespace busbar::gateway
