// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/http.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace busbar::gateway {
namespace {

struct RoleName {
    Role role;
    std::string_view name;
};
constexpr std::array<RoleName, 5> role_names{{
    {Role::metrics, "metrics"},
    {Role::viewer, "viewer"},
    {Role::owner, "owner"},
    {Role::installer, "installer"},
    {Role::operator_, "operator"},
}};

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string_view name_of(Role role) {
    return role_names.at(static_cast<std::size_t>(role)).name;
}

std::optional<Role> role_named(std::string_view name) {
    for (const auto& row : role_names) {
        if (row.name == name) return row.role;
    }
    return std::nullopt;
}

std::string_view HttpRequest::field(std::string_view name) const {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [=](const auto& f) { return same_name(f.first, name); });
    return found == fields.end() ? std::string_view{} : std::string_view(found->second);
}

std::size_t HttpRequest::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [=](const auto& field) { return same_name(field.first, name); }));
}

}  // namespace busbar::gateway
