// SPDX-License-Identifier: Apache-2.0
// When BootNotification is due, and what may be sent until it is accepted.
#include "ocpp/registration.hpp"

#include <gtest/gtest.h>

namespace busbar::ocpp {
namespace {

using enum RegistrationStatus;

constexpr SteadyTime start{seconds(1000)};

BootNotificationConf conf(RegistrationStatus status, int interval) {
    return {UtcTime(), interval, status};
}

/// Connected, its BootNotification sent at `start`.
Registration booting() {
    Registration registration;
    registration.on_connected(start);
    EXPECT_TRUE(registration.boot_due(start));
    registration.on_boot_sent();
    EXPECT_FALSE(registration.boot_due(start));
    return registration;
}

TEST(Registration, BootsWhenConnectedAndNotBefore) {
    Registration registration;
    EXPECT_FALSE(registration.boot_due(start));
    EXPECT_EQ(registration.next_deadline(), std::nullopt);
    EXPECT_EQ(registration.allowed(start), Allowed::nothing);
    registration.on_connected(start);
    EXPECT_EQ(registration.allowed(start), Allowed::boot);
    EXPECT_FALSE(registration.status());
}

TEST(Registration, AcceptedAllowsEverythingAndSurvivesReconnection) {
    Registration registration = booting();
    registration.on_boot_conf(conf(Accepted, 300), start);
    EXPECT_EQ(registration.allowed(start), Allowed::everything);
    registration.on_disconnected();
    EXPECT_EQ(registration.allowed(start), Allowed::nothing);
    registration.on_connected(start + 60s);
    EXPECT_EQ(registration.allowed(start + 60s), Allowed::everything);
    EXPECT_FALSE(registration.boot_due(start + 60s));
    EXPECT_EQ(registration.next_deadline(), std::nullopt);
}

TEST(Registration, RejectedIsSilentUntilTheIntervalIsOverEvenOnANewConnection) {
    Registration registration = booting();
    registration.on_boot_conf(conf(Rejected, 90), start);
    EXPECT_TRUE(registration.silent(start + 89s));
    EXPECT_EQ(registration.allowed(start + 89s), Allowed::nothing);
    registration.on_disconnected();
    registration.on_connected(start + 10s);
    EXPECT_FALSE(registration.boot_due(start + 89s));
    EXPECT_EQ(registration.next_deadline(), start + 90s);
    EXPECT_TRUE(registration.boot_due(start + 90s));
    EXPECT_EQ(registration.allowed(start + 90s), Allowed::boot);
}

TEST(Registration, PendingAllowsWhatIsTriggered) {
    Registration registration = booting();
    registration.on_boot_conf(conf(Pending, 30), start);
    EXPECT_TRUE(registration.pending());
    EXPECT_FALSE(registration.silent(start));
    EXPECT_EQ(registration.allowed(start), Allowed::triggered);
    EXPECT_TRUE(registration.boot_due(start + 30s));
}

TEST(Registration, WithoutAnIntervalItsOwnHolds) {
    Registration registration = booting();
    registration.on_boot_conf(conf(Pending, 0), start);
    EXPECT_EQ(registration.next_deadline(), start + Registration::own_interval);
    registration.on_boot_conf(conf(Rejected, -5), start);
    EXPECT_EQ(registration.next_deadline(), start + Registration::own_interval);
}

TEST(Registration, TriesAgainWithin25SecondsOfAnErrorOrSilence) {
    Registration registration = booting();
    registration.on_boot_error(start);
    EXPECT_LE(*registration.next_deadline(), start + 25s);
    EXPECT_TRUE(registration.boot_due(start + Registration::retry_after_error));
    EXPECT_LE(Registration::answer_within, 25s);
    registration.on_boot_sent();
    registration.on_boot_unanswered(start + 40s);
    EXPECT_TRUE(registration.boot_due(start + 40s));
}

TEST(Registration, AnAnswerThatNeverCameIsAskedForOnTheNextConnection) {
    Registration registration = booting();
    registration.on_disconnected();
    EXPECT_EQ(registration.next_deadline(), std::nullopt);
    registration.on_connected(start + 5s);
    EXPECT_TRUE(registration.boot_due(start + 5s));
}

TEST(Registration, AcceptedEndsTheSilenceOfAnEarlierRejection) {
    Registration registration = booting();
    registration.on_boot_conf(conf(Rejected, 3600), start);
    registration.on_boot_conf(conf(Accepted, 300), start + 10s);
    EXPECT_FALSE(registration.silent(start + 10s));
    EXPECT_EQ(registration.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace busbar::ocpp
