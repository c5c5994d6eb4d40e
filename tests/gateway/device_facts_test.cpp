// SPDX-License-Identifier: Apache-2.0
// NetworkManager's objects, complete and not, and what a person reads of them.
#include "gateway/uplink/device_facts.hpp"

#include <gmock/gmock.h>

namespace busbar::gateway {
namespace {

using dbus::Bytes;
using dbus::Dict;
using dbus::ObjectPath;
using dbus::Pair;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t ethernet = 1;
constexpr std::uint32_t wifi = 2;
constexpr std::uint32_t modem = 8;

dbus::Value number(std::uint32_t value) {
    return {value};
}

Dict device(const std::string& interface, std::uint32_t type, std::uint32_t state, std::uint32_t reason = 0) {
    return {{"Interface", {interface}},
            {"DeviceType", number(type)},
            {"State", number(state)},
            {"StateReason", {Pair{state, reason}}}};
}

dbus::Objects with_device(Dict properties) {
    return {{"/dev/1", {{nm::device, std::move(properties)}}}};
}

std::string hindrance_in(const dbus::Objects& objects, const DeviceFailures& failures = {}) {
    const auto devices = network_devices(objects, failures);
    return devices.empty() ? "no device" : devices.front().facts.hindrance;
}

TEST(DeviceFacts, SayWhyADeviceIsDownInWords) {
    EXPECT_EQ(hindrance_in(with_device(device("eth0", ethernet, 20, 40))),
              "is not connected: the cable is out");
    EXPECT_EQ(hindrance_in(with_device(device("wlan0", wifi, 120, 7))),
              "is not connected: wrong WiFi password");
    EXPECT_EQ(hindrance_in(with_device(device("wlan0", wifi, 30, 53))),
              "is not connected: the WiFi network was not found");
    EXPECT_EQ(hindrance_in(with_device(device("cdc-wdm0", modem, 20, 45))), "is not connected: no SIM");
    EXPECT_EQ(hindrance_in(with_device(device("eth0", ethernet, 70))), "waits for an address");
}

TEST(DeviceFacts, ComplainOfNothingWhileItIsConnectedOrNotTheManagersBusiness) {
    EXPECT_EQ(hindrance_in(with_device(device("eth0", ethernet, 100, 40))), "");
    EXPECT_EQ(hindrance_in(with_device(device("eth0", ethernet, 10))), "");
}

TEST(DeviceFacts, RememberTheFailureThatTheDeviceItselfHasForgotten) {
    const DeviceFailures failures{{"/dev/1", 7}};
    EXPECT_EQ(hindrance_in(with_device(device("wlan0", wifi, 30)), failures),
              "is not connected: wrong WiFi password");
    EXPECT_EQ(hindrance_in(with_device(device("wlan0", wifi, 30)), {{"/dev/2", 7}}),
              "is not connected to any network");
}

TEST(DeviceFacts, TolerateMissingAndMistypedProperties) {
    EXPECT_THAT(network_devices(with_device({}), {}), IsEmpty());
    const auto devices = network_devices(
        with_device({{"Interface", {std::string("eth0")}}, {"State", {std::string("up")}}}), {});
    ASSERT_EQ(devices.size(), 1U);
    EXPECT_EQ(devices.front().state, 0U);
    EXPECT_EQ(devices.front().facts.hindrance, "");
}

TEST(DeviceFacts, TakeNameServersOfBothFamiliesWithoutThoseThatNeedAScope) {
    auto properties = device("eth0", ethernet, 100);
    properties["Ip4Config"] = {ObjectPath{"/ip4"}};
    properties["Ip6Config"] = {ObjectPath{"/ip6"}};
    auto objects = with_device(properties);
    objects["/ip4"] = {
        {nm::ip4,
         {{"NameserverData", {std::vector<Dict>{{{"address", {std::string("192.0.2.53")}}}, {}}}},
          {"AddressData", {std::vector<Dict>{{{"address", {std::string("192.0.2.9")}}}}}}}}};
    Bytes global(16);
    global[0] = 0x20;
    global[1] = 0x01;
    global[15] = 0x53;
    Bytes link_local(16);
    link_local[0] = 0xfe;
    link_local[1] = 0x80;
    objects["/ip6"] = {{nm::ip6, {{"Nameservers", {std::vector<Bytes>{global, link_local, Bytes(3)}}}}}};

    const auto devices = network_devices(objects, {});

    ASSERT_EQ(devices.size(), 1U);
    EXPECT_THAT(devices.front().facts.name_servers, ElementsAre("192.0.2.53", "2001::53"));
    EXPECT_THAT(devices.front().facts.addresses, ElementsAre("192.0.2.9"));
}

TEST(DeviceFacts, AreAddedToWhatTheKernelSaysOfAnInterface) {
    NetworkDevice eth{.path = "/dev/1", .interface = "eth0"};
    eth.facts.name_servers = {"192.0.2.53"};
    eth.facts.hindrance = "waits for an address";
    const InterfacesFacts kernel{
        {"eth0",
         {.present = true, .carrier = true, .addresses = {"192.0.2.1"}, .name_servers = {}, .hindrance = {}}},
        {"eth1", {.present = true, .carrier = true, .addresses = {}, .name_servers = {}, .hindrance = {}}}};

    const auto facts = merged(kernel, {eth}, "");

    EXPECT_THAT(facts.at("eth0").name_servers, ElementsAre("192.0.2.53"));
    EXPECT_THAT(facts.at("eth0").addresses, ElementsAre("192.0.2.1"));
    EXPECT_TRUE(facts.at("eth0").carrier);
    EXPECT_EQ(facts.at("eth0").hindrance, "waits for an address");
    EXPECT_EQ(facts.at("eth1"), kernel.at("eth1"));
}

TEST(DeviceFacts, OfAModemAreFoundBeforeItsInterfaceExists) {
    const auto devices = network_devices(with_device(device("cdc-wdm0", modem, 20, 46)), {});

    const auto facts = merged({}, devices, "wwan0");

    ASSERT_TRUE(facts.contains("wwan0"));
    EXPECT_FALSE(facts.at("wwan0").present);
    EXPECT_EQ(facts.at("wwan0").hindrance, "is not connected: the SIM wants its PIN");
    EXPECT_THAT(merged({}, devices, ""), IsEmpty());
}

Dict access_point(const std::string& ssid, std::uint8_t strength, std::uint32_t security) {
    return {{"Ssid", {Bytes(ssid.begin(), ssid.end())}},
            {"Strength", {strength}},
            {"Frequency", number(2437)},
            {"RsnFlags", number(security)}};
}

TEST(DeviceFacts, ListEachWifiNetworkOnceStrongestFirst) {
    const dbus::Objects objects{
        {"/dev/1",
         {{nm::wireless,
           {{"AccessPoints",
             {std::vector<ObjectPath>{{"/ap/1"}, {"/ap/2"}, {"/ap/3"}, {"/ap/4"}, {"/gone"}}}}}}}},
        {"/ap/1", {{nm::access_point, access_point("Yard", 30, 0x100)}}},
        {"/ap/2", {{nm::access_point, access_point("Office", 60, 0x200)}}},
        {"/ap/3", {{nm::access_point, access_point("Yard", 80, 0x100)}}},
        {"/ap/4", {{nm::access_point, access_point("", 90, 0)}}}};

    const WifiNetwork yard{
        .ssid = "Yard", .strength = 80, .frequency = 2437, .secured = true, .enterprise = false};
    const WifiNetwork office{
        .ssid = "Office", .strength = 60, .frequency = 2437, .secured = true, .enterprise = true};
    EXPECT_THAT(wifi_networks(objects, "/dev/1"), ElementsAre(yard, office));
}

}  // namespace
}  // namespace busbar::gateway
