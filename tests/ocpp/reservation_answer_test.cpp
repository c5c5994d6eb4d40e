// SPDX-License-Identifier: Apache-2.0
// ReserveNow.conf as a function of what the connectors are, over every combination.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "ocpp/reservations.hpp"

namespace busbar::ocpp {
namespace {

using enum ChargePointStatus;

TEST(ReservationPlace, IsAFunctionOfTheStatusAndTheReservation) {
    for (const auto status : {Available, Reserved}) {
        EXPECT_EQ(place_of(status, false), Place::free);
        EXPECT_EQ(place_of(status, true), Place::reserved);
    }
    for (const bool reserved : {false, true}) {
        for (const auto status : {Preparing, Charging, SuspendedEVSE, SuspendedEV, Finishing}) {
            EXPECT_EQ(place_of(status, reserved), Place::occupied);
        }
        EXPECT_EQ(place_of(Faulted, reserved), Place::faulted);
        EXPECT_EQ(place_of(Unavailable, reserved), Place::unavailable);
        EXPECT_EQ(place_of(std::nullopt, reserved), Place::unavailable);
    }
}

constexpr std::array all_places{Place::free, Place::reserved, Place::occupied, Place::faulted,
                                Place::unavailable};

/// All places of three connectors, all that can be said of the whole charge point.
template <class Check>
void for_every_charge_point(Check check) {
    for (const auto a : all_places) {
        for (const auto b : all_places) {
            for (const auto c : all_places) {
                for (const bool supported : {false, true}) {
                    for (const bool reserved : {false, true}) {
                        check(std::vector{a, b, c}, WholeChargePoint{supported, reserved});
                    }
                }
            }
        }
    }
}

std::ptrdiff_t count(const std::vector<Place>& places, Place place) {
    return std::count(places.begin(), places.end(), place);
}

TEST(ReservationAnswer, OfAConnectorFollowsItsPlaceUnlessItIsTheLastThatTheChargePointKeeps) {
    for_every_charge_point([](const std::vector<Place>& places, const WholeChargePoint& whole) {
        for (const ConnectorId target : {1, 2, 3}) {
            const auto place = places[static_cast<std::size_t>(target) - 1];
            const auto answer = judge_reservation(target, places, whole);
            const bool others_free = count(places, Place::free) > 1;
            EXPECT_EQ(answer == ReservationStatus::Accepted,
                      place == Place::free && (!whole.reserved || others_free));
            EXPECT_EQ(answer == ReservationStatus::Faulted, place == Place::faulted);
            EXPECT_EQ(answer == ReservationStatus::Unavailable, place == Place::unavailable);
            EXPECT_NE(answer, ReservationStatus::Rejected);
        }
    });
}

TEST(ReservationAnswer, OfTheWholeChargePointNeedsOneFreeConnectorElseNamesTheMostTellingReason) {
    for_every_charge_point([](const std::vector<Place>& places, const WholeChargePoint& whole) {
        const auto answer = judge_reservation(0, places, whole);
        EXPECT_EQ(answer == ReservationStatus::Rejected, !whole.supported);
        if (!whole.supported) return;
        const bool free = count(places, Place::free) > 0;
        const bool busy = count(places, Place::occupied) + count(places, Place::reserved) > 0;
        const bool broken = count(places, Place::faulted) > 0;
        EXPECT_EQ(answer == ReservationStatus::Accepted, free && !whole.reserved);
        EXPECT_EQ(answer == ReservationStatus::Occupied, whole.reserved || (!free && busy));
        EXPECT_EQ(answer == ReservationStatus::Faulted, !whole.reserved && !free && !busy && broken);
        EXPECT_EQ(answer == ReservationStatus::Unavailable, !whole.reserved && !free && !busy && !broken);
    });
}

TEST(ReservationAnswer, IsRejectedForAConnectorThatDoesNotExist) {
    EXPECT_EQ(judge_reservation(2, {Place::free}, {}), ReservationStatus::Rejected);
    EXPECT_EQ(judge_reservation(-1, {Place::free}, {}), ReservationStatus::Rejected);
    EXPECT_EQ(judge_reservation(0, {}, {}), ReservationStatus::Unavailable);
}

}  // namespace
}  // namespace busbar::ocpp
