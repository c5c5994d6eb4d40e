// SPDX-License-Identifier: Apache-2.0
// The order in which a host carries out what its charge point wants: bus, disk, wire.
#include "gateway/charge_point_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host_fakes.hpp"

namespace busbar::gateway {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr UtcTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + std::chrono::hours(12);

class ChargePointHostTest : public testing::Test {
  protected:
    ChargePointHostTest() {
        settings.vendor = "Heidelberg";
        settings.model = "Energy Control";
        settings.mode = ocpp::AuthorizationMode::free;
        settings.id_tag = "EVENERGY01";
        settings.security_events = false;  // tests/ocpp has them
    }

    HostSurroundings surroundings() {
        HostSurroundings around{store,
                                turn,
                                [this] { return now; },
                                [this](UtcTime utc) { offered = utc; },
                                [this] { return "run" + std::to_string(++runs); },
                                [] {},
                                [this](const auto&, auto done) { transfers.push_back(std::move(done)); },
                                [this] { return sim; }};
        around.security_event = [this](const ocpp::SecurityEvent& event) { events.push_back(event.type); };
        return around;
    }

    void start() {
        host.emplace("CP1", settings, surroundings(), Log());
        host->attach(link);
        host->attach(bus);
        host->start();
        link.events = host->link_events();
        end_turn();
    }

    void end_turn() {
        while (!ends.empty()) {
            const auto functions = std::exchange(ends, {});
            for (const auto& function : functions) function();
        }
    }

    void accept() {
        link.events.connected();
        end_turn();
        answer(R"({"status":"Accepted","currentTime":"2026-11-22T12:00:00Z","interval":300})");
        while (link.sent.back().find("StatusNotification") != std::string::npos) {
            const auto before = link.sent.size();
            answer("{}");
            if (link.sent.size() == before) break;
        }
    }

    void answer(const std::string& payload) {
        const std::string& frame = link.sent.back();
        const auto id = frame.substr(4, frame.find('"', 4) - 4);
        link.events.frame(R"([3,")" + id + R"(",)" + payload + "]");
        end_turn();
    }

    void plug_in() {
        Reading reading;
        reading.state = CpState::B1;
        reading.taken_at = now.steady;
        reading.energy_import = Measured<WattHours>{WattHours(1000), now.steady};
        host->on_readings({reading});
    }

    void pass(seconds time) {
        now.steady += time;
        *now.utc += time;
    }

    Now now{SteadyTime(std::chrono::hours(10)), noon};
    FakeStore store;
    std::vector<std::function<void()>> ends;
    std::vector<std::function<void()>> laters;
    Turn turn{store, [this](auto function) { ends.push_back(std::move(function)); },
              [this](auto, auto function) { laters.push_back(std::move(function)); }, [] { return 0.5; },
              Log()};
    FakeLink link;
    FakeBus bus;
    ocpp::Settings settings;
    std::optional<ChargePointHost> host;
    std::optional<UtcTime> offered;
    SimIdentity sim;
    std::vector<std::function<void(Result<void>)>> transfers;
    std::vector<ocpp::SecurityEventType> events;
    int runs = 0;
};

TEST_F(ChargePointHostTest, TheFirstThingTheChargerHearsIsZeroAmpere) {
    start();
    ASSERT_THAT(bus.commands, SizeIs(1));
    EXPECT_EQ(std::get<SetLimit>(bus.commands[0]).limit, Amperes(0));
}

TEST_F(ChargePointHostTest, TheTransactionIsOnTheDiskBeforeItsMessageLeaves) {
    start();
    accept();
    plug_in();
    EXPECT_THAT(link.sent, Not(Contains(HasSubstr("StartTransaction"))));
    EXPECT_THAT(store.messages, IsEmpty());
    end_turn();
    answer("{}");  // Preparing
    EXPECT_THAT(store.messages, SizeIs(1));
    EXPECT_THAT(link.sent, Contains(HasSubstr("StartTransaction")));
}

TEST_F(ChargePointHostTest, AStatusDoesNotWaitForTheDisk) {
    start();
    accept();
    std::vector<std::string> sent_before;
    store.committing = [&] { sent_before = link.sent; };
    plug_in();
    EXPECT_TRUE(store.dirty());
    end_turn();
    EXPECT_THAT(sent_before, Contains(HasSubstr("Preparing")));
    EXPECT_THAT(sent_before, Not(Contains(HasSubstr("StartTransaction"))));
}

TEST_F(ChargePointHostTest, TheBusCommandDoesNotWaitForTheDisk) {
    start();
    accept();
    plug_in();
    EXPECT_EQ(std::get<SetLimit>(bus.commands.back()).limit, Amperes(32));
    EXPECT_TRUE(store.dirty());
}

TEST_F(ChargePointHostTest, AFullDiskHoldsBackTransactionMessagesButNeitherLimitsNorOtherFrames) {
    start();
    accept();
    store.broken = true;
    plug_in();
    end_turn();
    EXPECT_EQ(std::get<SetLimit>(bus.commands.back()).limit, Amperes(32));
    EXPECT_THAT(link.sent.back(), HasSubstr("Preparing"));
    answer("{}");
    EXPECT_THAT(link.sent, Not(Contains(HasSubstr("StartTransaction"))));

    store.broken = false;
    ASSERT_THAT(laters, Not(IsEmpty()));
    laters.back()();
    end_turn();
    EXPECT_THAT(link.sent, Contains(HasSubstr("StartTransaction")));
}

TEST_F(ChargePointHostTest, AMessageThatCannotBeSavedHoldsUpNoOtherAndFollowsOnce) {
    start();
    accept();
    store.broken = true;
    plug_in();
    end_turn();
    answer("{}");  // Preparing; StartTransaction is next, and cannot leave
    Reading fault;
    fault.state = CpState::E;
    fault.taken_at = now.steady;
    host->on_readings({fault});
    end_turn();
    ASSERT_THAT(link.sent.back(), HasSubstr("Faulted"));

    store.broken = false;
    laters.back()();
    end_turn();
    EXPECT_THAT(link.sent, Not(Contains(HasSubstr("StartTransaction")))) << "one CALL is open already";
    answer("{}");
    EXPECT_THAT(link.sent, Contains(HasSubstr("StartTransaction")).Times(1));
}

TEST_F(ChargePointHostTest, AResetMakesTheChargePointAnewFromTheStoreAndClosesWith1000) {
    start();
    accept();
    link.events.frame(R"([2,"r1","Reset",{"type":"Soft"}])");
    end_turn();
    EXPECT_THAT(link.sent, Contains(HasSubstr(R"([3,"r1",{"status":"Accepted"}])")));
    EXPECT_THAT(link.closed_with, testing::ElementsAre(1000));
    EXPECT_EQ(runs, 2);
    link.sent.clear();
    link.events.disconnected();
    link.events.connected();
    end_turn();
    EXPECT_THAT(link.sent, Contains(HasSubstr("BootNotification")));
}

TEST_F(ChargePointHostTest, AConnectorThatFellSilentIsLostWhileTheOtherGoesOn) {
    settings.connectors = 2;
    start();
    Reading reading;
    reading.state = CpState::A;
    for (int i = 0; i < 4; ++i) {
        reading.taken_at = now.steady;
        auto silent = reading;
        if (i > 0) silent.silence = "unit 2 does not answer";
        host->on_readings({reading, silent});
        end_turn();
        pass(seconds(10));
    }
    const auto view = host->view();
    EXPECT_FALSE(view.connectors[0].lost);
    ASSERT_TRUE(view.connectors[1].lost);
    EXPECT_EQ(view.connectors[1].status->vendor_error_code, "COMM_LOST");
    EXPECT_EQ(view.connectors[1].status->info, "unit 2 does not answer");
}

TEST_F(ChargePointHostTest, CommandsCarryTheIdOfTheRequestThatCausedThem) {
    start();
    accept();
    plug_in();
    end_turn();
    link.events.frame(
        R"([2,"limit-7","SetChargingProfile",{"connectorId":0,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,)"
        R"("chargingProfilePurpose":"ChargePointMaxProfile","chargingProfileKind":"Absolute","chargingSchedule":)"
        R"({"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}}}])");
    EXPECT_EQ(std::get<SetLimit>(bus.commands.back()).limit, Amperes(10));
    EXPECT_EQ(bus.causes.back(), Cause{"limit-7"});
}

TEST_F(ChargePointHostTest, ABusBuiltAnewHearsTheLimitsInForce) {
    start();
    plug_in();
    FakeBus another;
    host->attach(another);
    ASSERT_THAT(another.commands, SizeIs(1));
    EXPECT_EQ(std::get<SetLimit>(another.commands[0]).limit, Amperes(32));
}

TEST_F(ChargePointHostTest, ASimThatIsKnownWhenTheLinkStandsIsNamedInTheBootNotification) {
    start();
    sim = {"89499000000000000001", "262011234567890"};
    link.events.connected();
    end_turn();
    EXPECT_THAT(link.sent.front(), HasSubstr(R"("iccid":"89499000000000000001","imsi":"262011234567890")"));
}

TEST_F(ChargePointHostTest, TheCentralSystemsTimeIsOfferedToTheClock) {
    start();
    accept();
    EXPECT_EQ(offered, noon);
}

TEST_F(ChargePointHostTest, ANewPasswordIsOnTheDiskAndConfirmedBeforeTheLinkIsClosedForIt) {
    start();
    accept();
    store.broken = true;
    link.events.frame(R"([2,"k1","ChangeConfiguration",{"key":"AuthorizationKey","value":"next password"}])");
    end_turn();
    EXPECT_THAT(link.sent, Not(Contains(HasSubstr(R"([3,"k1")"))));
    EXPECT_THAT(link.closed_with, IsEmpty());

    store.broken = false;
    laters.back()();
    end_turn();
    EXPECT_THAT(link.sent, Contains(R"([3,"k1",{"status":"Accepted"}])"));
    EXPECT_THAT(link.closed_with, testing::ElementsAre(1000));
    EXPECT_EQ(link.password.reveal(), "next password");
    link.password = {};
    start();
    EXPECT_EQ(link.password.reveal(), "next password");
}

TEST_F(ChargePointHostTest, ALinkThatFailsForSecurityIsOneEventOfItsCause) {
    using Type = ocpp::SecurityEventType;
    start();
    struct Case {
        LinkFailure failure;
        std::optional<Type> type;
    };
    const std::vector<Case> cases{
        {{LinkCause::http_401, "a"}, Type::FailedToAuthenticateAtCentralSystem},
        {{LinkCause::tls_version, "b"}, Type::InvalidTLSVersion},
        {{LinkCause::cipher, "c"}, Type::InvalidTLSCipherSuite},
        {{LinkCause::unknown_ca, "d"}, Type::InvalidCentralSystemCertificate},
        {{LinkCause::expired, "e"}, Type::InvalidCentralSystemCertificate},
        {{LinkCause::closed, "f", 0, PeerFlaw::unproven}, Type::CentralSystemFailedToAuthenticate},
        {{LinkCause::unknown_ca, "g", 0, PeerFlaw::revoked}, Type::InvalidCentralSystemCertificate},
        {{LinkCause::closed, "h"}, std::nullopt},
        {{LinkCause::dns, "i"}, std::nullopt}};
    link.events.failing({LinkCause::cipher, "with what a start tells"});
    for (const auto& one : cases) {
        events.clear();
        link.events.failing(one.failure);
        const std::vector<Type> wanted = one.type ? std::vector{*one.type} : std::vector<Type>{};
        EXPECT_EQ(events, wanted) << one.failure.detail;
    }
}

TEST_F(ChargePointHostTest, TheEndOfATransferIsTold) {
    settings.file_transfer_protocols = "HTTPS";
    start();
    accept();
    link.events.frame(R"([2,"d1","GetDiagnostics",{"location":"https://example.org/up"}])");
    end_turn();
    ASSERT_THAT(transfers, SizeIs(1));
    EXPECT_THAT(link.sent, Contains(HasSubstr("Uploading")));
    answer("{}");
    transfers[0]({});
    end_turn();
    EXPECT_THAT(link.sent, Contains(HasSubstr("Uploaded")));
}

TEST_F(ChargePointHostTest, SamplesThatOnlyMemoryHoldsAreSavedAtAnOrderlyStop) {
    start();
    accept();
    plug_in();
    end_turn();
    link.events.disconnected();
    pass(60s);
    plug_in();
    host->on_tick();
    end_turn();
    EXPECT_THAT(store.messages, SizeIs(1));
    host->on_stop();
    end_turn();
    EXPECT_THAT(store.messages, SizeIs(2));
}

}  // namespace
}  // namespace busbar::gateway
