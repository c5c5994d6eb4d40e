// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/about_routes.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/contact.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

struct Component {
    std::string_view name;
    std::string_view licence;  ///< SPDX
};
constexpr std::array components = std::to_array<Component>({
    {"Boost", "BSL-1.0"},
    {"c-ares", "MIT"},
    {"CLI11", "BSD-3-Clause"},
    {"curl", "curl"},
    {"date", "MIT"},
    {"{fmt}", "MIT"},
    {"libmodbus", "LGPL-2.1-or-later"},
    {"libmosquitto", "EPL-2.0 OR BSD-3-Clause"},
    {"libsodium", "ISC"},
    {"libsystemd", "LGPL-2.1-or-later"},
    {"JSON for Modern C++", "MIT"},
    {"OpenSSL", "Apache-2.0"},
    {"sdbus-c++", "LGPL-2.1-or-later"},
    {"SQLite", "blessing"},
    {"SQLiteCpp", "MIT"},
});

Json or_null(std::string_view text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json about() {
    Json json{{"product", "Busbar"}, {"version", BUSBAR_VERSION}};
    json["support_until"] = or_null(support_until());
    json["licence"] = "Apache-2.0";
    json["vulnerability_contact"] = or_null(vulnerability_contact());
    json["components"] = Json::array();
    for (const auto& [name, licence] : components)
        json["components"].push_back({{"name", name}, {"licence", licence}});
    return json;
}

}  // namespace

std::vector<Route> about_routes() {
    return {{"GET", "/api/v1/about", at_least(Role::viewer),
             [](const HttpRequest&) { return json_response(about()); }}};
}

std::string about_text() {
    return text_of(about());
}

}  // namespace busbar::gateway
