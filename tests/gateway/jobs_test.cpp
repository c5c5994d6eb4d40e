// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/jobs.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

class JobsTest : public testing::Test {
  protected:
    HttpResponse ask(const std::string& method, const std::string& path) {
        HttpRequest request{method, path, "", ""};
        request.login = Login{"control-socket", Role::operator_, true};
        return Router(jobs.routes())(request);
    }
    Json show(const std::string& id) { return Json::parse(ask("GET", "/api/v1/jobs/" + id).body); }

    Now now{SteadyTime(seconds(1000)), UtcTime(seconds(1'767'268'800))};
    std::vector<std::string> told;
    Jobs jobs{[this] { return now; }, [this](const std::string& job) { told.push_back(job); }};
};

TEST_F(JobsTest, AJobIsAcceptedMovesOnNeverBackAndEnds) {
    const auto id = jobs.start(JobKind::connection_test, "CP1", {});
    const auto accepted = jobs.accepted(id);
    EXPECT_EQ(accepted.status, 202);
    EXPECT_THAT(accepted.headers, testing::Contains(testing::Pair("Location", "/api/v1/jobs/" + id)));
    jobs.move_on(id, 0.5, R"({"steps":[1]})");
    jobs.move_on(id, 0.3, R"({"steps":[1,2]})");
    EXPECT_EQ(show(id)["progress"], 0.5);
    EXPECT_EQ(show(id)["result"]["steps"].size(), 2U);
    EXPECT_TRUE(jobs.runs(JobKind::connection_test, "CP1"));
    EXPECT_FALSE(jobs.runs(JobKind::connection_test, "CP2"));
    jobs.end(id, JobState::done, "{}");
    jobs.move_on(id, 0.1, R"("late")");
    EXPECT_EQ(show(id)["state"], "done");
    EXPECT_EQ(show(id)["result"], Json::object());
    EXPECT_EQ(show(id)["ended_at"], "2026-01-01T12:00:00.000Z");
    EXPECT_EQ(told.size(), 4U);
}

TEST_F(JobsTest, CancellingStopsTheWorkOnceAndASecondTimeForgetsTheJob) {
    int stopped = 0;
    const auto id = jobs.start(JobKind::checklist, "CP1", [&] { ++stopped; });
    EXPECT_EQ(Json::parse(ask("DELETE", "/api/v1/jobs/" + id).body)["state"], "cancelled");
    jobs.end(id, JobState::done, "\"late\"");
    EXPECT_EQ(show(id)["state"], "cancelled");
    EXPECT_EQ(ask("DELETE", "/api/v1/jobs/" + id).status, 200);
    EXPECT_EQ(ask("GET", "/api/v1/jobs/" + id).status, 404);
    EXPECT_EQ(stopped, 1);
}

TEST_F(JobsTest, TheFileOfAJobIsGivenUnderItsName) {
    const auto id = jobs.start(JobKind::support_bundle, "", {});
    EXPECT_EQ(ask("GET", "/api/v1/jobs/" + id + "/file").status, 404);
    jobs.end(id, JobState::done, "null", "x.json", "{}");
    const auto file = ask("GET", "/api/v1/jobs/" + id + "/file");
    EXPECT_EQ(file.body, "{}");
    EXPECT_THAT(file.headers,
                testing::Contains(testing::Pair("Content-Disposition", "attachment; filename=\"x.json\"")));
}

TEST_F(JobsTest, WhatIsOverIsKeptForAnHourAndNotInAnyNumber) {
    const auto running = jobs.start(JobKind::checklist, "CP1", {});
    const auto early = jobs.start(JobKind::support_bundle, "", {});
    jobs.end(early, JobState::done, "null");
    now.steady += 2h;
    for (std::size_t i = 0; i < 2 * Jobs::most_kept; ++i)
        jobs.end(jobs.start(JobKind::support_bundle, "", {}), JobState::done, "null");
    EXPECT_EQ(ask("GET", "/api/v1/jobs/" + early).status, 404);
    EXPECT_EQ(show(running)["state"], "running");
    EXPECT_LE(Json::parse(ask("GET", "/api/v1/jobs").body)["jobs"].size(), Jobs::most_kept);
}

}  // namespace
}  // namespace busbar::gateway
