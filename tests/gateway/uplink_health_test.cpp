// SPDX-License-Identifier: Apache-2.0
// When an uplink counts as online, suspect or down, and when it is probed.
#include "gateway/uplink/uplink_health.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using testing::HasSubstr;

constexpr SteadyTime start{1000s};
const InterfaceFacts works{
    .present = true, .carrier = true, .addresses = {"192.0.2.7"}, .name_servers = {}, .hindrance = ""};

ProbeOutcome pass() {
    return {};
}
ProbeOutcome fail(DialStep step) {
    ProbeOutcome outcome;
    outcome.step = step;
    outcome.failure = LinkFailure{LinkCause::timeout, "no answer"};
    return outcome;
}

class Uplink : public testing::Test {
  protected:
    explicit Uplink(bool metered = false) : health(metered) { health.watch_closely(true, start); }

    void make_online() {
        health.on_interface(works, start);
        probe(pass(), start);
    }
    void probe(const ProbeOutcome& outcome, SteadyTime now) {
        health.probe_begun();
        health.on_probe(outcome, now);
    }

    UplinkHealth health;
};

class MeteredUplink : public Uplink {
  protected:
    MeteredUplink() : Uplink(true) {}
};

TEST_F(Uplink, IsAbsentUntilTheKernelKnowsTheInterface) {
    health.on_interface({}, start);
    EXPECT_EQ(health.state(), UplinkState::absent);
    EXPECT_EQ(health.since(), start);
    EXPECT_FALSE(health.next_probe());
}

TEST_F(Uplink, SaysWhichOfLinkAndAddressIsMissing) {
    health.on_interface(
        {.present = true, .carrier = false, .addresses = {"192.0.2.7"}, .name_servers = {}, .hindrance = ""},
        start);
    EXPECT_EQ(health.state(), UplinkState::no_link);
    health.on_interface(
        {.present = true, .carrier = true, .addresses = {}, .name_servers = {}, .hindrance = ""}, start + 1s);
    EXPECT_EQ(health.state(), UplinkState::no_address);
    EXPECT_EQ(health.reason(start + 2s), "has a link but no address");
}

TEST_F(Uplink, SaysWhatAManagerKnowsOfTheReason) {
    health.on_interface({.present = true,
                         .carrier = false,
                         .addresses = {},
                         .name_servers = {},
                         .hindrance = "waits for the SIM's PIN"},
                        start);
    EXPECT_EQ(health.reason(start), "waits for the SIM's PIN");
}

TEST_F(Uplink, IsProbedUpToTlsAsSoonAsItHasAnAddress) {
    health.on_interface(works, start);
    EXPECT_EQ(health.state(), UplinkState::probing);
    ASSERT_TRUE(health.next_probe());
    EXPECT_EQ(health.next_probe()->at, start);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tls);
}

TEST_F(Uplink, SaysWhyItDoesNotComeUp) {
    health.on_interface(works, start);
    EXPECT_EQ(health.reason(start), "has an address and is being tried");
    probe(fail(DialStep::dns), start + 2s);
    EXPECT_EQ(health.state(), UplinkState::probing);
    EXPECT_EQ(health.reason(start + 4s), "gets no answer about the name for 2 s");
}

TEST_F(Uplink, IsOnlineAfterItsFirstProbePassed) {
    make_online();
    EXPECT_EQ(health.state(), UplinkState::online);
    EXPECT_EQ(health.next_probe()->at, start + 3s);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tcp);
    EXPECT_EQ(health.next_probe()->timeout, 2s);
}

TEST_F(Uplink, IsNotProbedWhileAProbeIsUnderWay) {
    health.on_interface(works, start);
    health.probe_begun();
    EXPECT_FALSE(health.next_probe());
}

TEST_F(Uplink, BytesOfASessionSpareTheProbe) {
    make_online();
    health.on_bytes(start + 2s);
    EXPECT_EQ(health.next_probe()->at, start + 5s);
}

TEST_F(Uplink, ClimbsToTlsAtEachThirdProbe) {
    make_online();
    probe(pass(), start + 3s);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tcp);
    probe(pass(), start + 6s);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tls);
    probe(pass(), start + 9s);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tcp);
}

TEST_F(Uplink, OneFailureMakesItSuspectAndThreeInARowOffline) {
    make_online();
    probe(fail(DialStep::tcp), start + 5s);
    EXPECT_EQ(health.state(), UplinkState::suspect);
    EXPECT_EQ(health.next_probe()->at, start + 5500ms);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tls);
    probe(fail(DialStep::tcp), start + 7500ms);
    EXPECT_EQ(health.state(), UplinkState::suspect);
    probe(fail(DialStep::tcp), start + 10s);
    EXPECT_EQ(health.state(), UplinkState::offline);
    EXPECT_EQ(health.reason(start + 36s), "passed DNS but not TCP for 31 s");
}

TEST_F(Uplink, ItsWordsStayTrueWhileItsReasonCountsOn) {
    make_online();
    EXPECT_FALSE(health.is_lasting());
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tls), start + n * 3s);
    EXPECT_EQ(health.words(), "passed TCP but not TLS");
    EXPECT_TRUE(health.is_lasting());
    EXPECT_EQ(health.failing_since(), start + 3s);
    probe(pass(), start + 12s);
    EXPECT_EQ(health.words(), "answers again and has to prove itself");
    EXPECT_FALSE(health.is_lasting());
}

TEST_F(Uplink, ThatItOnceLostTooMuchIsNoReasonLater) {
    make_online();
    for (int n = 1; n <= 4; ++n) {
        probe(fail(DialStep::tcp), start + n * 10s);
        probe(pass(), start + n * 10s + 1s);
    }
    probe(fail(DialStep::tcp), start + 50s);
    EXPECT_EQ(health.reason(start + 50s), "loses too much: 5 of the last 10 probes failed");
    health.on_bytes(start + 51s);
    probe(fail(DialStep::dns), start + 60s);
    EXPECT_EQ(health.state(), UplinkState::suspect);
    EXPECT_EQ(health.reason(start + 62s), "gets no answer about the name for 2 s");
}

TEST_F(Uplink, APassBetweenFailuresIsNotThreeInARow) {
    make_online();
    probe(fail(DialStep::tcp), start + 5s);
    probe(fail(DialStep::tcp), start + 8s);
    probe(pass(), start + 9s);
    probe(fail(DialStep::tcp), start + 12s);
    EXPECT_EQ(health.state(), UplinkState::suspect);
    EXPECT_EQ(health.failing_since(), start + 12s);
}

TEST_F(Uplink, FiveFailuresOfTheLastTenAreOfflineToo) {
    make_online();
    for (int n = 1; n <= 4; ++n) {
        probe(fail(DialStep::tcp), start + n * 10s);
        probe(pass(), start + n * 10s + 1s);
    }
    EXPECT_EQ(health.state(), UplinkState::online);
    probe(fail(DialStep::tcp), start + 50s);
    EXPECT_EQ(health.state(), UplinkState::offline);
}

TEST_F(Uplink, ComesBackAfterThreePassesInARowOverTenSeconds) {
    make_online();
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 3s);
    probe(pass(), start + 20s);
    probe(pass(), start + 25s);
    EXPECT_EQ(health.state(), UplinkState::offline);
    probe(pass(), start + 29s);
    EXPECT_EQ(health.state(), UplinkState::offline);
    probe(pass(), start + 30s);
    EXPECT_EQ(health.state(), UplinkState::online);
    EXPECT_EQ(health.since(), start + 30s);
    probe(fail(DialStep::tcp), start + 40s);
    EXPECT_EQ(health.state(), UplinkState::suspect) << "what failed before it came back is forgotten";
}

TEST_F(Uplink, AFailureWhileComingBackBeginsTheCountAnew) {
    make_online();
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 3s);
    probe(pass(), start + 20s);
    probe(pass(), start + 25s);
    probe(fail(DialStep::tcp), start + 30s);
    probe(pass(), start + 35s);
    probe(pass(), start + 46s);
    EXPECT_EQ(health.state(), UplinkState::offline);
}

TEST_F(Uplink, BytesOfASessionBringItBackAtOnce) {
    make_online();
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 3s);
    health.on_bytes(start + 11s);
    EXPECT_EQ(health.state(), UplinkState::online);
    EXPECT_FALSE(health.failing_since());
}

TEST_F(Uplink, SomebodyElsesAnswerIsAPortal) {
    make_online();
    ProbeOutcome portal = fail(DialStep::tls);
    portal.intercepted = true;
    portal.portal = "http://login.example/";
    for (int n = 1; n <= 3; ++n) probe(portal, start + n * 3s);
    EXPECT_EQ(health.state(), UplinkState::portal);
    EXPECT_EQ(health.reason(start + 10s), "is answered by somebody else at http://login.example/ for 7 s");
}

TEST_F(Uplink, ASilentServerIsNotAnOfflineUplinkAndOnePassEndsIt) {
    make_online();
    ProbeOutcome silent = fail(DialStep::tcp);
    silent.neutral_answers = true;
    for (int n = 1; n <= 3; ++n) probe(silent, start + n * 3s);
    EXPECT_EQ(health.state(), UplinkState::server_silent);
    probe(pass(), start + 20s);
    EXPECT_EQ(health.state(), UplinkState::online);
}

TEST_F(Uplink, TheFirstFailureBesideANeutralTargetThatAnswersMakesTheServerSuspect) {
    make_online();
    EXPECT_FALSE(health.suspects_server());
    ProbeOutcome silent = fail(DialStep::tcp);
    silent.neutral_answers = true;
    probe(silent, start + 3s);
    EXPECT_EQ(health.state(), UplinkState::suspect);
    EXPECT_TRUE(health.suspects_server());
    silent.intercepted = true;  // a portal answers for everybody
    probe(silent, start + 4s);
    EXPECT_FALSE(health.suspects_server());
    silent.intercepted = false;
    probe(silent, start + 5s);
    health.on_bytes(start + 6s);
    EXPECT_FALSE(health.suspects_server());
}

TEST_F(Uplink, StaysProbedWhenItIsHopeless) {
    make_online();
    for (int n = 1; n <= 100; ++n) probe(fail(DialStep::dns), start + n * 3s);
    EXPECT_EQ(health.next_probe()->at, start + 303s);
    EXPECT_THAT(health.reason(start + 303s), HasSubstr("no answer about the name for 300 s"));
}

TEST_F(Uplink, AnOutcomeFromBeforeTheInterfaceChangedTellsNothing) {
    health.on_interface(works, start);
    health.probe_begun();
    health.on_interface({}, start + 1s);
    health.on_interface(works, start + 2s);
    health.on_probe(pass(), start + 3s);
    EXPECT_EQ(health.state(), UplinkState::probing);
    EXPECT_EQ(health.next_probe()->at, start + 2s);
}

TEST_F(Uplink, SaysWhenAProbeUnderWayTellsNothingAnyMore) {
    make_online();
    health.probe_begun();
    EXPECT_FALSE(health.probe_is_void());
    health.on_interface({}, start + 1s);
    EXPECT_TRUE(health.probe_is_void());
}

TEST_F(Uplink, AFailureWhileBytesCameIsTheProbesOwn) {
    make_online();
    health.probe_begun();
    health.on_bytes(start + 4s);
    health.on_probe(fail(DialStep::tcp), start + 5s);
    EXPECT_EQ(health.state(), UplinkState::online);
    EXPECT_FALSE(health.failing_since());
    EXPECT_EQ(health.next_probe()->at, start + 7s);
}

TEST_F(Uplink, AnotherAddressIsANewStory) {
    make_online();
    InterfaceFacts moved = works;
    moved.addresses = {"198.51.100.9"};
    health.on_interface(moved, start + 5s);
    EXPECT_EQ(health.state(), UplinkState::probing);
    EXPECT_FALSE(health.last_good());
}

TEST_F(Uplink, AFurtherAddressIsNotANewStory) {
    make_online();
    InterfaceFacts more = works;
    more.addresses = {"192.0.2.7", "2001:db8::7"};
    health.on_interface(more, start + 5s);
    EXPECT_EQ(health.state(), UplinkState::online);
    health.on_interface(works, start + 6s);
    EXPECT_EQ(health.state(), UplinkState::probing) << "sessions may have stood on the one that went";
}

TEST_F(Uplink, OtherNameServersAreNotANewStory) {
    make_online();
    InterfaceFacts told = works;
    told.name_servers = {"192.0.2.1"};
    health.on_interface(told, start + 5s);
    EXPECT_EQ(health.state(), UplinkState::online);
}

TEST_F(Uplink, DoubtBringsTheProbeForwardAndDeepensIt) {
    make_online();
    health.on_doubt(start + 1s);
    EXPECT_EQ(health.next_probe()->at, start + 1s);
    EXPECT_EQ(health.next_probe()->depth, DialStep::tls);
}

TEST_F(Uplink, DoubtsDoNotHurryAnUplinkThatFailsAlready) {
    make_online();
    probe(fail(DialStep::tcp), start + 5s);
    health.on_doubt(start + 5s);
    EXPECT_EQ(health.next_probe()->at, start + 5500ms) << "many sessions complain at once";
    probe(fail(DialStep::tcp), start + 6s);
    probe(fail(DialStep::tcp), start + 7s);
    health.on_doubt(start + 7s);
    EXPECT_EQ(health.next_probe()->at, start + 10s);
}

TEST_F(Uplink, ComingBackIsToldAndALossyLineToo) {
    make_online();
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 3s);
    probe(pass(), start + 20s);
    EXPECT_EQ(health.reason(start + 20s), "answers again and has to prove itself");
    probe(pass(), start + 25s);
    probe(pass(), start + 30s);
    for (int n = 0; n < 5; ++n) {
        probe(pass(), start + 40s);
        probe(fail(DialStep::tcp), start + 41s);
    }
    EXPECT_EQ(health.state(), UplinkState::offline);
    EXPECT_EQ(health.reason(start + 41s), "loses too much: 5 of the last 10 probes failed");
}

TEST_F(MeteredUplink, IsProbedSoonerWhenItMayHaveToTakeOver) {
    health.watch_closely(false, start);
    make_online();
    EXPECT_EQ(health.next_probe()->at, start + 300s);
    health.watch_closely(true, start + 10s);
    EXPECT_EQ(health.next_probe()->at, start + 70s);
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 20s);
    EXPECT_EQ(health.next_probe()->at, start + 75s);
}

TEST_F(MeteredUplink, IsProbedSeldomAndPatiently) {
    make_online();
    EXPECT_EQ(health.next_probe()->at, start + 60s);
    EXPECT_EQ(health.next_probe()->timeout, 10s);
    health.watch_closely(false, start + 60s);
    probe(pass(), start + 60s);
    EXPECT_EQ(health.next_probe()->at, start + 360s);
}

TEST_F(MeteredUplink, ComesBackAfterTwoPasses) {
    make_online();
    for (int n = 1; n <= 3; ++n) probe(fail(DialStep::tcp), start + n * 20s);
    probe(pass(), start + 100s);
    EXPECT_EQ(health.state(), UplinkState::offline);
    probe(pass(), start + 130s);
    EXPECT_EQ(health.state(), UplinkState::online);
}

}  // namespace
}  // namespace busbar::gateway
