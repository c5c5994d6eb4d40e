// SPDX-License-Identifier: Apache-2.0
// The accounts of the pages, in a file that is replaced whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/access.hpp"

namespace busbar::gateway {

struct User {
    std::string name;  ///< 1 to 32 of [a-z0-9._-]
    Role role = Role::viewer;
    std::string password_hash{};  ///< empty: nobody can log in
    bool must_change_password = true;
    std::optional<UtcTime> expires_at{};

    [[nodiscard]] bool expired(UtcTime now) const { return expires_at && *expires_at <= now; }
};

bool is_user_name(std::string_view name);

/// Loop thread only.
class Users {
  public:
    static constexpr std::size_t most = 64;

    /// Reads `file` (mode 0600). One that is damaged is set aside as `file`.damaged, and logged.
    Users(std::string file, const Log& log);

    [[nodiscard]] const std::vector<User>& all() const { return users_; }
    [[nodiscard]] const User* find(std::string_view name) const;

    /// Adds the user, or replaces the one of that name; on the disk before it counts. Error: io; or invalid,
    /// when there are `most` already.
    Result<void> put(User user);
    Result<void> remove(std::string_view name);

    /// Whether somebody other than `name` can always manage users: an owner or higher that does not expire
    /// and has a password.
    [[nodiscard]] bool managed_without(std::string_view name) const;

  private:
    Result<void> keep(std::vector<User> users);

    std::string file_;
    std::vector<User> users_;
};

}  // namespace busbar::gateway
