// SPDX-License-Identifier: Apache-2.0
// Who may charge where while connectors are reserved, and when a reservation is over.
#include "ocpp/reservations.hpp"

#include <gtest/gtest.h>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp {
namespace {

using std::chrono::hours;
using test::FakeStore;
using test::now_at;
using enum ChargePointStatus;

const Presented anna{"ANNA", std::nullopt, true};
const Presented ben{"BEN", std::nullopt, true};
const Presented ben_of_family{"BEN", "FAMILY", true};
const Presented ben_not_looked_up{"BEN", std::nullopt, false};

ReserveNowReq request(int id, ConnectorId connector, seconds until = hours(1)) {
    return {connector, *now_at(until).utc, "Anna", std::nullopt, id};
}

ReserveNowReq for_family(int id, ConnectorId connector) {
    auto made = request(id, connector);
    made.parentIdTag = "Family";
    return made;
}

/// Reservations with their store; `statuses` is what the connectors show.
struct Site {
    explicit Site(ConnectorStatuses shown) : statuses(std::move(shown)) {}

    ReservationStatus reserve(const ReserveNowReq& what, const Now& now = now_at(0s)) {
        const auto answer = reservations.reserve(what, statuses, true, now, effects);
        store.commit(effects);
        return answer;
    }
    CancelReservationStatus cancel(int id) {
        const auto answer = reservations.cancel(id, effects);
        store.commit(effects);
        return answer;
    }
    std::optional<int> use(ConnectorId connector, const Presented& who) {
        const auto id = reservations.use(connector, who, effects);
        store.commit(effects);
        return id;
    }
    void settle(const Now& now) {
        reservations.settle(statuses, now, effects);
        store.commit(effects);
    }
    void restart() {
        effects.clear();
        reservations = Reservations(store.load().records);
    }
    [[nodiscard]] Admission admission(ConnectorId connector, const Presented& who) const {
        return reservations.admission(connector, who, statuses);
    }
    [[nodiscard]] bool is_kept(ConnectorId connector) const {
        return reservations.find_by_connector(connector) != nullptr;
    }

    ConnectorStatuses statuses;
    Effects effects;
    FakeStore store;
    Reservations reservations{{}};
};

TEST(Reservations, RejectAnExpiryThatIsNotInTheFuture) {
    Site site({Available});
    EXPECT_EQ(site.reserve(request(1, 1, 0s)), ReservationStatus::Rejected);
    EXPECT_EQ(site.reserve(request(1, 1, 1s)), ReservationStatus::Accepted);
}

TEST(Reservations, RejectWhileUtcIsUnknown) {
    Site site({Available});
    EXPECT_EQ(site.reserve(request(1, 1), {test::test_start, std::nullopt}), ReservationStatus::Rejected);
    EXPECT_TRUE(site.effects.empty());
}

TEST(Reservations, TellABrokenConnectorWhateverTheDate) {
    Site site({Faulted});
    EXPECT_EQ(site.reserve(request(1, 1, 0s)), ReservationStatus::Faulted);
}

TEST(Reservations, AreOneAConnectorAndOneOfTheWholeChargePoint) {
    Site site({Available, Available, Available});
    EXPECT_EQ(site.reserve(request(1, 1)), ReservationStatus::Accepted);
    EXPECT_EQ(site.reserve(request(2, 1)), ReservationStatus::Occupied);
    EXPECT_EQ(site.reserve(request(3, 0)), ReservationStatus::Accepted);
    EXPECT_EQ(site.reserve(request(4, 0)), ReservationStatus::Occupied);
    EXPECT_EQ(site.reserve(request(5, 2)), ReservationStatus::Accepted);
    EXPECT_EQ(site.reserve(request(6, 3)), ReservationStatus::Occupied) << "the last one is kept for 3";
}

TEST(Reservations, OfTheWholeChargePointFindNoRoomWhereEveryConnectorIsReserved) {
    Site site({Available});
    site.reserve(request(1, 1));
    EXPECT_EQ(site.reserve(request(2, 0)), ReservationStatus::Occupied);
}

TEST(Reservations, AreReplacedByARequestOfTheSameId) {
    Site site({Reserved, Available});
    site.reserve(request(1, 1));
    EXPECT_EQ(site.reserve(request(1, 1, hours(2))), ReservationStatus::Accepted);
    site.settle(now_at(hours(1)));
    EXPECT_TRUE(site.is_kept(1)) << "the later expiry counts";
    EXPECT_EQ(site.reserve(request(1, 2, hours(2))), ReservationStatus::Accepted);
    EXPECT_FALSE(site.is_kept(1));
    EXPECT_TRUE(site.is_kept(2));
    EXPECT_EQ(site.reserve(request(1, 0, hours(2))), ReservationStatus::Accepted);
    EXPECT_EQ(site.reserve(request(1, 2, hours(2))), ReservationStatus::Accepted)
        << "its own place is no obstacle";
}

TEST(Reservations, OfTheWholeChargePointAreNoObstacleToTheirOwnReplacement) {
    Site site({Available});
    site.reserve(request(1, 0));
    EXPECT_EQ(site.reserve(request(1, 0)), ReservationStatus::Accepted);
    EXPECT_EQ(site.reserve(request(1, 1)), ReservationStatus::Accepted);
    EXPECT_FALSE(site.is_kept(0));
}

TEST(Reservations, StayAsTheyWereWhereTheReplacementIsRefused) {
    Site site({Available, Charging});
    site.reserve(request(1, 1));
    EXPECT_EQ(site.reserve(request(1, 2)), ReservationStatus::Occupied);
    EXPECT_EQ(site.reserve(request(1, 1, 0s)), ReservationStatus::Rejected);
    EXPECT_EQ(site.reservations.find_by_connector(1)->expiry, now_at(hours(1)).utc);
}

TEST(Reservations, AreCancelledById) {
    Site site({Available});
    site.reserve(request(-7, 1));
    EXPECT_EQ(site.cancel(7), CancelReservationStatus::Rejected);
    EXPECT_EQ(site.cancel(-7), CancelReservationStatus::Accepted);
    EXPECT_EQ(site.cancel(-7), CancelReservationStatus::Rejected);
    EXPECT_FALSE(site.store.has_record("reservation", "-7"));
}

TEST(Reservations, LetTheHolderInWhateverTheCaseOfTheTag) {
    Site site({Reserved});
    site.reserve(request(1, 1));
    EXPECT_EQ(site.admission(1, anna), Admission::accept);
    EXPECT_EQ(site.admission(1, ben), Admission::refuse);
    EXPECT_EQ(site.admission(1, ben_not_looked_up), Admission::refuse)
        << "without a parent in the reservation nobody needs to be asked";
    EXPECT_EQ(site.use(1, ben), std::nullopt);
    EXPECT_EQ(site.use(1, anna), 1);
    EXPECT_FALSE(site.is_kept(1));
    EXPECT_FALSE(site.store.has_record("reservation", "1"));
    EXPECT_EQ(site.admission(1, ben), Admission::accept);
}

TEST(Reservations, LetAnEqualParentInOnceItIsKnown) {
    Site site({Reserved});
    site.reserve(for_family(1, 1));
    EXPECT_EQ(site.admission(1, ben_not_looked_up), Admission::ask_for_parent);
    EXPECT_EQ(site.admission(1, ben), Admission::refuse);
    EXPECT_EQ(site.admission(1, {"BEN", "OTHERS", true}), Admission::refuse);
    EXPECT_EQ(site.admission(1, ben_of_family), Admission::accept);
    EXPECT_EQ(site.admission(1, {"anna", std::nullopt, false}), Admission::accept);
    EXPECT_EQ(site.use(1, ben_of_family), 1);
}

TEST(Reservations, NeverCompareATagWithAParent) {
    Site site({Reserved});
    site.reserve(for_family(1, 1));
    EXPECT_EQ(site.admission(1, {"FAMILY", std::nullopt, true}), Admission::refuse);
    EXPECT_EQ(site.admission(1, {"BEN", "ANNA", true}), Admission::refuse);
}

TEST(Reservations, OfTheWholeChargePointRefuseAStrangerTheLastFreeConnectorOnly) {
    for (const auto other : {Available, Preparing, Charging, Finishing, Faulted, Unavailable}) {
        Site site({Preparing, other});
        site.statuses[1] = Available;
        site.reserve(request(1, 0));
        site.statuses[1] = other;
        const auto expected = other == Available ? Admission::accept : Admission::refuse;
        EXPECT_EQ(site.admission(1, ben), expected) << name_of(other);
        EXPECT_EQ(site.admission(1, anna), Admission::accept) << name_of(other);
    }
}

TEST(Reservations, OfTheWholeChargePointDoNotCountAConnectorOfSomebodyElseAsFree) {
    Site site({Available, Available, Available});
    site.reserve(request(1, 0));
    site.reserve(request(2, 2));
    site.statuses[2] = Charging;
    EXPECT_EQ(site.admission(1, ben), Admission::refuse);
}

TEST(Reservations, OfTheWholeChargePointKeepTheOnlyConnector) {
    Site site({Available});
    site.reserve(request(1, 0));
    EXPECT_EQ(site.admission(1, ben), Admission::refuse);
    EXPECT_EQ(site.use(1, anna), 1);
    EXPECT_EQ(site.admission(1, ben), Admission::accept);
}

TEST(Reservations, OfTheWholeChargePointAskForTheParentAlsoWhereAStrangerCouldStart) {
    Site site({Available, Available});
    site.reserve(for_family(1, 0));
    EXPECT_EQ(site.admission(1, ben_not_looked_up), Admission::ask_for_parent);
    EXPECT_EQ(site.admission(1, ben), Admission::accept);
    EXPECT_EQ(site.use(1, ben), std::nullopt);
    EXPECT_EQ(site.use(1, ben_of_family), 1);
}

TEST(Reservations, UseTheConnectorsOwnBeforeThatOfTheWholeChargePoint) {
    Site site({Available, Available});
    site.reserve(request(1, 0));
    site.reserve(request(2, 1));
    EXPECT_EQ(site.use(1, anna), 2);
    EXPECT_EQ(site.use(1, anna), 1);
    EXPECT_EQ(site.use(1, anna), std::nullopt);
}

TEST(Reservations, OfTheWholeChargePointOpenNoConnectorThatIsReservedForAnother) {
    Site site({Available, Available});
    site.reserve(request(1, 0));
    auto bens = request(2, 1);
    bens.idTag = "Ben";
    site.reserve(bens);
    EXPECT_EQ(site.admission(1, anna), Admission::refuse);
    EXPECT_EQ(site.admission(1, ben), Admission::accept);
}

TEST(Reservations, EndWhenTheyExpire) {
    Site site({Reserved, Available});
    site.reserve(request(1, 1, 60s));
    site.reserve(request(2, 2, 90s));
    EXPECT_EQ(site.reservations.next_deadline(), now_at(60s).steady);
    site.settle(now_at(59s));
    EXPECT_TRUE(site.is_kept(1));
    site.settle(now_at(60s));
    EXPECT_FALSE(site.is_kept(1));
    EXPECT_FALSE(site.store.has_record("reservation", "1"));
    EXPECT_EQ(site.reservations.next_deadline(), now_at(90s).steady);
    site.settle(now_at(90s));
    EXPECT_EQ(site.reservations.next_deadline(), std::nullopt);
}

TEST(Reservations, FollowAStepOfTheClock) {
    Site site({Reserved});
    site.reserve(request(1, 1, 60s));
    site.settle({now_at(10s).steady, now_at(40s).utc});
    EXPECT_EQ(site.reservations.next_deadline(), now_at(30s).steady);
}

TEST(Reservations, CountOnWhileUtcIsNotBelievedAnyMore) {
    Site site({Reserved});
    site.reserve(request(1, 1, 60s));
    site.settle({now_at(59s).steady, std::nullopt});
    EXPECT_TRUE(site.is_kept(1));
    site.settle({now_at(60s).steady, std::nullopt});
    EXPECT_FALSE(site.is_kept(1));
}

TEST(Reservations, LastNoLongerThanTheyWereMadeForWhereARestartLosesTheTime) {
    Site site({Reserved});
    site.reserve(request(1, 1, 60s), now_at(20s));
    site.restart();
    site.settle({SteadyTime(5s), std::nullopt});
    EXPECT_EQ(site.reservations.next_deadline(), SteadyTime(45s));
    site.settle({SteadyTime(45s), std::nullopt});
    EXPECT_FALSE(site.is_kept(1));
}

TEST(Reservations, EndWithTheirConnector) {
    for (const auto status : {Faulted, Unavailable}) {
        Site site({Reserved, Available});
        site.reserve(request(1, 1));
        site.reserve(request(2, 0));
        site.statuses[0] = status;
        site.settle(now_at(1s));
        EXPECT_FALSE(site.is_kept(1));
        EXPECT_TRUE(site.is_kept(0)) << "connector 2 can still be kept";
        site.statuses[1] = status;
        site.settle(now_at(2s));
        EXPECT_FALSE(site.is_kept(0));
    }
}

TEST(Reservations, DoNotEndWithACarNorBeforeTheChargerIsHeard) {
    for (const std::optional<ChargePointStatus> status :
         {std::optional(Reserved), std::optional(Preparing), std::optional(Finishing),
          std::optional<ChargePointStatus>()}) {
        Site site({Available});
        site.reserve(request(1, 1));
        site.statuses[0] = status;
        site.settle(now_at(1s));
        EXPECT_TRUE(site.is_kept(1));
    }
}

TEST(Reservations, ComeBackFromTheStore) {
    Site site({Available, Available});
    site.reserve(for_family(5, 1));
    site.reserve(request(6, 0));
    site.restart();
    const Reservation& one = *site.reservations.find_by_connector(1);
    EXPECT_EQ(one.id, 5);
    EXPECT_EQ(one.id_tag, "Anna");
    EXPECT_EQ(one.parent_id_tag, "Family");
    EXPECT_EQ(one.expiry, now_at(hours(1)).utc);
    EXPECT_EQ(one.since, now_at(0s).utc);
    EXPECT_EQ(site.reservations.find_by_connector(0)->parent_id_tag, std::nullopt);
    site.settle(now_at(hours(1)));
    EXPECT_FALSE(site.is_kept(1)) << "expired while we were away";
    EXPECT_FALSE(site.is_kept(0));
}

TEST(Reservations, PassOverWhatIsDamaged) {
    const Reservations reservations({{"reservation", "1", "{"},
                                     {"reservation", "x", R"({"connector":1,"id_tag":"A"})"},
                                     {"reservation", "", R"({"connector":1,"id_tag":"A"})"},
                                     {"reservation", "2", R"({"connector":"1","id_tag":"A"})"},
                                     {"reservation", "3", R"({"connector":1})"},
                                     {"transaction", "4", R"({"connector":1,"id_tag":"A"})"}});
    EXPECT_EQ(reservations.find_by_connector(1), nullptr);
    EXPECT_EQ(reservations.find_by_connector(0), nullptr);
}

TEST(Reservations, ShowOnTheirConnectorOnly) {
    Site site({Available, Available});
    EXPECT_FALSE(site.reservations.shows_reserved(1, site.statuses));
    site.reserve(request(1, 1));
    EXPECT_TRUE(site.reservations.shows_reserved(1, site.statuses));
    EXPECT_FALSE(site.reservations.shows_reserved(2, site.statuses));
}

TEST(Reservations, OfTheWholeChargePointShowOnTheLastFreeConnectorOnly) {
    Site site({Available, Available});
    site.reserve(request(1, 0));
    EXPECT_FALSE(site.reservations.shows_reserved(1, site.statuses));
    EXPECT_FALSE(site.reservations.shows_reserved(2, site.statuses));
    site.statuses[0] = Charging;
    EXPECT_FALSE(site.reservations.shows_reserved(1, site.statuses));
    EXPECT_TRUE(site.reservations.shows_reserved(2, site.statuses));
    site.statuses[1] = Reserved;
    EXPECT_TRUE(site.reservations.shows_reserved(2, site.statuses)) << "what is shown does not change it";
    site.statuses[1] = Preparing;
    EXPECT_FALSE(site.reservations.shows_reserved(2, site.statuses)) << "the car was there before";
}

TEST(Reservations, OfTheWholeChargePointShowOnTheOnlyConnectorFromItsFirstReadingOn) {
    Site site({Available});
    site.reserve(request(1, 0));
    EXPECT_TRUE(site.reservations.shows_reserved(1, site.statuses));
    site.statuses[0].reset();
    EXPECT_TRUE(site.reservations.shows_reserved(1, site.statuses));
    EXPECT_FALSE(site.reservations.shows_reserved(0, site.statuses) && !site.is_kept(0));
}

TEST(Reservations, TellTheLogWhyTheyEnd) {
    Site site({Reserved});
    site.reserve(request(1, 1, 60s));
    site.settle(now_at(60s));
    const auto& note = std::get<Note>(site.effects.back());
    EXPECT_EQ(note.event, "reservation_ended");
    EXPECT_EQ(note.fields.front().value, "1");
}

}  // namespace
}  // namespace busbar::ocpp
