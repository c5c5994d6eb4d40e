// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/diagnosis_routes.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/action_routes.hpp"
#include "gateway/web/api/exchange_json.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

HttpResponse begin(ConnectionSurroundings& around, Site& site, Jobs& jobs, const std::string& charge_point) {
    if (jobs.runs(JobKind::connection_test, charge_point))
        return problem(409, "job_running", "A test of this connection runs already.");
    // The job must know the test to cancel it, the test the job to tell it.
    const auto test = std::make_shared<std::weak_ptr<ConnectionTest>>();
    const auto id = jobs.start(JobKind::connection_test, charge_point, [test] {
        if (const auto running = test->lock()) running->cancel();
    });
    ConnectionTest::Events events;
    events.told = [&jobs, id](double progress, std::string result, bool over) {
        if (over)
            jobs.end(id, JobState::done, std::move(result));
        else
            jobs.move_on(id, progress, std::move(result));
    };
    events.link = [&site, charge_point]() -> std::optional<LinkFacts> {
        const auto* unit = site.find_unit(charge_point);
        if (unit == nullptr) return std::nullopt;
        return LinkFacts{unit->link_status(), unit->view().registration};
    };
    const auto running = std::make_shared<ConnectionTest>(around, charge_point, std::move(events));
    *test = running;
    running->start();
    return jobs.accepted(id);
}

}  // namespace

std::vector<Route> diagnosis_routes(ConnectionSurroundings& around, Site& site, Jobs& jobs) {
    return {{"POST", "/api/v1/diagnostics/connection", at_least(Role::owner),
             [&around, &site, &jobs](const HttpRequest& request) {
                 const auto body = object_in(request.body);
                 const Json id = body ? body->value("charge_point", Json("")) : Json(nullptr);
                 if (!id.is_string())
                     return problem(400, "bad_request",
                                    R"(The body must be {"charge_point": "..."} or empty.)");
                 const auto charge_point = id.get<std::string>();
                 if (!charge_point.empty() && site.find_unit(charge_point) == nullptr)
                     return no_charger(charge_point);
                 return begin(around, site, jobs, charge_point);
             }}};
}

}  // namespace busbar::gateway
