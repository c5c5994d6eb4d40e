// SPDX-License-Identifier: Apache-2.0
// The configuration comes first, the flag after it: whatever happens in between leaves a setup to finish,
// never a gateway that believes it is set up and is not.
#include "gateway/web/api/setup_routes.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/atomic_file.hpp"
#include "gateway/web/api/configuration_edit.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_draft = 256 * 1024;

/// Where nothing is kept yet: a gateway that has chargers was set up by hand.
Json kept(const std::string& file, const ConfigurationDesk& desk) {
    auto json = Json::parse(file_content(file), nullptr, false);
    if (json.is_object() && json.contains("complete")) return json;
    return {
        {"complete", !desk.settings().config.chargers.empty()}, {"draft", nullptr}, {"updated_at", nullptr}};
}

Json shown(Json setup, const ConfigurationDesk& desk) {
    setup["draft"] = without_secrets(setup.value("draft", Json(nullptr)));
    setup["writable"] = desk.writable();
    return setup;
}

/// A draft's secrets stay where they are, too: null keeps what the draft before had.
Json with_earlier_secrets(const Json& before, Json draft) {
    if (!draft.is_object() || !draft.contains("configuration")) return draft;
    const Json earlier = before.is_object() ? before.value("configuration", Json::object()) : Json::object();
    draft["configuration"] = with_secrets_of(earlier, draft["configuration"]);
    return draft;
}

/// Of what is shown, so that it outlives a restart and tells nothing of secrets; each PUT has its own time.
std::string tag_of(const Json& setup, const ConfigurationDesk& desk) {
    return etag_of(text_of(shown(setup, desk)));
}

HttpResponse answer(const Json& setup, const ConfigurationDesk& desk) {
    auto response = json_response(shown(setup, desk));
    response.headers.emplace_back("ETag", tag_of(setup, desk));
    return response;
}

HttpResponse put(ConfigurationDesk& desk, const std::string& file, const HttpRequest& request,
                 const Now& now) {
    const auto body = object_in(request.body);
    const Json complete = body ? body->value("complete", Json(nullptr)) : Json(nullptr);
    const Json given = body ? body->value("draft", Json(nullptr)) : Json(nullptr);
    if (!complete.is_boolean() || !(given.is_null() || given.is_object()))
        return problem(400, "bad_request",
                       R"(The body must be {"complete": true or false, "draft": {...}}.)");
    if (request.body.size() > longest_draft) return problem(413, "too_large", "A draft has 256 KiB at most.");
    Json setup = kept(file, desk);
    const Json before = setup.value("draft", Json(nullptr));
    Json draft = given.is_null() ? before : with_earlier_secrets(before, given);
    const bool has_configuration = draft.is_object() && draft.contains("configuration");
    if (query_number(request.query, "dry_run") == 1) {
        if (has_configuration) return desk.replace(draft["configuration"], true);
        return problem(400, "bad_request", "There is no draft with a configuration to judge.");
    }
    const auto seen = request.field("If-Match");
    if (seen.empty())
        return problem(428, "if_match_required", "PUT needs If-Match with the ETag that was read.");
    if (seen != tag_of(setup, desk))
        return problem(412, "etag_mismatch", "Somebody else went on with the setup since it was read.");
    const bool applies = complete == true && has_configuration;
    if (applies) {
        auto applied = desk.replace(draft["configuration"], false);
        if (applied.status != 200) return applied;
    }
    setup = {{"complete", complete}, {"draft", complete == true ? Json(nullptr) : std::move(draft)}};
    setup["updated_at"] = time_json(now.utc);
    if (const auto saved = replace_file(file, text_of(setup), Durable::yes); !saved)
        return problem(500, "internal", saved.error().detail);
    return answer(setup, desk);
}

}  // namespace

std::vector<Route> setup_routes(ConfigurationDesk& desk, const std::string& file, std::function<Now()> now) {
    constexpr auto installer = at_least(Role::installer);
    return {
        {"GET", "/api/v1/setup", installer,
         [&desk, file](const HttpRequest&) { return answer(kept(file, desk), desk); }},
        {"PUT", "/api/v1/setup", installer, [&desk, file, now = std::move(now)](const HttpRequest& request) {
             return put(desk, file, request, now());
         }}};
}

}  // namespace busbar::gateway
