// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/update_routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/json_body.hpp"
#include "gateway/web/problem.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr int most_hours = 14 * 24;

struct CodeStatus {
    std::string_view code;
    int status;
};
/// Refusals that are no fault of the bundle.
constexpr std::array<CodeStatus, 7> conflicts{{{"update_running", 409},
                                               {"upload_running", 409},
                                               {"no_bundle", 409},
                                               {"no_plan", 409},
                                               {"no_update_helper", 409},
                                               {"clock_unknown", 409},
                                               {"no_space", 507}}};

HttpResponse refusal(const update::Refusal& refused) {
    const auto* found = std::find_if(conflicts.begin(), conflicts.end(),
                                     [&](const CodeStatus& one) { return one.code == refused.code; });
    return problem(found == conflicts.end() ? 422 : found->status, refused.code, refused.detail);
}

struct StateProgress {
    std::string_view state;
    double progress;
};
constexpr std::array<StateProgress, 6> progresses{{{"scheduled", 0.05},
                                                   {"handed_over", 0.1},
                                                   {"checking", 0.2},
                                                   {"installing", 0.4},
                                                   {"watching", 0.7},
                                                   {"rolling_back", 0.8}}};

double progress_of(const std::string& state) {
    const auto* found = std::find_if(progresses.begin(), progresses.end(),
                                     [&](const StateProgress& one) { return one.state == state; });
    return found == progresses.end() ? 0 : found->progress;
}

Json time_or_null(const std::optional<UtcTime>& time) {
    return time ? Json(ocpp::to_iso8601(*time)) : Json(nullptr);
}

Json bundle_json(const update::Verified& bundle) {
    const auto& manifest = bundle.manifest;
    return {{"version", manifest.version}, {"released", manifest.released}, {"notes", manifest.notes},
            {"size", manifest.size},       {"sha256", manifest.sha256},     {"key", bundle.signer}};
}

Json plan_json(const UpdatePlan& plan) {
    return {{"when", name_of(plan.when)},
            {"at", time_or_null(plan.at)},
            {"not_before", time_or_null(plan.not_before)}};
}

Json last_json(const update::Status& last) {
    const auto text = [](const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); };
    return {{"outcome", text(last.outcome)},
            {"code", text(last.code)},
            {"detail", text(last.detail)},
            {"from", text(last.from)},
            {"to", text(last.to)}};
}

/// {"when": "idle"}, {"when": "now"}, {"at": "..."}.
std::optional<UpdatePlan> read_wish(const nlohmann::json& body) {
    UpdatePlan wish;
    if (const auto at = text_member(body, "at")) {
        wish.when = InstallWhen::at;
        wish.at = ocpp::parse_iso8601(*at);
        return wish.at && !body.contains("when") ? std::optional(wish) : std::nullopt;
    }
    if (body.contains("at")) return std::nullopt;
    if (!body.contains("when")) return wish;
    const auto when = install_when_named(text_member(body, "when").value_or(""));
    if (!when || *when == InstallWhen::at) return std::nullopt;
    wish.when = *when;
    return wish;
}

/// Where a length is announced; a body without one is judged as it comes.
std::uint64_t announced(const HttpRequest& head) {
    const auto text = head.field("Content-Length");
    std::uint64_t bytes = 0;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    return bytes;
}

}  // namespace

UpdateApi::UpdateApi(UpdateDesk& desk, Jobs& jobs, std::function<Now()> now)
    : desk_(desk), jobs_(jobs), now_(std::move(now)) {
    desk_.on_change([this] { follow(); });
}

std::vector<Route> UpdateApi::routes() {
    constexpr auto owner = at_least(Role::owner);
    const Upload upload{update::largest_bundle, "application/octet-stream",
                        [this](HttpRequest& head) { return begin(head); }};
    return {
        {"GET", "/api/v1/update", at_least(Role::viewer), [this](const HttpRequest&) { return show(200); }},
        {"PUT", "/api/v1/update/bundle", owner, [this](const HttpRequest& request) { return taken(request); },
         upload},
        {"POST", "/api/v1/update/install", owner,
         [this](const HttpRequest& request) { return install(request); }},
        {"POST", "/api/v1/update/postpone", owner,
         [this](const HttpRequest& request) { return postpone(request); }},
        {"DELETE", "/api/v1/update", owner, [this](const HttpRequest&) { return cancel(); }}};
}

std::string UpdateApi::page() const {
    const auto report = desk_.report();
    Json json{{"installed", BUSBAR_VERSION}, {"helper", report.has_helper}};
    json["rollback_copy"] = report.has_rollback_copy;
    json["state"] = report.state;
    json["bundle"] = report.bundle ? bundle_json(*report.bundle) : Json(nullptr);
    json["plan"] = report.plan ? plan_json(*report.plan) : Json(nullptr);
    json["last"] = report.last ? last_json(*report.last) : Json(nullptr);
    json["job"] = job_.empty() ? Json(nullptr) : Json(job_);
    return text_of(json);
}

HttpResponse UpdateApi::show(int status) const {
    HttpResponse response;
    response.status = status;
    response.body = page();
    return response;
}

std::optional<HttpResponse> UpdateApi::begin(HttpRequest& head) {
    auto incoming = desk_.receive(announced(head));
    if (!incoming) return refusal(incoming.error());
    head.sink = *std::move(incoming);
    return std::nullopt;
}

HttpResponse UpdateApi::taken(const HttpRequest& request) {
    auto incoming = std::dynamic_pointer_cast<IncomingBundle>(request.sink);
    if (!incoming) return problem(400, "bad_request", "The body must be a bundle.");
    HttpResponse response;
    response.later = [this, incoming = std::move(incoming)](const std::function<void(HttpResponse)>& answer) {
        desk_.take(incoming, [this, answer](const update::Judged<update::Verified>& looked) {
            answer(looked ? show(201) : refusal(looked.error()));
        });
    };
    return response;
}

HttpResponse UpdateApi::install(const HttpRequest& request) {
    const auto body = json_object(request.body);
    auto wish = body ? read_wish(*body) : std::nullopt;
    if (!wish)
        return problem(400, "bad_request", R"(Say {"when": "idle"}, {"when": "now"} or {"at": "<time>"}.)");
    if (const auto planned = desk_.install(*std::move(wish)); !planned) return refusal(planned.error());
    if (job_.empty()) job_ = jobs_.start(JobKind::update, "", [this] { (void)desk_.cancel(); });
    return jobs_.accepted(job_);
}

HttpResponse UpdateApi::postpone(const HttpRequest& request) {
    const auto body = json_object(request.body);
    const auto hours = body && body->contains("hours") ? body->at("hours") : nlohmann::json();
    if (!hours.is_number_integer() || hours < 1 || hours > most_hours) {
        return problem(400, "bad_request", R"(Say {"hours": 1 to 336}.)");
    }
    const auto postponed = desk_.postpone(seconds(3600 * hours.get<int>()));
    return postponed ? show(200) : refusal(postponed.error());
}

HttpResponse UpdateApi::cancel() {
    const auto cancelled = desk_.cancel();
    return cancelled ? show(200) : refusal(cancelled.error());
}

/// The job ends here where the daemon lives through it: a refusal, or a cancellation. After an installation
/// another daemon runs, and GET tells the outcome.
void UpdateApi::follow() {
    if (job_.empty()) return;
    const auto report = desk_.report();
    jobs_.move_on(job_, progress_of(report.state), page());
    const bool over = report.state == "none" || report.state == "available";
    if (!over) return;
    const bool installed = report.last && report.last->outcome == "installed";
    jobs_.end(std::exchange(job_, {}), installed ? JobState::done : JobState::failed, page());
}

}  // namespace busbar::gateway
