// SPDX-License-Identifier: Apache-2.0
// What is on the housing, and what a factory reset, a label and a tunnel are made of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/atomic_file.hpp"
#include "gateway/box/erasure.hpp"
#include "gateway/box/factory_reset.hpp"
#include "gateway/box/label.hpp"
#include "gateway/box/led_codes.hpp"
#include "gateway/box/pins.hpp"
#include "gateway/box/press_decoder.hpp"
#include "gateway/box/remote_support.hpp"
#include "gateway/uplink/own_connections.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const SteadyTime start{1'000'000s};
SteadyTime at(milliseconds since) {
    return start + since;
}

TEST(LedCodes, TheMostUrgentIsShown) {
    LedFacts facts;
    EXPECT_EQ(code_of(facts), LedCode::ready);
    facts.charging = 1;
    EXPECT_EQ(code_of(facts), LedCode::charging);
    facts.lost = 1;
    EXPECT_EQ(code_of(facts), LedCode::charger_lost);
    facts.charge_points = 2;
    facts.connected = 1;
    EXPECT_EQ(code_of(facts), LedCode::no_link);
    facts.booting = true;
    EXPECT_EQ(code_of(facts), LedCode::booting);
    facts.updating = true;
    EXPECT_EQ(code_of(facts), LedCode::updating);
    facts.set_up = true;
    EXPECT_EQ(code_of(facts), LedCode::set_up);
    facts.resetting = true;
    EXPECT_EQ(code_of(facts), LedCode::factory_reset);
}

TEST(LedCodes, EachHasItsPlaceInTheTable) {
    for (std::size_t i = 0; i < led_patterns.size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(led_patterns.at(i).code), i);
}

TEST(LedCodes, FlashesFollowThePattern) {
    const auto& lost = pattern_of(LedCode::charger_lost);  // 100 lit, 200 dark, three times; then a second
    for (const auto lit : {0ms, 99ms, 300ms, 399ms, 600ms, 1700ms})
        EXPECT_TRUE(is_lit(lost, lit)) << lit.count();
    for (const auto dark : {100ms, 299ms, 400ms, 700ms, 1699ms})
        EXPECT_FALSE(is_lit(lost, dark)) << dark.count();
    for (milliseconds since{0}; since < 3s; since += 37ms)
        EXPECT_TRUE(is_lit(pattern_of(LedCode::ready), since));
}

TEST(LedCodes, TheTableOfTheReadmeIsTheirs) {
    std::ifstream in(std::string(BUSBAR_SOURCE_DIR) + "/packaging/README.md");
    std::stringstream page;
    page << in.rdbuf();
    for (const auto& pattern : led_patterns) {
        const auto row = "| " + std::string(pattern.name) + " | " + std::string(pattern.looks) + " | " +
                         (pattern.alarm ? "on" : "off") + " |";
        EXPECT_THAT(page.str(), HasSubstr(row));
    }
}

TEST(Debounce, ALevelCountsOnceItStays) {
    Debounce contact(30ms);
    EXPECT_FALSE(contact.on_level(true, at(0ms)));
    EXPECT_FALSE(contact.on_level(false, at(20ms)));
    EXPECT_FALSE(contact.on_level(true, at(40ms)));
    EXPECT_FALSE(contact.on_level(true, at(60ms)));
    EXPECT_TRUE(contact.on_level(true, at(70ms)));
    EXPECT_TRUE(contact.active());
    EXPECT_FALSE(contact.on_level(true, at(90ms)));
}

TEST(PressDecoder, LetGoWithinTwoSecondsIsABriefPress) {
    PressDecoder presses(30ms);
    EXPECT_EQ(presses.on_level(false, at(0ms)), Press::none);
    EXPECT_EQ(presses.on_level(true, at(1000ms)), Press::none);
    EXPECT_EQ(presses.on_level(true, at(1040ms)), Press::none);
    EXPECT_EQ(presses.on_level(false, at(2900ms)), Press::none);
    EXPECT_EQ(presses.on_level(false, at(2940ms)), Press::brief);
    EXPECT_EQ(presses.on_level(false, at(3000ms)), Press::none);
}

TEST(PressDecoder, TenSecondsAreSaidOnceAndAnnouncedFromTheThirdOn) {
    PressDecoder presses(30ms);
    presses.on_level(false, at(0ms));
    presses.on_level(true, at(1000ms));
    presses.on_level(true, at(1030ms));  // it counts from here
    EXPECT_FALSE(presses.warns(at(4000ms)));
    EXPECT_TRUE(presses.warns(at(4030ms)));
    EXPECT_EQ(presses.on_level(true, at(11'000ms)), Press::none);
    EXPECT_EQ(presses.on_level(true, at(11'030ms)), Press::held);
    EXPECT_EQ(presses.on_level(true, at(11'050ms)), Press::none);
    presses.on_level(false, at(12'000ms));
    EXPECT_EQ(presses.on_level(false, at(12'030ms)), Press::none) << "no brief press at its end";
    EXPECT_FALSE(presses.warns(at(12'040ms)));
}

TEST(PressDecoder, FiveSecondsAreNothing) {
    PressDecoder presses(30ms);
    presses.on_level(false, at(0ms));
    presses.on_level(true, at(100ms));
    presses.on_level(true, at(130ms));
    presses.on_level(false, at(5000ms));
    EXPECT_EQ(presses.on_level(false, at(5030ms)), Press::none);
}

TEST(PressDecoder, AButtonThatIsStuckFromTheStartErasesNothing) {
    PressDecoder presses(30ms);
    for (milliseconds since{0}; since < 30s; since += 20ms)
        EXPECT_EQ(presses.on_level(true, at(since)), Press::none);
}

class BoxFiles : public testing::Test {
  protected:
    void SetUp() override { fs::create_directories(dir); }
    void TearDown() override { fs::remove_all(dir); }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories(fs::path(dir + '/' + name).parent_path());
        std::ofstream(dir + '/' + name) << text;
    }
    std::string dir = testing::TempDir() + "box_" + std::to_string(::getpid());
};

TEST_F(BoxFiles, APinOfAnLedIsItsBrightestAndAnInputIsInverted) {
    write("led/brightness", "0");
    write("led/max_brightness", "255\n");
    const auto led = open_pin({"", 0, dir + "/led/brightness", false}, PinUse::output_off);
    ASSERT_TRUE(led);
    ASSERT_TRUE((*led)->write(true));
    EXPECT_EQ(file_content(dir + "/led/brightness"), "255");
    write("button", "0\n");
    const auto button = open_pin({"", 0, dir + "/button", true}, PinUse::input);
    ASSERT_TRUE(button);
    EXPECT_EQ((*button)->read().value(), true);
    write("button", "1\n");
    EXPECT_EQ((*button)->read().value(), false);
}

TEST_F(BoxFiles, APinThatIsNotThereSaysWhoMayHaveIt) {
    const auto pin = open_pin({"gpiochip987", 3, "", false}, PinUse::input);
    ASSERT_FALSE(pin);
    EXPECT_THAT(pin.error().detail, HasSubstr("gpiochip987 line 3"));
}

TEST_F(BoxFiles, AnErasureTakesAllAndItsMarkerLast) {
    write("state/busbar.db", "secret");
    write("state/web/users.json", "secret");
    write("state/busbard.lock", "");
    write("first.json", "{}");
    const auto state = dir + "/state";
    EXPECT_FALSE(erasure_is_asked(state));
    ASSERT_TRUE(ask_for_erasure(state));
    EXPECT_TRUE(erasure_is_asked(state));
    ASSERT_TRUE(erase_state(state, {state + "/config.json", dir + "/first.json"}));
    EXPECT_FALSE(erasure_is_asked(state));
    std::vector<std::string> left;
    for (const auto& entry : fs::directory_iterator(state)) left.push_back(entry.path().filename());
    EXPECT_THAT(left, testing::UnorderedElementsAre("busbard.lock", "config.json"));
}

TEST_F(BoxFiles, AnErasureFollowsNoLinkAndLeavesAConfigurationOutside) {
    write("outside", "kept");
    write("first.json", "{}");
    write("state/file", "");
    fs::create_symlink(dir + "/outside", dir + "/state/link");
    ASSERT_TRUE(ask_for_erasure(dir + "/state"));
    ASSERT_TRUE(erase_state(dir + "/state", {dir + "/config.json", dir + "/first.json"}));
    EXPECT_EQ(file_content(dir + "/outside"), "kept");
    EXPECT_TRUE(fs::is_empty(dir + "/state"));
    EXPECT_FALSE(fs::exists(dir + "/config.json"));
}

TEST_F(BoxFiles, TheAccessPointHasAKeyOfItsOwnThatStays) {
    const auto made = access_point_of_box(dir + "/access_point.json", Log());
    EXPECT_THAT(made.ssid, testing::StartsWith("Busbar-"));
    EXPECT_EQ(made.key.reveal().size(), 19U);
    EXPECT_EQ(access_point_of_box(dir + "/access_point.json", Log()).key.reveal(), made.key.reveal());
    EXPECT_NE(access_point_of_box(dir + "/other.json", Log()).key.reveal(), made.key.reveal());
}

ChargePointReport charge_point(bool lost, bool confirmed, double wanted) {
    ChargePointReport report;
    auto& view = report.view.connectors.emplace_back();
    view.lost = lost;
    view.confirmed = confirmed;
    view.wanted = Amperes(wanted);
    return report;
}

TEST(FactoryReset, WaitsForEachChargerThatAnswers) {
    EXPECT_TRUE(all_paused({}));
    EXPECT_TRUE(all_paused({charge_point(false, true, 0), charge_point(true, false, 0)}));
    EXPECT_FALSE(all_paused({charge_point(false, true, 0), charge_point(false, false, 0)}));
    EXPECT_FALSE(all_paused({charge_point(false, true, 16)}));
}

TEST(Label, SaysWhatIsThereAndIsHonestAboutWhatIsNot) {
    Label label{"box-7", "https://box-7.local/", Secret("abcd-efgh"), WifiLogin{"Busbar-1", Secret("k<e&y")}};
    EXPECT_EQ(label_json(label),
              R"({"name":"box-7","address":"https://box-7.local/","setup_password":"abcd-efgh",)"
              R"("access_point":{"ssid":"Busbar-1","key":"k<e&y"}})");
    EXPECT_THAT(label_svg(label).value(), HasSubstr("k&lt;e&amp;y"));
    label.setup_password.reset();
    label.access_point.reset();
    EXPECT_THAT(label_json(label), HasSubstr(R"("setup_password":null,"access_point":null)"));
    const auto svg = label_svg(label).value();
    EXPECT_THAT(svg, HasSubstr("was changed by its owner"));
    EXPECT_THAT(svg, HasSubstr(R"(width="62mm" height="29mm")"));
    EXPECT_THAT(svg, Not(HasSubstr("WiFi")));
}

TEST(Label, WhatHasAMeaningInAWifiCodeIsEscaped) {
    EXPECT_EQ(wifi_qr_text({"a;b", Secret("c:\"d\\")}), R"(WIFI:T:WPA;S:a\;b;P:c\:\"d\\;;)");
}

TEST(RemoteSupport, TheTunnelLeadsToThePagesAndKnowsOneServer) {
    const auto command =
        tunnel_command({"support.example", 2222, "box7", "ssh-ed25519 AAAA", 20007}, "/s", 443);
    EXPECT_EQ(command.front(), "/usr/bin/ssh");
    EXPECT_THAT(command, Contains("StrictHostKeyChecking=yes"));
    EXPECT_THAT(command, Contains("UserKnownHostsFile=\"/s/known_hosts\""));
    EXPECT_THAT(command, Contains("127.0.0.1:20007:127.0.0.1:443"));
    EXPECT_EQ(std::count(command.begin(), command.end(), "-R"), 1);
    EXPECT_EQ(*(command.end() - 2), "--") << "what follows is no option";
    EXPECT_EQ(command.back(), "support.example");
}

TEST(OwnConnections, AreKnownByTheirUuid) {
    const auto uuid = own_connection_uuid();
    EXPECT_EQ(uuid.size(), 36U);
    EXPECT_TRUE(is_own_connection(uuid));
    EXPECT_NE(uuid, own_connection_uuid());
    EXPECT_FALSE(is_own_connection("6f1b3c52-0000-4c39-9d2e-5a1f0c7be4d6"));
}

}  // namespace
}  // namespace busbar::gateway
