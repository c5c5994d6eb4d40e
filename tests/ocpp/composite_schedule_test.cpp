// SPDX-License-Identifier: Apache-2.0
// Composite schedules by example; smart_charging_property_test.cpp holds them against every second.
#include "ocpp/composite_schedule.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "ocpp/json_bridge.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using Kind = ChargingProfileKindType;
using Purpose = ChargingProfilePurposeType;
using Status = GetCompositeScheduleStatus;
using Unit = ChargingRateUnitType;
using std::chrono::hours;

const UtcTime noon = test::utc_at(test::test_start);

ChargingProfile profile(int id, Purpose purpose, std::vector<ChargingSchedulePeriod> periods) {
    ChargingProfile made;
    made.chargingProfileId = id;
    made.chargingProfilePurpose = purpose;
    made.chargingSchedule.startSchedule = noon;
    made.chargingSchedule.chargingSchedulePeriod = std::move(periods);
    return made;
}

class Composite : public testing::Test {
  protected:
    void install(ConnectorId connector, const ChargingProfile& one, const std::string& owner = "") {
        Effects effects;
        profiles.install(connector, one, owner, noon, effects);
    }
    void start(std::size_t connector, milliseconds at = milliseconds(0)) {
        connectors.at(connector - 1).transaction =
            TransactionContext{"start-" + std::to_string(connector), {test::test_start + at, noon + at}};
    }
    [[nodiscard]] GetCompositeScheduleConf conf(int connector, int duration, Unit unit = Unit::A,
                                                milliseconds at = milliseconds(0)) const {
        return composite_schedule({connector, duration, unit}, profiles, connectors, installation,
                                  test::now_at(at));
    }
    /// "0:10 60:8x1" for 10 A, after a minute 8 A on one phase.
    [[nodiscard]] std::string line(int connector, int duration, Unit unit = Unit::A,
                                   milliseconds at = milliseconds(0)) const {
        std::string text;
        const auto schedule = *conf(connector, duration, unit, at).chargingSchedule;
        for (const auto& period : schedule.chargingSchedulePeriod) {
            text += (text.empty() ? "" : " ") + std::to_string(period.startPeriod) + ":" +
                    Json(period.limit).dump();
            if (period.numberPhases) text += "x" + std::to_string(*period.numberPhases);
        }
        return text;
    }

    ChargingProfiles profiles{{}};
    std::vector<ConnectorInUse> connectors{{1, std::nullopt}, {2, std::nullopt}};
    Installation installation{Amperes(32), {}, 100};
};

TEST_F(Composite, IsTheInstallationsMaximumWhereNothingIsInstalled) {
    EXPECT_EQ(line(1, 600), "0:32.0");
    EXPECT_EQ(line(1, 600, Unit::W), "0:22080.0");
    EXPECT_EQ(line(0, 600), "0:64.0");
    installation.supply.phases = 1;
    EXPECT_EQ(line(1, 600, Unit::W), "0:7360.0x1");
}

TEST_F(Composite, AnswersWithExactlyTheFieldsOfTheMessage) {
    install(1, profile(1, Purpose::TxDefaultProfile, {{0, 10, std::nullopt}}));
    EXPECT_EQ(encode(conf(1, 60)).dump(),
              R"({"status":"Accepted","connectorId":1,"scheduleStart":"2026-11-22T12:00:00.000Z",)"
              R"("chargingSchedule":{"duration":60,"chargingRateUnit":"A",)"
              R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}})");
    const auto default_unit =
        composite_schedule({1, 60, std::nullopt}, profiles, connectors, installation, test::now_at(0s));
    EXPECT_EQ(encode(default_unit), encode(conf(1, 60)));
}

TEST_F(Composite, TheThreePurposesTogether) {
    start(1);
    auto ceiling = profile(1, Purpose::ChargePointMaxProfile, {{0, 10, 3}});
    install(0, ceiling);
    auto defaults = profile(2, Purpose::TxDefaultProfile, {{0, 6, 3}, {60, 10, 3}, {120, 8, 3}, {260, 8, 3}});
    defaults.chargingSchedule.duration = 300;
    install(1, defaults);
    auto own =
        profile(3, Purpose::TxProfile, {{0, 8, 3}, {50, 11, 3}, {140, 16, 3}, {200, 6, 3}, {240, 12, 3}});
    own.chargingSchedule.duration = 260;
    install(1, own, "start-1");
    EXPECT_EQ(line(1, 400), "0:8.0 50:10.0 200:6.0 240:10.0 260:8.0 300:10.0");
    EXPECT_EQ(conf(1, 400).chargingSchedule->duration, 400);
}

TEST_F(Composite, IsRejectedWhereItCannotBeTold) {
    const auto status = [&](int connector, int duration) {
        const auto answer = conf(connector, duration);
        EXPECT_EQ(answer.chargingSchedule.has_value(), answer.status == Status::Accepted);
        return answer.status;
    };
    EXPECT_EQ(status(1, 1), Status::Accepted);
    EXPECT_EQ(status(3, 60), Status::Rejected);
    EXPECT_EQ(status(-1, 60), Status::Rejected);
    EXPECT_EQ(status(1, 0), Status::Rejected);
    EXPECT_EQ(status(1, -60), Status::Rejected);
    const Now clockless{test::test_start, std::nullopt};
    const auto unknown = composite_schedule({1, 60, Unit::A}, profiles, connectors, installation, clockless);
    EXPECT_EQ(encode(unknown).dump(), R"({"status":"Rejected"})");
}

TEST_F(Composite, ChangesLieOnTheirSecondHoweverFarNowIsIntoOne) {
    install(1, profile(1, Purpose::TxDefaultProfile, {{0, 6, std::nullopt}, {60, 10, std::nullopt}}));
    const auto late = conf(1, 100, Unit::A, milliseconds(5'999));
    EXPECT_EQ(late.scheduleStart, noon + 5s);
    EXPECT_EQ(line(1, 100, Unit::A, milliseconds(5'999)), "0:6.0 55:10.0");
    EXPECT_EQ(line(1, 55, Unit::A, milliseconds(5'999)), "0:6.0");
}

TEST_F(Composite, AChangeWithinASecondCountsFromTheNextOneAndWhatIsInForceNowFromTheFirst) {
    auto fraction = profile(1, Purpose::TxDefaultProfile, {{0, 6, std::nullopt}, {60, 10, std::nullopt}});
    fraction.chargingSchedule.startSchedule = noon + milliseconds(300);
    install(1, fraction);
    EXPECT_EQ(line(1, 100, Unit::A, milliseconds(200)), "0:32.0 1:6.0 61:10.0");
    EXPECT_EQ(line(1, 100, Unit::A, milliseconds(300)), "0:6.0 61:10.0");
}

TEST_F(Composite, WithoutATransactionItIsThatOfOneThatStartsNow) {
    auto relative = profile(1, Purpose::TxDefaultProfile, {{0, 16, std::nullopt}, {60, 10, std::nullopt}});
    relative.chargingProfileKind = Kind::Relative;
    install(0, relative);
    install(1, profile(2, Purpose::TxProfile, {{0, 20, std::nullopt}}), "start-1");
    EXPECT_EQ(line(1, 100, Unit::A, milliseconds(30'700)), "0:16.0 60:10.0");
    start(2);
    EXPECT_EQ(line(2, 100, Unit::A, milliseconds(30'700)), "0:16.0 30:10.0");
    start(1);
    EXPECT_EQ(line(1, 100, Unit::A, milliseconds(30'700)), "0:20.0");
}

TEST_F(Composite, TheCeilingIsSharedByTheConnectorsThatCharge) {
    install(0, profile(1, Purpose::ChargePointMaxProfile, {{0, 30, std::nullopt}, {60, 20, std::nullopt}}));
    EXPECT_EQ(line(1, 100), "0:30.0 60:20.0");
    start(1);
    EXPECT_EQ(line(1, 100), "0:30.0 60:20.0");
    EXPECT_EQ(line(2, 100), "0:15.0 60:10.0");  // once it charges too
    start(2);
    EXPECT_EQ(line(1, 100), "0:15.0 60:10.0");
}

TEST_F(Composite, ThePartOfASharedFeedCountsAsAConstantCeiling) {
    install(1, profile(1, Purpose::TxDefaultProfile, {{0, 6, std::nullopt}, {60, 20, std::nullopt}}));
    start(1);
    connectors[0].ceiling = Amperes(10);
    EXPECT_EQ(line(1, 100), "0:6.0 60:10.0");
    EXPECT_EQ(line(1, 100, Unit::W), "0:4140.0 60:6900.0");
    EXPECT_EQ(line(2, 100), "0:32.0");
    EXPECT_EQ(line(0, 100), "0:38.0 60:42.0");
    connectors[0].ceiling = Amperes(40);
    EXPECT_EQ(line(1, 100), "0:6.0 60:20.0");
}

TEST_F(Composite, OfConnectorZeroIsTheSumUnderTheCeiling) {
    install(1, profile(1, Purpose::TxDefaultProfile, {{0, 6, std::nullopt}, {30, 20, std::nullopt}}));
    install(2, profile(2, Purpose::TxDefaultProfile, {{0, 8, std::nullopt}}));
    EXPECT_EQ(line(0, 100), "0:14.0 30:28.0");
    install(0, profile(3, Purpose::ChargePointMaxProfile, {{0, 20, std::nullopt}, {60, 40, std::nullopt}}));
    EXPECT_EQ(line(0, 100), "0:14.0 30:20.0 60:28.0");
    EXPECT_EQ(line(0, 100, Unit::W), "0:9660.0 30:13800.0 60:19320.0");
    EXPECT_EQ(conf(0, 100).connectorId, 0);
}

TEST_F(Composite, LimitsAreRoundedDownAndSurviveAConversionUnchanged) {
    auto watts = profile(1, Purpose::TxDefaultProfile, {{0, 7360.7, std::nullopt}, {60, 3680, 1}});
    watts.chargingSchedule.chargingRateUnit = Unit::W;
    install(1, watts);
    EXPECT_EQ(line(1, 100), "0:10.6 60:16.0x1");
    EXPECT_EQ(line(1, 100, Unit::W), "0:7360.7 60:3680.0x1");
    for (int tenths = 0; tenths < 320; ++tenths) {
        install(1, profile(1, Purpose::TxDefaultProfile, {{0, tenths / 10.0, std::nullopt}}));
        EXPECT_EQ(line(1, 1), "0:" + Json(tenths / 10.0).dump());
    }
}

TEST_F(Composite, MorePhasesThanThereAreDoNotCount) {
    installation.supply.phases = 1;
    auto watts = profile(1, Purpose::TxDefaultProfile, {{0, 3680, 3}, {60, 4600, std::nullopt}});
    watts.chargingSchedule.chargingRateUnit = Unit::W;
    install(1, watts);
    EXPECT_EQ(line(1, 100), "0:16.0x1 60:20.0x1");
    EXPECT_EQ(line(1, 100, Unit::W), "0:3680.0x1 60:4600.0x1");
}

TEST_F(Composite, TellsTheHighestMinChargingRateOfTheProfilesThatTakePart) {
    const auto rate = [&](Unit unit) { return conf(1, 100, unit).chargingSchedule->minChargingRate; };
    EXPECT_EQ(rate(Unit::A), std::nullopt);
    auto low = profile(1, Purpose::TxDefaultProfile, {{0, 16, std::nullopt}});
    low.chargingSchedule.minChargingRate = 6;
    install(1, low);
    EXPECT_EQ(rate(Unit::A), 6.0);
    EXPECT_EQ(rate(Unit::W), 4140.0);
    auto high = profile(2, Purpose::ChargePointMaxProfile, {{0, 10'000, std::nullopt}});
    high.chargingSchedule.chargingRateUnit = Unit::W;
    high.chargingSchedule.minChargingRate = 5000;
    high.validFrom = noon + 99s;
    install(0, high);
    EXPECT_EQ(rate(Unit::A), 7.3);  // 7.25, rounded up
    EXPECT_EQ(rate(Unit::W), 5000.0);
    high.validFrom = noon + 100s;
    install(0, high);
    EXPECT_EQ(rate(Unit::A), 6.0);
}

TEST_F(Composite, ADayOfARecurringProfileLookedAtFromItsMiddle) {
    auto nights =
        profile(1, Purpose::TxDefaultProfile,
                {{0, 16, std::nullopt}, {6 * 3600, 0, std::nullopt}, {22 * 3600, 16, std::nullopt}});
    nights.chargingProfileKind = Kind::Recurring;
    nights.recurrencyKind = RecurrencyKindType::Daily;
    nights.chargingSchedule.startSchedule = noon - hours(36);  // midnight
    install(0, nights);
    EXPECT_EQ(line(1, 86'400), "0:0.0 36000:16.0 64800:0.0");
    EXPECT_EQ(line(1, 2 * 86'400), "0:0.0 36000:16.0 64800:0.0 122400:16.0 151200:0.0");
}

TEST_F(Composite, AnAnswerThatWouldBeTooLongEndsEarlyAndSaysSo) {
    auto daily = profile(1, Purpose::TxDefaultProfile, {{0, 16, std::nullopt}, {3600, 10, std::nullopt}});
    daily.chargingProfileKind = Kind::Recurring;
    daily.recurrencyKind = RecurrencyKindType::Daily;
    install(0, daily);
    const auto schedule = *conf(1, std::numeric_limits<int>::max()).chargingSchedule;
    EXPECT_EQ(schedule.chargingSchedulePeriod.size(), 100U);
    EXPECT_EQ(schedule.duration, 50 * 86'400);
    installation.most_periods = 0;
    EXPECT_EQ(line(1, 365 * 86'400), "0:16.0");
}

TEST_F(Composite, ChangesThatComeToTheSameCannotKeepItBusyForever) {
    auto restless = profile(1, Purpose::TxDefaultProfile, {});
    for (int i = 0; i < 100; ++i) {
        restless.chargingSchedule.chargingSchedulePeriod.push_back({i, 40.0 + i, std::nullopt});
    }
    restless.chargingProfileKind = Kind::Recurring;
    restless.recurrencyKind = RecurrencyKindType::Daily;
    install(0, restless);
    const auto schedule = *conf(1, std::numeric_limits<int>::max()).chargingSchedule;
    EXPECT_EQ(schedule.chargingSchedulePeriod.size(), 1U);
    EXPECT_EQ(schedule.duration, 40 * 86'400);  // 4000 looks, 100 a day
    EXPECT_EQ(conf(1, 30 * 86'400).chargingSchedule->duration, 30 * 86'400);
}

TEST_F(Composite, AbsurdNumbersStayNumbers) {
    constexpr int most = std::numeric_limits<int>::max();
    auto absurd = profile(1, Purpose::TxDefaultProfile, {{0, 1e308, most}, {most, 1e308, std::nullopt}});
    absurd.chargingSchedule.minChargingRate = 1e308;
    absurd.chargingSchedule.duration = most;
    absurd.chargingSchedule.startSchedule = *parse_iso8601("9999-12-31T23:59:59.999Z");
    install(0, absurd);
    EXPECT_EQ(line(1, most), "0:32.0");
    absurd.chargingSchedule.startSchedule = noon;
    install(0, absurd);
    EXPECT_EQ(line(0, most, Unit::W), "0:44160.0");
    EXPECT_EQ(conf(0, most, Unit::W).chargingSchedule->minChargingRate, 22'080.0);
}

}  // namespace
}  // namespace busbar::ocpp
