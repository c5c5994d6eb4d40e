// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/bundle_routes.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "gateway/web/api/configuration_edit.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/masking.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int indent = 1;
constexpr std::array<const char*, 2> tag_keys{"id_tag", "tag"};

/// Our own spelling of what masked_payload() knows by OCPP's.
Json without_tags(Json json) {
    if (!json.is_structured()) return json;
    for (auto& member : json) member = without_tags(std::move(member));
    for (const char* key : tag_keys) {
        if (json.is_object() && json.contains(key) && json[key].is_string())
            json[key] = masked_tag(json[key].get<std::string>());
    }
    return json;
}

}  // namespace

Json bundle_of(const std::vector<BundlePart>& parts) {
    Json bundle = Json::object();
    for (const auto& [name, make] : parts) bundle[name] = Json::parse(make(), nullptr, false);
    return without_tags(masked_payload(without_secrets(std::move(bundle))));
}

std::vector<Route> bundle_routes(Jobs& jobs, std::vector<BundlePart> parts) {
    return {{"POST", "/api/v1/support-bundle", at_least(Role::owner),
             [&jobs, parts = std::move(parts)](const HttpRequest&) {
                 const auto id = jobs.start(JobKind::support_bundle, "", {});
                 const Json bundle = bundle_of(parts);
                 jobs.end(id, JobState::done, "null", "busbar-support.json",
                          bundle.dump(indent, ' ', false, Json::error_handler_t::replace));
                 return jobs.accepted(id);
             }}};
}

}  // namespace busbar::gateway
