// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/users.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/web/auth/private_file.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using nlohmann::json;

constexpr std::size_t longest_name = 32;

json to_json(const User& user) {
    return {{"name", user.name},
            {"role", name_of(user.role)},
            {"password", user.password_hash},
            {"must_change_password", user.must_change_password},
            {"expires_at", user.expires_at ? json(ocpp::to_iso8601(*user.expires_at)) : json(nullptr)}};
}

/// Throws what nlohmann throws when a member is missing or of another kind.
std::optional<User> user_of(const json& entry) {
    User user{entry.at("name"), Role::viewer, entry.at("password"), entry.at("must_change_password")};
    const auto role = role_named(entry.at("role").get<std::string>());
    if (!role || !is_user_name(user.name)) return std::nullopt;
    user.role = *role;
    if (!entry.at("expires_at").is_null()) {
        user.expires_at = ocpp::parse_iso8601(entry.at("expires_at").get<std::string>());
        if (!user.expires_at) return std::nullopt;
    }
    return user;
}

}  // namespace

bool is_user_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

Users::Users(std::string file, const Log& log) : file_(std::move(file)) {
    read_private_list(file_, "users", log, [this](const json& entry) {
        auto user = user_of(entry);
        const bool sound = user.has_value();
        if (sound) users_.push_back(*std::move(user));
        return sound;
    });
}

const User* Users::find(std::string_view name) const {
    const auto found =
        std::find_if(users_.begin(), users_.end(), [=](const User& user) { return user.name == name; });
    return found == users_.end() ? nullptr : &*found;
}

Result<void> Users::put(User user) {
    auto users = users_;
    const auto old =
        std::find_if(users.begin(), users.end(), [&](const User& other) { return other.name == user.name; });
    if (old != users.end()) {
        *old = std::move(user);
    } else if (users.size() < most) {
        users.push_back(std::move(user));
    } else {
        return Error{Errc::invalid, "64 users are the most: remove one first"};
    }
    return keep(std::move(users));
}

Result<void> Users::remove(std::string_view name) {
    auto users = users_;
    std::erase_if(users, [=](const User& user) { return user.name == name; });
    return keep(std::move(users));
}

bool Users::managed_without(std::string_view name) const {
    return std::any_of(users_.begin(), users_.end(), [=](const User& user) {
        return user.name != name && user.role >= Role::owner && !user.expires_at &&
               !user.password_hash.empty();
    });
}

Result<void> Users::keep(std::vector<User> users) {
    auto list = json::array();
    for (const auto& user : users) list.push_back(to_json(user));
    if (auto kept = write_private_list(file_, "users", list); !kept) return kept;
    users_ = std::move(users);
    return {};
}

}  // namespace busbar::gateway
