// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/configuration_routes.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/atomic_file.hpp"
#include "gateway/field/shipped_profiles.hpp"
#include "gateway/web/api/configuration_edit.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int indent = 2;

HttpResponse read_only() {
    return problem(409, "config_read_only",
                   "The configuration lies outside the state directory: edit the file, then send SIGHUP.");
}

HttpResponse show(const ConfigurationDesk& desk) {
    const auto present = desk.present();
    if (present.is_null())
        return problem(409, "config_unreadable", "The configuration file cannot be read as JSON any more.");
    auto response = json_response(without_secrets(present));
    response.headers.emplace_back("ETag", desk.etag());
    return response;
}

HttpResponse put(ConfigurationDesk& desk, const HttpRequest& request) {
    const auto wanted = object_in(request.body);
    if (!wanted || request.body.empty())
        return problem(400, "bad_request", "The body must be the whole configuration as a JSON object.");
    const bool dry_run = query_number(request.query, "dry_run") == 1;
    const auto seen = request.field("If-Match");
    if (seen.empty() && !dry_run)
        return problem(428, "if_match_required", "PUT needs If-Match with the ETag that was read.");
    if (!seen.empty() && seen != desk.etag())
        return problem(412, "etag_mismatch", "Somebody else changed the configuration since it was read.");
    return desk.replace(*wanted, dry_run);
}

HttpResponse schema() {
    static const std::string text = file_content(shipped_file("gateway.schema.json"));
    if (text.empty()) return problem(404, "not_found", "The schema is not installed beside the program.");
    HttpResponse response;
    response.content_type = "application/schema+json";
    response.body = text;
    return response;
}

Json change_report(const GatewaySettings& from, const GatewaySettings& to, Json changes, bool dry_run) {
    Json report{{"dry_run", dry_run}, {"changes", std::move(changes)}};
    report["restarts"] = restarted_by(from, to);
    report["restarts_all"] = from.config.central_system != to.config.central_system;
    report["warnings"] = Json::array();
    for (const auto& [path, text] : config::warnings_together(to.config, to.profiles))
        report["warnings"].push_back(fmt::format("{}: {}", path, text));
    return report;
}

}  // namespace

Json ConfigurationDesk::present() const {
    auto json = Json::parse(file_content(port_.file), nullptr, false, true);
    return json.is_object() ? json : Json(nullptr);
}

std::string ConfigurationDesk::etag() const {
    return etag_of(salt_ + file_content(port_.file));
}

HttpResponse ConfigurationDesk::replace(const Json& wanted, bool dry_run) const {
    if (!port_.writable && !dry_run) return read_only();
    const Json before = present();
    const Json after = with_secrets_of(before.is_null() ? Json::object() : before, wanted);
    const std::string text = after.dump(indent, ' ', false, Json::error_handler_t::replace) + '\n';
    auto fresh = read_settings(text);
    if (!fresh.ok())
        return problem(422, "configuration_invalid", "The configuration has problems and is not taken.",
                       fresh.problems);
    const Json report =
        change_report(port_.settings(), fresh.value,
                      changes_between(before.is_null() ? Json::object() : before, after), dry_run);
    if (!dry_run) {
        const auto taken =
            port_.take(std::move(fresh.value), [&] { return replace_file(port_.file, text, Durable::yes); });
        if (!taken)
            return problem(422, "configuration_invalid",
                           "The configuration is not taken: " + taken.error().detail,
                           {{"", taken.error().detail}});
    }
    auto response = json_response(report);
    response.headers.emplace_back("ETag", etag());
    return response;
}

std::vector<Route> configuration_routes(ConfigurationDesk& desk) {
    constexpr auto installer = at_least(Role::installer);
    return {{"GET", "/api/v1/configuration", installer, [&desk](const HttpRequest&) { return show(desk); }},
            {"PUT", "/api/v1/configuration", installer,
             [&desk](const HttpRequest& request) { return put(desk, request); }},
            {"GET", "/api/v1/configuration/schema", at_least(Role::viewer),
             [](const HttpRequest&) { return schema(); }}};
}

}  // namespace busbar::gateway
