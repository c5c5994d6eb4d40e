// SPDX-License-Identifier: Apache-2.0
// What a modem's state means for a person on site.
#include "gateway/uplink/modem_facts.hpp"

#include <gmock/gmock.h>

#include "gateway/uplink/modem_ladder.hpp"
#include "gateway/uplink/modem_report.hpp"
#include "gateway/uplink/signal_quality.hpp"

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

ModemFacts in_state(ModemState state, Registration registration = Registration::unknown) {
    ModemFacts modem;
    modem.state = state;
    modem.registration = registration;
    return modem;
}

TEST(SignalQuality, TurnsDbmIntoCsqAsTheStandardDoes) {
    EXPECT_EQ(csq_of_dbm(-113), 0);
    EXPECT_EQ(csq_of_dbm(-111), 1);
    EXPECT_EQ(csq_of_dbm(-85), 14);
    EXPECT_EQ(csq_of_dbm(-83), 15);
    EXPECT_EQ(csq_of_dbm(-51), 31);
    EXPECT_EQ(csq_of_dbm(-130), 0);
    EXPECT_EQ(csq_of_dbm(-20), 31);
}

TEST(SignalQuality, TurnsModemManagersPercentBackIntoCsq) {
    EXPECT_EQ(csq_of_percent(0), 0);
    EXPECT_EQ(csq_of_percent(80), 25);
    EXPECT_EQ(csq_of_percent(100), 31);
    EXPECT_EQ(csq_of_percent(400), 31);
}

TEST(SignalQuality, DrawsTheLineAboveFourteen) {
    EXPECT_EQ(signal_word(std::nullopt), "unknown");
    EXPECT_EQ(signal_word(0), "none");
    EXPECT_EQ(signal_word(14), "poor");
    EXPECT_EQ(signal_word(15), "good");
    EXPECT_EQ(signal_word(20), "very good");
}

TEST(ModemFacts, SayWhatStandsInTheWay) {
    ModemFacts modem = in_state(ModemState::failed);
    modem.failure = ModemFailure::sim_missing;
    EXPECT_THAT(hindrance_of(modem), HasSubstr("no SIM"));
    modem.failure = static_cast<ModemFailure>(4);
    EXPECT_THAT(hindrance_of(modem), HasSubstr("does not say why"));
    modem = in_state(ModemState::locked);
    modem.lock = SimLock::pin;
    EXPECT_THAT(hindrance_of(modem), HasSubstr("the SIM wants its PIN"));
    modem.lock = SimLock::puk;
    EXPECT_THAT(hindrance_of(modem), HasSubstr("PUK"));
    modem.lock = static_cast<SimLock>(6);
    EXPECT_THAT(hindrance_of(modem), HasSubstr("locked by its maker"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::searching, Registration::searching)),
                HasSubstr("searching for a network"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::enabled, Registration::denied)),
                HasSubstr("registration denied"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::registered, Registration::emergency_only)),
                HasSubstr("emergency"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::disabled)), HasSubstr("switched off"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::registered, Registration::home)),
                HasSubstr("not connected"));
    EXPECT_THAT(hindrance_of(in_state(ModemState::connected, Registration::roaming)), IsEmpty());
    EXPECT_THAT(hindrance_of({}), IsEmpty());
}

TEST(ModemFacts, LackCoverageOnlyWithoutSignal) {
    ModemFacts modem = in_state(ModemState::searching, Registration::searching);
    EXPECT_TRUE(lacks_coverage(modem));
    modem.percent = 0;
    EXPECT_TRUE(lacks_coverage(modem));
    modem.percent = 60;
    EXPECT_FALSE(lacks_coverage(modem)) << "it hears a network and does not get in: it may hang";
    EXPECT_FALSE(lacks_coverage(in_state(ModemState::registered, Registration::home)));
    EXPECT_FALSE(lacks_coverage(in_state(ModemState::disabled)));
}

TEST(ModemFacts, NameTheBestTechnologyInUse) {
    EXPECT_EQ(access_word(0), "");
    EXPECT_EQ(access_word(1U << 14), "LTE");
    EXPECT_EQ(access_word(1U << 5 | 1U << 9), "HSPA+");
    EXPECT_EQ(access_word(1U << 30), "");
}

TEST(ModemFacts, NameEveryStateAndNoOther) {
    EXPECT_EQ(to_string(ModemState::failed), "failed");
    EXPECT_EQ(to_string(ModemState::locked), "locked");
    EXPECT_EQ(to_string(ModemState::connected), "connected");
    EXPECT_EQ(to_string(static_cast<ModemState>(12)), "unknown");
    EXPECT_EQ(to_string(static_cast<ModemState>(-2)), "unknown");
}

TEST(ModemFacts, AreReportedWithNullForWhatIsNotKnown) {
    ModemFacts modem = in_state(ModemState::registered, Registration::home);
    modem.rssi = -83.0;
    modem.operator_name = "ACME Mobile";
    modem.iccid = "8949000000000000001";
    const auto json = modem_json({"", modem, {0, 2, 1, 0}});
    EXPECT_EQ(json["state"], "registered");
    EXPECT_EQ(json["hindrance"], nullptr);
    EXPECT_EQ(json["signal"].dump(),
              R"({"csq":15,"word":"good","line":14,"passes":true,"rssi_dbm":-83.0,"rsrp_dbm":null})");
    EXPECT_EQ(json["operator"], "ACME Mobile");
    EXPECT_EQ(json["imsi"], nullptr);
    EXPECT_EQ(json["recovery"].dump(), R"({"reconnect":0,"toggle":2,"reset":1,"power_cycle":0})");
}

}  // namespace
}  // namespace busbar::gateway
