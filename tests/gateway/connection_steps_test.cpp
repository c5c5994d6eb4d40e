// SPDX-License-Identifier: Apache-2.0
// What the connection test says of each outcome.
#include "gateway/web/api/connection_steps.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

const TestSubject subject{"csms.example", 443, "CP1"};
const Now now{SteadyTime(seconds(1000)), UtcTime(seconds(1'767'268'800))};

std::vector<std::string> words(const Json& steps) {
    std::vector<std::string> words;
    for (const auto& one : steps)
        words.push_back(one.at("step").get<std::string>() + " " + one.at("outcome").get<std::string>() + " " +
                        one.at("code").get<std::string>());
    return words;
}

Dialled failed(DialStep step, LinkCause cause) {
    Dialled dialled;
    dialled.step = step;
    dialled.failure = LinkFailure{cause, "the peer's words", 0};
    return dialled;
}

TEST(ConnectionSteps, AFailureIsTheLastStepAndSaysWhatToDo) {
    const auto steps = dial_steps(failed(DialStep::dns, LinkCause::dns), subject, now);
    EXPECT_THAT(words(steps), ElementsAre("dns fail dns_failed"));
    EXPECT_EQ(steps[0]["detail"], "the peer's words");
    EXPECT_NE(steps[0]["cure"], "");
    EXPECT_THAT(words(dial_steps(failed(DialStep::tcp, LinkCause::refused), subject, now)),
                ElementsAre("dns pass dns_found", "tcp fail tcp_refused"));
    EXPECT_THAT(words(dial_steps(failed(DialStep::tls, LinkCause::cipher), subject, now)),
                ElementsAre("dns pass dns_found", "tcp pass tcp_connected", "tls fail tls_cipher"));
}

TEST(ConnectionSteps, ARefusedCertificateIsAStepOfItsOwn) {
    const std::pair<LinkCause, const char*> causes[] = {
        {LinkCause::unknown_ca, "certificate fail certificate_unknown_ca"},
        {LinkCause::expired, "certificate fail certificate_expired"},
        {LinkCause::not_yet_valid, "certificate fail certificate_not_yet_valid"},
        {LinkCause::host_mismatch, "certificate fail certificate_host_mismatch"}};
    for (const auto& [cause, said] : causes)
        EXPECT_EQ(words(dial_steps(failed(DialStep::tls, cause), subject, now)).back(), said);
}

TEST(ConnectionSteps, AnAddressFromMemoryIsAWarning) {
    auto dialled = failed(DialStep::tcp, LinkCause::timeout);
    dialled.stale_address = true;
    EXPECT_THAT(words(dial_steps(dialled, subject, now)),
                ElementsAre("dns warn dns_stale", "tcp fail tcp_timeout"));
}

TEST(ConnectionSteps, ALiveSessionAndItsRegistrationAreTold) {
    using Status = ocpp::RegistrationStatus;
    LinkStatus link;
    link.state = LinkState::connected;
    link.uplink = "lan";
    EXPECT_THAT(words(live_steps(link, Status::Accepted, now)),
                ElementsAre("upgrade pass live_session", "subprotocol pass subprotocol_ocpp16",
                            "boot pass boot_accepted"));
    EXPECT_EQ(words(live_steps(link, Status::Pending, now)).back(), "boot warn boot_pending");
    EXPECT_TRUE(any_failed(live_steps(link, Status::Rejected, now)));
    EXPECT_EQ(live_steps(link, std::nullopt, now).size(), 2U);
}

TEST(ConnectionSteps, ARefusedUpgradeIsToldByItsCause) {
    LinkStatus link;
    for (const char* cause : {"http_401", "http_404", "http_other"}) {
        link.cause = cause;
        EXPECT_THAT(words(failed_upgrade_steps(link, subject)),
                    ElementsAre(std::string("upgrade fail ") + cause));
    }
    link.cause = "http_401";
    link.shown = Shown::certificate;
    EXPECT_THAT(words(failed_upgrade_steps(link, subject)), ElementsAre("upgrade fail http_401_certificate"));
    link.cause = "closed";
    EXPECT_THAT(words(failed_upgrade_steps(link, subject)), ElementsAre("upgrade fail upgrade_closed"));
    link.cause = "subprotocol";
    EXPECT_THAT(words(failed_upgrade_steps(link, subject)),
                ElementsAre("upgrade pass upgrade_done", "subprotocol fail subprotocol_missing"));
}

TEST(ConnectionSteps, ClockAndUplinkAreJudgedByWhatIsKnown) {
    EXPECT_EQ(clock_step(TimeSource::ntp)["outcome"], "pass");
    EXPECT_EQ(clock_step(TimeSource::rtc)["outcome"], "warn");
    EXPECT_EQ(clock_step(TimeSource::floor)["code"], "clock_unknown");
    UplinksReport uplinks;
    EXPECT_EQ(uplink_step(uplinks, false)["code"], "uplink_system");
    EXPECT_EQ(uplink_step(uplinks, true)["code"], "uplink_none");
    uplinks.active = "gsm";
    EXPECT_EQ(uplink_step(uplinks, true)["params"]["uplink"], "gsm");
}

}  // namespace
}  // namespace busbar::gateway
