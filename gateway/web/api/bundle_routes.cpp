// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/bundle_routes.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "gateway/web/api/configuration_edit.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/api/masking.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int indent = 1;
/// What happened at a time, in lists or in an object of lists.
constexpr std::array<const char*, 3> timed_parts{"ocpp", "buses", "logs"};
constexpr std::array<const char*, 2> time_keys{"t", "ended"};
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

/// All of ours are written alike, so that their order is that of their letters.
std::string time_of(const Json& entry) {
    for (const char* key : time_keys) {
        if (entry.is_object() && entry.contains(key) && entry[key].is_string()) return entry[key];
    }
    return {};
}

template <class Use>
void for_each_list(Json& part, const Use& use) {
    if (part.is_array()) return use(part);
    if (!part.is_object()) return;
    for (auto& member : part) {
        if (member.is_array()) use(member);
    }
}

}  // namespace

Json bundle_of(const std::vector<BundlePart>& parts) {
    Json bundle = Json::object();
    for (const auto& [name, make] : parts) bundle[name] = Json::parse(make(), nullptr, false);
    return without_tags(masked_payload(without_secrets(std::move(bundle))));
}

Json within(Json bundle, const std::optional<UtcTime>& from, const std::optional<UtcTime>& to) {
    const std::string first = from ? ocpp::to_iso8601(*from) : "";
    const std::string last = to ? ocpp::to_iso8601(*to) : "";
    for (const auto* name : timed_parts) {
        if (!bundle.contains(name)) continue;
        for_each_list(bundle[name], [&](Json& list) {
            Json kept = Json::array();
            for (auto& entry : list) {
                const auto time = time_of(entry);
                const bool outside = !time.empty() && (time < first || (to && time > last));
                if (!outside) kept.push_back(std::move(entry));
            }
            list = std::move(kept);
        });
    }
    return bundle;
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
