// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/status.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace busbar::update {
namespace {

using Json = nlohmann::ordered_json;

struct Member {
    const char* name;
    std::string Status::*value;
};
constexpr std::array<Member, 8> members{{{"id", &Status::id},
                                         {"state", &Status::state},
                                         {"outcome", &Status::outcome},
                                         {"code", &Status::code},
                                         {"detail", &Status::detail},
                                         {"from", &Status::from},
                                         {"to", &Status::to},
                                         {"watch", &Status::watch}}};

}  // namespace

std::string to_json(const Status& status) {
    Json json = Json::object();
    for (const auto& [name, value] : members) json[name] = status.*value;
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::optional<Status> read_status(std::string_view text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Status status;
    for (const auto& [name, value] : members) {
        const auto found = json.find(name);
        if (found == json.end() || !found->is_string()) return std::nullopt;
        status.*value = found->get<std::string>();
    }
    return status;
}

}  // namespace busbar::update
