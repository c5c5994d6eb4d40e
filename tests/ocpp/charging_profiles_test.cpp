// SPDX-License-Identifier: Apache-2.0
// Which of the installed profiles rules, what it comes to in amperes, and what the store keeps of it.
#include "ocpp/charging_profiles.hpp"

#include <gmock/gmock.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using Kind = ChargingProfileKindType;
using Purpose = ChargingProfilePurposeType;
using Unit = ChargingRateUnitType;
using test::FakeStore;
using test::now_at;
using test::utc_at;
using testing::IsEmpty;

const UtcTime noon = utc_at(test::test_start);

ChargingProfile profile(int id, Purpose purpose, int level, double limit, Unit unit = Unit::A) {
    ChargingProfile made;
    made.chargingProfileId = id;
    made.chargingProfilePurpose = purpose;
    made.stackLevel = level;
    made.chargingSchedule.startSchedule = noon;
    made.chargingSchedule.chargingRateUnit = unit;
    made.chargingSchedule.chargingSchedulePeriod = {{0, limit, std::nullopt}};
    return made;
}

class Profiles : public testing::Test {
  protected:
    void install(ConnectorId connector, const ChargingProfile& one, const std::string& owner = "") {
        Effects effects;
        profiles.install(connector, one, owner, noon, effects);
        store.commit(effects);
    }
    bool clear(const ClearChargingProfileReq& filter) {
        Effects effects;
        const bool any = profiles.clear(filter, effects);
        store.commit(effects);
        return any;
    }
    [[nodiscard]] AllowedCurrent allowed(ConnectorId connector = 1, SteadyEpoch::duration at = 0s) const {
        return profiles.allowed(connector, transaction, supply, now_at(at));
    }
    [[nodiscard]] double limit(ConnectorId connector = 1, SteadyEpoch::duration at = 0s) const {
        return allowed(connector, at).limit.value_or(Amperes(-1)).value();
    }

    FakeStore store;
    ChargingProfiles profiles{{}};
    TransactionContext transaction{"start-1", {test::test_start, noon}};
    Supply supply;
};

TEST_F(Profiles, NoneIsNoLimit) {
    EXPECT_EQ(allowed().limit, std::nullopt);
    EXPECT_EQ(allowed().next_change, std::nullopt);
}

TEST_F(Profiles, TheHighestStackLevelThatSaysSomethingRules) {
    ChargingProfile high = profile(1, Purpose::TxDefaultProfile, 5, 10);
    high.chargingSchedule.duration = 60;
    install(1, high);
    install(1, profile(2, Purpose::TxDefaultProfile, 2, 20));
    EXPECT_EQ(limit(), 10);
    EXPECT_EQ(allowed().next_change, noon + 60s);
    EXPECT_EQ(limit(1, 60s), 20);
}

TEST_F(Profiles, TheOneOfTheTransactionRulesOverTheDefault) {
    install(1, profile(1, Purpose::TxDefaultProfile, 9, 10));
    install(1, profile(2, Purpose::TxProfile, 0, 20), "start-1");
    EXPECT_EQ(limit(), 20);
    install(1, profile(3, Purpose::TxProfile, 1, 25), "start-2");  // of another transaction
    EXPECT_EQ(limit(), 20);
    EXPECT_EQ(limit(2), -1);
}

TEST_F(Profiles, TheDefaultOfTheConnectorRulesOverThatOfAll) {
    install(0, profile(1, Purpose::TxDefaultProfile, 9, 10));
    install(1, profile(2, Purpose::TxDefaultProfile, 0, 20));
    EXPECT_EQ(limit(1), 20);
    EXPECT_EQ(limit(2), 10);
}

TEST_F(Profiles, TheCeilingOfTheChargePointIsNeverExceeded) {
    install(0, profile(1, Purpose::ChargePointMaxProfile, 0, 12));
    EXPECT_EQ(limit(), 12);
    install(1, profile(2, Purpose::TxProfile, 0, 20), "start-1");
    EXPECT_EQ(limit(), 12);
    install(1, profile(3, Purpose::TxProfile, 0, 8), "start-1");
    EXPECT_EQ(limit(), 8);
}

TEST_F(Profiles, AnEqualShareOfTheCeilingIsLeftForEachConnectorThatDrawsFromIt) {
    install(0, profile(1, Purpose::ChargePointMaxProfile, 0, 30));
    install(2, profile(2, Purpose::TxDefaultProfile, 0, 8));
    const auto share = [&](ConnectorId connector, int sharers) {
        return profiles.allowed(connector, transaction, supply, now_at(0s), {sharers, 0, {}}).limit->value();
    };
    EXPECT_EQ(share(1, 1), 30);
    EXPECT_EQ(share(1, 2), 15);
    EXPECT_EQ(share(1, 4), 7.5);
    EXPECT_EQ(share(2, 2), 8);   // its own limit is not shared
    EXPECT_EQ(share(1, 0), 30);  // nobody yet
    EXPECT_EQ(profiles.ceiling(supply, noon).limit, Amperes(30));
    EXPECT_EQ(profiles.ceiling(supply, noon - 1s).next_change, noon);
    const Now clockless{test::test_start, std::nullopt};
    EXPECT_EQ(profiles.allowed(1, transaction, supply, clockless, {3, 0, {}}).limit, Amperes(10));
}

TEST_F(Profiles, WhoeverWouldGetLessOfTheCeilingThanTheMinimumWaitsTheLatestFirst) {
    install(0, profile(1, Purpose::ChargePointMaxProfile, 0, 16));
    const auto share = [&](int before) {
        return profiles.allowed(1, transaction, supply, now_at(0s), {3, before, Amperes(6)}).limit->value();
    };
    EXPECT_EQ(share(0), 8);
    EXPECT_EQ(share(1), 8);
    EXPECT_EQ(share(2), 0);
    install(0, profile(2, Purpose::ChargePointMaxProfile, 1, 5));
    EXPECT_EQ(share(0), 5) << "less than the minimum is told as it is: the charger pauses";
    EXPECT_EQ(share(1), 0);
}

TEST_F(Profiles, ADefaultInstalledOrRemovedDuringATransactionCountsAtOnce) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    EXPECT_EQ(limit(), 10);
    install(1, profile(2, Purpose::TxDefaultProfile, 0, 12));
    EXPECT_EQ(limit(), 12);
    install(1, profile(3, Purpose::TxProfile, 0, 20), "start-1");
    install(1, profile(4, Purpose::TxDefaultProfile, 5, 9));
    EXPECT_EQ(limit(), 20);
    EXPECT_TRUE(clear({std::nullopt, std::nullopt, Purpose::TxProfile, std::nullopt}));
    EXPECT_EQ(limit(), 9);
    EXPECT_TRUE(clear({std::nullopt, std::nullopt, Purpose::TxDefaultProfile, std::nullopt}));
    EXPECT_EQ(limit(), -1);
}

TEST_F(Profiles, ADefaultInThePlaceOfOneThatIsNotYetValidLeavesAGap) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    ChargingProfile later = profile(2, Purpose::TxDefaultProfile, 0, 12);
    later.validFrom = noon + 60s;
    install(1, later);
    EXPECT_EQ(limit(), -1);
    EXPECT_EQ(allowed().next_change, noon + 60s);
    EXPECT_EQ(limit(1, 60s), 12);
}

TEST_F(Profiles, WhereTheOneOfTheTransactionIsOverTheDefaultTakesOver) {
    ChargingProfile short_one = profile(1, Purpose::TxProfile, 5, 20);
    short_one.chargingSchedule.duration = 60;
    install(1, short_one, "start-1");
    install(0, profile(2, Purpose::TxDefaultProfile, 0, 9));
    EXPECT_EQ(limit(1, 59s), 20);
    EXPECT_EQ(limit(1, 60s), 9);
}

TEST_F(Profiles, OnesThatCannotRuleDoNotWakeAnybody) {
    ChargingProfile busy = profile(1, Purpose::TxDefaultProfile, 0, 20);
    busy.chargingSchedule.chargingSchedulePeriod.push_back({10, 6, std::nullopt});
    install(1, busy);
    EXPECT_EQ(allowed().next_change, noon + 10s);
    install(1, profile(2, Purpose::TxDefaultProfile, 1, 16));
    EXPECT_EQ(allowed().next_change, std::nullopt);
}

TEST_F(Profiles, TheFewestPhasesAndTheHighestEfficientRateInForceAreKnown) {
    ChargingProfile one_phase = profile(1, Purpose::TxDefaultProfile, 0, 16);
    one_phase.chargingSchedule.chargingSchedulePeriod[0].numberPhases = 1;
    one_phase.chargingSchedule.minChargingRate = 6.5;
    EXPECT_EQ(allowed().phases, 3);
    EXPECT_EQ(allowed().efficient_from, std::nullopt);
    install(1, one_phase);
    EXPECT_EQ(allowed().phases, 1);
    EXPECT_EQ(allowed().efficient_from, Amperes(6.5));
    ChargingProfile ceiling = profile(2, Purpose::ChargePointMaxProfile, 0, 22'080, Unit::W);
    ceiling.chargingSchedule.minChargingRate = 5520;
    install(0, ceiling);
    EXPECT_EQ(allowed().phases, 1);
    EXPECT_EQ(allowed().efficient_from, Amperes(8));
}

TEST_F(Profiles, WattsAreSharedByThePhasesThatCharge) {
    ChargingProfile watts = profile(1, Purpose::TxDefaultProfile, 0, 11'040, Unit::W);
    install(1, watts);
    EXPECT_DOUBLE_EQ(limit(), 16);  // absent numberPhases: 3
    watts.chargingSchedule.chargingSchedulePeriod[0].numberPhases = 1;
    install(1, watts);
    EXPECT_DOUBLE_EQ(limit(), 48);
    supply.phases = 1;
    watts.chargingSchedule.chargingSchedulePeriod[0].numberPhases = 3;
    install(1, watts);
    EXPECT_DOUBLE_EQ(limit(), 48);  // more phases than there are do not count
    supply = {3, Volts(240)};
    EXPECT_DOUBLE_EQ(limit(), 11'040.0 / 240 / 3);
}

TEST_F(Profiles, WhileNobodyKnowsTheTimeTheLowestLimitCounts) {
    ChargingProfile steps = profile(1, Purpose::TxDefaultProfile, 0, 16);
    steps.chargingSchedule.chargingSchedulePeriod.push_back({60, 7, std::nullopt});
    steps.validFrom = noon + std::chrono::hours(1);
    install(1, steps);
    EXPECT_EQ(limit(), -1);
    const Now clockless{test::test_start, std::nullopt};
    const AllowedCurrent careful = profiles.allowed(1, transaction, supply, clockless);
    EXPECT_EQ(careful.limit, Amperes(7));
    EXPECT_EQ(careful.next_change, std::nullopt);

    // Perhaps the one above is over by now, and the one below rules.
    install(1, profile(2, Purpose::TxDefaultProfile, 5, 12));
    EXPECT_EQ(profiles.allowed(1, transaction, supply, clockless).limit, Amperes(7));
    ChargingProfile watts = profile(3, Purpose::TxDefaultProfile, 6, 3680, Unit::W);
    watts.chargingSchedule.chargingSchedulePeriod[0].numberPhases = 1;                  // 16 A
    watts.chargingSchedule.chargingSchedulePeriod.push_back({60, 4140, std::nullopt});  // 6 A
    install(1, watts);
    EXPECT_EQ(profiles.allowed(1, transaction, supply, clockless).limit, Amperes(6));
}

TEST_F(Profiles, AClockThatIsPutBackFreesNoTransactionFromItsRelativeLimit) {
    ChargingProfile relative = profile(1, Purpose::TxProfile, 0, 16);
    relative.chargingProfileKind = Kind::Relative;
    install(1, relative, "start-1");
    EXPECT_EQ(limit(1, -3600s), 16);
}

TEST_F(Profiles, ARelativeOneCountsFromTheTransactionAlsoWhenItsTimeWasNotKnownThen) {
    ChargingProfile relative = profile(1, Purpose::TxDefaultProfile, 0, 16);
    relative.chargingProfileKind = Kind::Relative;
    relative.chargingSchedule.startSchedule.reset();
    relative.chargingSchedule.chargingSchedulePeriod.push_back({60, 7, std::nullopt});
    install(1, relative);
    transaction.start = {test::test_start + 100s, std::nullopt};
    EXPECT_EQ(limit(1, 159s), 16);
    EXPECT_EQ(limit(1, 160s), 7);
}

TEST_F(Profiles, ACeilingThatCameWhileTheTimeWasUnknownCountsFromWhenItIsKnown) {
    ChargingProfile relative = profile(1, Purpose::ChargePointMaxProfile, 0, 16);
    relative.chargingProfileKind = Kind::Relative;
    relative.chargingSchedule.startSchedule.reset();
    relative.chargingSchedule.chargingSchedulePeriod.push_back({60, 7, std::nullopt});
    relative.chargingSchedule.duration = 120;
    Effects effects;
    profiles.install(0, relative, "", std::nullopt, effects);
    const Now clockless{test::test_start, std::nullopt};
    EXPECT_EQ(profiles.allowed(1, transaction, supply, clockless).limit, Amperes(7)) << "never too much";

    profiles.date(noon + 100s, effects);
    store.commit(effects);
    profiles = ChargingProfiles(store.load().records);
    Effects none;
    profiles.date(noon + 130s, none);
    EXPECT_THAT(none, IsEmpty()) << "once, also across a restart";
    EXPECT_EQ(limit(1, 100s), 16);
    EXPECT_EQ(limit(1, 160s), 7);
    EXPECT_EQ(limit(1, 220s), -1);
}

TEST_F(Profiles, OneOfTheSameIdOrPlaceReplacesAlsoInTheStore) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    install(1, profile(2, Purpose::TxDefaultProfile, 0, 11));  // same place
    EXPECT_EQ(limit(), 11);
    install(2, profile(2, Purpose::TxDefaultProfile, 5, 12));  // same id
    EXPECT_EQ(limit(1), -1);
    EXPECT_EQ(limit(2), 12);
    install(1, profile(3, Purpose::TxDefaultProfile, 5, 13));  // another connector
    install(1, profile(4, Purpose::TxDefaultProfile, 4, 14));  // another level
    install(1, profile(5, Purpose::TxProfile, 5, 15), "start-1");
    install(0, profile(6, Purpose::TxDefaultProfile, 5, 16));       // another place
    install(0, profile(6, Purpose::ChargePointMaxProfile, 5, 17));  // same id, another purpose
    EXPECT_TRUE(clear({6, std::nullopt, std::nullopt, std::nullopt}));
    EXPECT_EQ(limit(3), -1);

    EXPECT_EQ(store.load().records.size(), 4U);
    EXPECT_EQ(profiles.size_with(1, profile(9, Purpose::TxDefaultProfile, 9, 1)), 5U);
    EXPECT_EQ(profiles.size_with(1, profile(9, Purpose::TxDefaultProfile, 5, 1)), 4U);
    EXPECT_EQ(profiles.size_with(1, profile(2, Purpose::TxDefaultProfile, 5, 1)), 3U);
}

TEST_F(Profiles, ComeBackFromTheStoreAsTheyWere) {
    ChargingProfile full = profile(1, Purpose::TxDefaultProfile, 3, 6.5, Unit::W);
    full.chargingProfileKind = Kind::Recurring;
    full.recurrencyKind = RecurrencyKindType::Weekly;
    full.validFrom = noon - 1s;
    full.chargingSchedule.duration = 600;
    full.chargingSchedule.chargingSchedulePeriod.push_back({60, 4140, 1});
    install(2, full);
    install(1, profile(2, Purpose::TxProfile, 0, 20), "start-1");
    ChargingProfile unanchored = profile(3, Purpose::ChargePointMaxProfile, 0, 25);
    unanchored.chargingSchedule.startSchedule.reset();
    unanchored.chargingSchedule.chargingSchedulePeriod.push_back({100, 9, std::nullopt});
    install(0, unanchored);

    const ChargingProfiles before = profiles;
    profiles = ChargingProfiles(store.load().records);
    for (const auto at : {0s, 59s, 60s, 100s, 599s, 600s, 604'800s}) {
        for (const ConnectorId connector : {1, 2}) {
            const auto was = before.allowed(connector, transaction, supply, now_at(at));
            EXPECT_EQ(allowed(connector, at).limit, was.limit) << at.count();
            EXPECT_EQ(allowed(connector, at).next_change, was.next_change) << at.count();
        }
    }
}

TEST_F(Profiles, DamagedRecordsAreLeftOut) {
    const ChargingProfiles damaged({{"charging_profile", "1", "{"},
                                    {"charging_profile", "2", R"({"profile":{"stackLevel":"x"}})"},
                                    {"configuration", "3", "{}"}});
    EXPECT_EQ(damaged.size_with(1, profile(9, Purpose::TxProfile, 0, 1)), 1U);
}

TEST_F(Profiles, ClearByIdIgnoresTheOtherCriteria) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    EXPECT_FALSE(clear({7, std::nullopt, std::nullopt, std::nullopt}));
    EXPECT_TRUE(clear({1, 2, Purpose::TxProfile, 9}));
    EXPECT_EQ(limit(), -1);
    EXPECT_THAT(store.load().records, IsEmpty());
}

TEST_F(Profiles, ClearCriteriaMustAllMatch) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    install(2, profile(2, Purpose::TxDefaultProfile, 0, 20));
    EXPECT_FALSE(clear({std::nullopt, 1, Purpose::TxDefaultProfile, 1}));
    EXPECT_FALSE(clear({std::nullopt, 0, std::nullopt, std::nullopt}));
    EXPECT_FALSE(clear({std::nullopt, std::nullopt, Purpose::TxProfile, 0}));
    EXPECT_TRUE(clear({std::nullopt, 1, Purpose::TxDefaultProfile, 0}));
    EXPECT_EQ(limit(1), -1);
    EXPECT_EQ(limit(2), 20);
    EXPECT_TRUE(clear({}));
    EXPECT_FALSE(clear({}));
    EXPECT_THAT(store.load().records, IsEmpty());
}

TEST_F(Profiles, EveryCombinationOfClearCriteriaTakesExactlyWhatMatchesAll) {
    struct One {
        ConnectorId connector;
        Purpose purpose;
        int level;
    };
    const std::vector<One> all{{0, Purpose::ChargePointMaxProfile, 0}, {0, Purpose::ChargePointMaxProfile, 1},
                               {0, Purpose::TxDefaultProfile, 0},      {0, Purpose::TxDefaultProfile, 1},
                               {1, Purpose::TxDefaultProfile, 0},      {1, Purpose::TxProfile, 1},
                               {2, Purpose::TxDefaultProfile, 1},      {2, Purpose::TxProfile, 0}};
    using Filter = ClearChargingProfileReq;
    for (int mask = 0; mask < 8; ++mask) {
        for (const auto& wanted : all) {
            Filter filter;
            if (mask & 1) filter.connectorId = wanted.connector;
            if (mask & 2) filter.chargingProfilePurpose = wanted.purpose;
            if (mask & 4) filter.stackLevel = wanted.level;
            clear({});
            int id = 0;
            std::size_t stay = 0;
            for (const auto& one : all) {
                install(one.connector, profile(++id, one.purpose, one.level, 10), "start-1");
                const bool matches = (!(mask & 1) || one.connector == wanted.connector) &&
                                     (!(mask & 2) || one.purpose == wanted.purpose) &&
                                     (!(mask & 4) || one.level == wanted.level);
                stay += matches ? 0 : 1;
            }
            EXPECT_TRUE(clear(filter));
            EXPECT_EQ(store.load().records.size(), stay) << mask;
            EXPECT_EQ(profiles.size_with(9, profile(99, Purpose::TxProfile, 9, 1)), stay + 1) << mask;
            EXPECT_FALSE(clear(filter));
        }
    }
}

TEST_F(Profiles, OfATransactionDieWithIt) {
    install(1, profile(1, Purpose::TxDefaultProfile, 0, 10));
    install(1, profile(2, Purpose::TxProfile, 0, 20), "start-1");
    Effects effects;
    profiles.forget_transaction("start-1", effects);
    store.commit(effects);
    EXPECT_EQ(limit(), 10);
    EXPECT_TRUE(store.has_record("charging_profile", "1"));
    EXPECT_FALSE(store.has_record("charging_profile", "2"));
}

}  // namespace
}  // namespace busbar::ocpp
