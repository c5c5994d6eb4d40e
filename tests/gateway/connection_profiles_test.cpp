// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/connection_profiles.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string text(const dbus::Sections& profile, const std::string& section, const std::string& key) {
    return profile.contains(section) ? dbus::get<std::string>(profile.at(section), key, "nothing")
                                     : "nothing";
}

TEST(RouteMetrics, PutTheChosenFirstAndWhatIsOfflineFarBehind) {
    EXPECT_THAT(route_metrics({{.interface = "wwan0", .priority = 3, .chosen = true},
                               {.interface = "wlan0", .priority = 2, .offline = true},
                               {.interface = "eth0", .priority = 1}}),
                ElementsAre(Pair("eth0", 51), Pair("wlan0", 20052), Pair("wwan0", 50)));
}

TEST(RouteMetrics, LeaveTheChosenFirstThoughItIsOfflineLikeAllOthers) {
    EXPECT_THAT(route_metrics({{.interface = "eth0", .priority = 1, .chosen = true, .offline = true}}),
                ElementsAre(Pair("eth0", 50)));
}

TEST(RouteMetrics, ChangeAProfileOnlyWhereItIsAnother) {
    dbus::Sections profile{{"ipv4", {{"method", {std::string("auto")}}}}, {"ipv6", {}}};
    EXPECT_TRUE(set_route_metric(profile, 100));
    EXPECT_EQ(dbus::get<std::int64_t>(profile.at("ipv4"), "route-metric"), 100);
    EXPECT_EQ(dbus::get<std::int64_t>(profile.at("ipv6"), "route-metric"), 100);
    EXPECT_EQ(text(profile, "ipv4", "method"), "auto");
    EXPECT_FALSE(set_route_metric(profile, 100));
}

TEST(WifiProfile, HasTheNameTheKeyAndTheInterface) {
    const auto profile = wifi_profile({.ssid = "Yard", .key = Secret("correct horse")}, "wlan0");
    ASSERT_TRUE(profile);
    EXPECT_EQ(text(*profile, "connection", "interface-name"), "wlan0");
    EXPECT_EQ(text(*profile, "802-11-wireless-security", "psk"), "correct horse");
    EXPECT_THAT(dbus::get<dbus::Bytes>(profile->at("802-11-wireless"), "ssid"),
                ElementsAre('Y', 'a', 'r', 'd'));
    EXPECT_FALSE(profile->at("802-11-wireless").contains("hidden"));
}

TEST(WifiProfile, OfAnOpenNetworkHasNoSecurity) {
    const auto profile = wifi_profile({.ssid = "Yard", .hidden = true}, "wlan0");
    ASSERT_TRUE(profile);
    EXPECT_FALSE(profile->contains("802-11-wireless-security"));
    EXPECT_TRUE(dbus::get<bool>(profile->at("802-11-wireless"), "hidden"));
}

TEST(WifiProfile, RefusesNamesAndKeysThatNoNetworkHas) {
    EXPECT_FALSE(wifi_profile({.ssid = ""}, "wlan0"));
    EXPECT_FALSE(wifi_profile({.ssid = std::string(33, 'x')}, "wlan0"));
    EXPECT_FALSE(wifi_profile({.ssid = "Yard", .key = Secret("seven77")}, "wlan0"));
    EXPECT_FALSE(wifi_profile({.ssid = "Yard", .key = Secret(std::string(64, 'g'))}, "wlan0"));
    EXPECT_TRUE(wifi_profile({.ssid = "Yard", .key = Secret(std::string(64, 'f'))}, "wlan0"));
    EXPECT_TRUE(wifi_profile({.ssid = "Yard", .key = Secret(std::string(63, ' '))}, "wlan0"));
}

TEST(AccessPointProfile, NeverOpensByItselfAndNeverWithoutAKey) {
    EXPECT_FALSE(access_point_profile({.ssid = "Busbar-1234"}, "wlan0"));
    const auto profile =
        access_point_profile({.ssid = "Busbar-1234", .key = Secret("printed-on-it")}, "wlan0");
    ASSERT_TRUE(profile);
    EXPECT_FALSE(dbus::get<bool>(profile->at("connection"), "autoconnect", true));
    EXPECT_EQ(text(*profile, "802-11-wireless", "mode"), "ap");
    EXPECT_EQ(text(*profile, "802-11-wireless", "band"), "bg");
    EXPECT_EQ(text(*profile, "ipv4", "method"), "shared");
    EXPECT_THAT(dbus::get<std::vector<std::string>>(profile->at("802-11-wireless-security"), "proto"),
                ElementsAre("rsn"));
}

TEST(AccessPointProfile, LeadsToTheBoxAndNoFurther) {
    const auto profile =
        access_point_profile({.ssid = "Busbar-1234", .key = Secret("printed-on-it")}, "wlan0");
    ASSERT_TRUE(profile);
    const auto rules = dbus::get<std::vector<dbus::Dict>>(profile->at("ipv4"), "routing-rules");
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(dbus::get<std::string>(rules.front(), "iifname"), "wlan0");
    EXPECT_EQ(dbus::get<std::uint8_t>(rules.front(), "action"), 8) << "prohibit";
    EXPECT_GT(dbus::get<std::uint32_t>(rules.front(), "priority"), 0U) << "what is meant for the box passes";
}

TEST(GsmProfile, HasTheApnAndNeverThePin) {
    const auto profile =
        gsm_profile({.apn = "iot.acme", .user = "box", .password = Secret("word"), .metered = true});
    EXPECT_EQ(text(profile, "gsm", "apn"), "iot.acme");
    EXPECT_EQ(text(profile, "gsm", "username"), "box");
    EXPECT_EQ(text(profile, "gsm", "password"), "word");
    EXPECT_EQ(profile.at("gsm").size(), 3U);
    EXPECT_EQ(text(profile, "connection", "uuid"), gsm_profile_uuid);
    EXPECT_EQ(dbus::get<std::int32_t>(profile.at("connection"), "metered"), 1);
}

TEST(GsmProfile, WithoutAnApnLeavesTheChoiceToTheNetworkAndThePersonsOwnProfile) {
    const auto profile = gsm_profile({});
    EXPECT_TRUE(profile.at("gsm").empty());
    EXPECT_LT(dbus::get<std::int32_t>(profile.at("connection"), "autoconnect-priority"), 0);
    EXPECT_GT(dbus::get<std::int32_t>(gsm_profile({.apn = "iot"}).at("connection"), "autoconnect-priority"),
              0);
}

TEST(Ipv4Settings, GoFromDhcpToAFixedAddressAndBack) {
    dbus::Sections profile{
        {"ipv4", {{"method", {std::string("auto")}}, {"route-metric", {std::int64_t{7}}}}}};
    ASSERT_TRUE(set_ipv4(
        profile,
        StaticAddress{
            .address = "192.0.2.9", .prefix = 25, .gateway = "192.0.2.1", .name_servers = {"192.0.2.53"}}));
    const auto addresses = dbus::get<std::vector<dbus::Dict>>(profile.at("ipv4"), "address-data");
    ASSERT_EQ(addresses.size(), 1U);
    EXPECT_EQ(dbus::get<std::string>(addresses.front(), "address"), "192.0.2.9");
    EXPECT_EQ(dbus::get<std::uint32_t>(addresses.front(), "prefix"), 25U);
    EXPECT_EQ(text(profile, "ipv4", "gateway"), "192.0.2.1");
    EXPECT_TRUE(profile.at("ipv4").contains("dns"));

    ASSERT_TRUE(set_ipv4(profile, std::nullopt));
    EXPECT_EQ(text(profile, "ipv4", "method"), "auto");
    for (const char* key : {"address-data", "gateway", "dns"})
        EXPECT_FALSE(profile.at("ipv4").contains(key)) << key;
    EXPECT_EQ(dbus::get<std::int64_t>(profile.at("ipv4"), "route-metric"), 7);
}

TEST(Ipv4Settings, SayWhichAddressIsNone) {
    dbus::Sections profile;
    const auto set = set_ipv4(profile, StaticAddress{.address = "192.0.2.9", .gateway = "192.0.2.300"});
    ASSERT_FALSE(set);
    EXPECT_THAT(set.error().detail, HasSubstr("192.0.2.300"));
    EXPECT_FALSE(set_ipv4(profile, StaticAddress{.address = "192.0.2.9", .prefix = 33}));
    EXPECT_FALSE(
        set_ipv4(profile, StaticAddress{.address = "192.0.2.9", .prefix = 24, .name_servers = {"dns"}}));
}

}  // namespace
}  // namespace busbar::gateway
