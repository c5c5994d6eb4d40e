// SPDX-License-Identifier: Apache-2.0
// Who asks, and what a route wants of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace busbar::gateway {

/// Each may what those before it may.
enum class Role {
    metrics,    ///< reads GET /metrics and nothing else; of tokens only
    viewer,     ///< sees states and figures
    owner,      ///< sees what is personal, manages users
    installer,  ///< commissions: configuration, scans, certificates
    operator_   ///< runs a fleet of gateways
};

/// "metrics", "viewer", "owner", "installer", "operator".
std::string_view name_of(Role role);
/// Empty: it is none of them.
std::optional<Role> role_named(std::string_view name);

/// What a route asks of its caller. Every route says it.
struct Access {
    std::optional<Role> least{};          ///< empty: nobody need be logged in
    bool before_password_change = false;  ///< also for whoever must change the password first
};
inline constexpr Access open_to_all{};
constexpr Access at_least(Role role) {
    return {role, false};
}

/// Who asks.
struct Login {
    std::string user;  ///< of an account; of a token, whoever made it; "control-socket" there
    Role role = Role::viewer;
    bool control_socket =
        false;  ///< the socket's permissions are its protection: its peers count as operator
    bool must_change_password = false;
    std::string session{};  ///< public id of the browser session; empty for tokens and the control socket
    std::string token{};    ///< public id of the token
};

}  // namespace busbar::gateway
