// SPDX-License-Identifier: Apache-2.0
// The run through the automatic items, with a charge point in the test's hand.
#include "gateway/web/api/checklist.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

class ChecklistTest : public testing::Test {
  protected:
    ChecklistTest() {
        ocpp::ConnectorView view;
        view.status = ocpp::ConnectorStatus{};
        view.transaction = &transaction;
        view.confirmed = true;
        view.wanted = Amperes(16);
        view.power = Watts(11'000);
        view.current = Amperes(16);
        view.energy = WattHours(1000);
        report.view.connectors.push_back(view);
        report.view.registration = ocpp::RegistrationStatus::Accepted;
    }

    ocpp::ConnectorView& connector() { return report.view.connectors.front(); }

    /// A good charger: it does what is tried.
    void obey() {
        const double amperes = run.trial().value_or(Amperes(16)).value();
        connector().wanted = Amperes(amperes);
        connector().current = Amperes(amperes);
        connector().power = Watts(amperes * 690);
        *connector().energy += WattHours(amperes);
    }
    void second(bool obeys = true) {
        now.steady += 1s;
        if (obeys) obey();
        run.look(report, now);
    }
    [[nodiscard]] std::string outcome(std::string_view item) {
        const Json json = checklist.to_json("CP1");
        for (const auto& one : json["items"]) {
            if (one["item"] == item)
                return one["state"].get<std::string>() + " " + one["code"].get<std::string>();
        }
        return "";
    }

    ocpp::Transaction transaction;
    ChargePointReport report;
    Now now{SteadyTime(seconds(1000)), UtcTime(seconds(1'767'268'800))};
    Checklist checklist;
    ChecklistRun run{checklist, now.steady};
};

TEST_F(ChecklistTest, AGoodChargerPassesEveryAutomaticItemOfTheRun) {
    std::vector<double> tried;
    for (int i = 0; i < 100 && !run.over(); ++i) {
        second();
        if (run.trial() && (tried.empty() || tried.back() != run.trial()->value()))
            tried.push_back(run.trial()->value());
    }
    EXPECT_TRUE(run.over());
    EXPECT_THAT(tried, testing::ElementsAre(16, 6, 0));
    for (const char* item : {"identity", "accepted", "meter_rises", "limit_16", "limit_6", "pause", "resume"})
        EXPECT_THAT(outcome(item), testing::StartsWith("passed ")) << item;
    EXPECT_EQ(outcome("offline_start"), "open not_tried");
    EXPECT_EQ(run.trial(), std::nullopt);
}

TEST_F(ChecklistTest, WithoutACarOnlyWhatNeedsNoneIsTriedAndNothingIsLimited) {
    connector().transaction = nullptr;
    for (int i = 0; i < 60 && !run.over(); ++i) {
        second(false);
        EXPECT_FALSE(run.over() && run.trial());
    }
    EXPECT_TRUE(run.over());
    EXPECT_EQ(outcome("identity"), "passed answers");
    EXPECT_EQ(outcome("limit_6"), "open needs_charging_car");
}

TEST_F(ChecklistTest, ACarThatTakesMoreThanItIsTold) {
    while (!run.over() && outcome("limit_6") != "running running") second();
    for (int i = 0; i < 40 && outcome("limit_6") == "running running"; ++i) {
        connector().wanted = Amperes(6);
        connector().current = Amperes(16);
        second(false);
    }
    EXPECT_EQ(outcome("limit_6"), "failed takes_more");
}

TEST_F(ChecklistTest, AChargerThatRefusesOrStaysSilent) {
    connector().limit_refusal = "exception 2";
    connector().lost = true;
    for (int i = 0; i < 400 && !run.over(); ++i) second();
    EXPECT_EQ(outcome("identity"), "failed no_answer");
    EXPECT_EQ(outcome("limit_16"), "failed refused");
}

TEST_F(ChecklistTest, CancelledItIsOpenAgainAndTriesNothing) {
    while (!run.trial()) second();
    run.cancel(now);
    EXPECT_TRUE(run.over());
    EXPECT_EQ(run.trial(), std::nullopt);
    EXPECT_EQ(outcome("limit_16"), "open cancelled");
}

TEST_F(ChecklistTest, IsReadBackAsItWasWrittenAndNothingRunsAfterARestart) {
    checklist.set("labels", ItemState::passed, "by_hand", now);
    checklist.find("labels")->note = "B16 \"left\"";
    checklist.set("pause", ItemState::running, "running", now);
    Checklist again(checklist.to_json("CP1").dump());
    EXPECT_EQ(again.find("labels")->state, ItemState::passed);
    EXPECT_EQ(again.find("labels")->note, "B16 \"left\"");
    EXPECT_EQ(again.find("pause")->state, ItemState::open);
    for (const char* odd : {"", "[]", R"({"items": 5})", R"({"items": [5, {"item": 5}]})"})
        EXPECT_FALSE(Checklist(odd).complete()) << odd;
}

}  // namespace
}  // namespace busbar::gateway
