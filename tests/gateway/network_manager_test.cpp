// SPDX-License-Identifier: Apache-2.0
// NetworkManager comes, goes, changes its mind and leaves properties out: what we make of it, on a real
// D-Bus.
#include "gateway/uplink/network_manager.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "gateway/uplink/network_setup.hpp"
#include "gateway/uplink/own_connections.hpp"
#include "network_bed.hpp"

namespace busbar::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::NetworkBed;

constexpr seconds patience{20};

constexpr const char* add_ethernet = R"py(
self.AddEthernetDevice('eth', 'eth0', 100)
self.AddObject('/org/freedesktop/NetworkManager/IP4Config/1', 'org.freedesktop.NetworkManager.IP4Config',
    {'NameserverData': dbus.Array([{'address': dbus.String('192.0.2.53', variant_level=1)}], signature='a{sv}')}, [])
device = objects['/org/freedesktop/NetworkManager/Devices/eth']
device.props['org.freedesktop.NetworkManager.Device']['Ip4Config'] = dbus.ObjectPath(
    '/org/freedesktop/NetworkManager/IP4Config/1')
device.EmitSignal('org.freedesktop.NetworkManager.Device', 'StateChanged', 'uuu', [100, 90, 0])
)py";

constexpr const char* add_reapply = R"py(
device = objects['/org/freedesktop/NetworkManager/Devices/eth']
device.told = []
device.AddMethod('org.freedesktop.NetworkManager.Device', 'GetAppliedConnection', 'u', 'a{sa{sv}}t',
    "ret = ({'ipv4': {'method': dbus.String('auto', variant_level=1), 'strange': dbus.Array([dbus.Struct((1, 'x'), signature='is')], signature='(is)', variant_level=1)}}, 7)")
device.AddMethod('org.freedesktop.NetworkManager.Device', 'Reapply', 'a{sa{sv}}tu', '',
    "self.told.append('%s/%s/%s' % (args[0].get('ipv4', {}).get('route-metric'), 'strange' in args[0].get('ipv4', {}), args[1]))")
)py";
constexpr const char* what_was_told =
    "ret = ' '.join(objects['/org/freedesktop/NetworkManager/Devices/eth'].told)";

constexpr const char* add_wifi = R"py(
self.AddWiFiDevice('wlan', 'wlan0', 30)
self.AddAccessPoint('/org/freedesktop/NetworkManager/Devices/wlan', 'yard', 'Yard', '00:11:22:33:44:55', 2, 2437, 54, 70, 0x100)
self.AddAccessPoint('/org/freedesktop/NetworkManager/Devices/wlan', 'open', 'Guests', '00:11:22:33:44:66', 2, 2412, 54, 40, 0)
)py";

/// Joins what has the right key; else it fails as NetworkManager does, and forgets why.
constexpr const char* add_joining = R"py(
manager = objects['/org/freedesktop/NetworkManager']
manager.AddMethod('org.freedesktop.NetworkManager', 'AddAndActivateConnection2', 'a{sa{sv}}ooa{sv}', 'ooa{sv}', '''
root = objects['/org/freedesktop']
device = objects[args[1]]
root.persist = str(args[3]['persist'])
iface = 'org.freedesktop.NetworkManager.Device'
if str(args[0]['802-11-wireless-security']['psk']) == 'correct horse':
    profile = root.AddWiFiConnection(args[1], 'joined', 'Yard', '')
    objects[profile].AddMethod('org.freedesktop.NetworkManager.Settings.Connection', 'Update2', 'a{sa{sv}}ua{sv}', 'a{sv}',
        "objects['/org/freedesktop'].persist += ' then flags %d' % args[1]; ret = {}")
    active = root.AddActiveConnection([args[1]], profile, '/', 'joined', 2)
else:
    profile = '/org/freedesktop/NetworkManager/Settings/refused'
    active = '/'
    device.EmitSignal(iface, 'StateChanged', 'uuu', [120, 60, 7])
    device.EmitSignal(iface, 'StateChanged', 'uuu', [30, 120, 0])
ret = (dbus.ObjectPath(profile), dbus.ObjectPath(active), dbus.Dictionary({}, signature='sv'))
''')
)py";

/// One that the gateway made, by its UUID, and one of somebody else.
constexpr const char* add_two_profiles = R"py(
wlan = '/org/freedesktop/NetworkManager/Devices/wlan'
for name, uuid in (('ours', '3b0f5c1e-6d0a-4c39-9d2e-0123456789ab'), ('theirs', '11111111-6d0a-4c39-9d2e-0123456789ab')):
    profile = self.AddWiFiConnection(wlan, name, 'Yard', '')
    objects[profile].AddMethod('org.freedesktop.NetworkManager.Settings.Connection', 'GetSettings', '', 'a{sa{sv}}',
        "ret = {'connection': {'uuid': dbus.String('%s', variant_level=1)}}" % uuid)
)py";
constexpr const char* profiles_left =
    "ret = ' '.join(sorted(path.split('/')[-1] for path in objects if '/Settings/' in path))";

class NetworkManagerOnABus : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_EQ(NetworkBed::what_is_missing(), "");
        bed_.emplace();
    }

    void start_all() {
        bed_->start_bus();
        bed_->start_manager();
        follow();
    }

    void follow() {
        manager_ = std::make_unique<NetworkManager>(NetworkManager::Surroundings{
            loop_, [this] { ++changes_; },
            Log([this](const LogRecord& record) { events_.emplace_back(record.event); })});
    }

    template <class Condition>
    [[nodiscard]] bool soon(Condition condition) {
        const auto until = steady_now() + patience;
        while (!condition() && steady_now() < until) {
            loop_.restart();
            loop_.run_for(milliseconds(20));
        }
        return condition();
    }

    [[nodiscard]] const NetworkDevice* device(const std::string& interface) const {
        return device_of(manager_->devices(), interface, "");
    }

    template <class T>
    [[nodiscard]] Result<T> answer(const std::optional<Result<T>>& result) {
        EXPECT_TRUE(soon([&] { return result.has_value(); }));
        return result ? *result : Error{Errc::timeout, "no answer"};
    }

    Result<void> join_the_yard(const char* key) {
        start_all();
        bed_->run(add_wifi);
        bed_->run(add_joining);
        EXPECT_TRUE(soon([&] { return device("wlan0") != nullptr; }));
        NetworkSetup setup(loop_, *manager_);
        std::optional<Result<void>> joined;
        setup.join("wlan0", {.ssid = "Yard", .key = Secret(key)}, [&](auto result) { joined = result; });
        return answer(joined);
    }

    std::optional<NetworkBed> bed_;
    boost::asio::io_context loop_;
    int changes_ = 0;
    std::vector<std::string> events_;
    std::unique_ptr<NetworkManager> manager_;
};

TEST_F(NetworkManagerOnABus, TellsOfDevicesThatComeAndOfTheirNameServers) {
    start_all();
    bed_->run(add_ethernet);
    ASSERT_TRUE(
        soon([&] { return device("eth0") != nullptr && !device("eth0")->facts.name_servers.empty(); }));
    EXPECT_THAT(device("eth0")->facts.name_servers, ElementsAre("192.0.2.53"));
    EXPECT_EQ(device("eth0")->facts.hindrance, "");
    EXPECT_GT(changes_, 0);
    EXPECT_THAT(events_, IsEmpty());
}

TEST_F(NetworkManagerOnABus, RemembersWhyADeviceFailedUntilItIsConnected) {
    start_all();
    bed_->run(add_wifi);
    ASSERT_TRUE(soon([&] { return device("wlan0") != nullptr; }));
    EXPECT_EQ(device("wlan0")->facts.hindrance, "is not connected to any network");
    bed_->run(R"py(
device = objects['/org/freedesktop/NetworkManager/Devices/wlan']
for new, old, reason in ((120, 60, 7), (30, 120, 0)):
    device.EmitSignal('org.freedesktop.NetworkManager.Device', 'StateChanged', 'uuu', [new, old, reason]))py");
    EXPECT_TRUE(
        soon([&] { return device("wlan0")->facts.hindrance == "is not connected: wrong WiFi password"; }));
    bed_->run("self.SetDeviceActive('/org/freedesktop/NetworkManager/Devices/wlan', '/')");
    EXPECT_TRUE(soon([&] { return device("wlan0")->facts.hindrance.empty(); }));
}

TEST_F(NetworkManagerOnABus, SaysOnceThatItIsAwayAndOnceThatItIsBack) {
    bed_->start_bus();
    follow();
    ASSERT_TRUE(soon([&] { return events_.size() == 1; }));
    EXPECT_EQ(events_.back(), "network_manager_absent");

    bed_->start_manager();
    ASSERT_TRUE(soon([&] { return events_.size() == 2; }));
    EXPECT_EQ(events_.back(), "network_manager_back");
    bed_->run(add_ethernet);
    ASSERT_TRUE(soon([&] { return device("eth0") != nullptr; }));

    bed_->stop_manager();
    ASSERT_TRUE(soon([&] { return manager_->devices().empty(); }));
    EXPECT_THAT(events_,
                ElementsAre("network_manager_absent", "network_manager_back", "network_manager_absent"));

    bed_->start_manager();
    ASSERT_TRUE(soon([&] { return events_.size() == 4; }));
    EXPECT_EQ(events_.back(), "network_manager_back");
}

TEST_F(NetworkManagerOnABus, IsFoundThoughTheBusItselfComesLate) {
    follow();
    EXPECT_THAT(events_, ElementsAre("network_manager_absent"));
    bed_->start_bus();
    bed_->start_manager();
    EXPECT_TRUE(soon([&] { return events_.size() == 2; }));
    EXPECT_EQ(events_.back(), "network_manager_back");
}

TEST_F(NetworkManagerOnABus, OutlivesTheEndOfTheBus) {
    start_all();
    bed_->run(add_ethernet);
    ASSERT_TRUE(soon([&] { return device("eth0") != nullptr; }));
    bed_->stop_bus();
    ASSERT_TRUE(soon([&] { return manager_->devices().empty(); }));
    bed_->start_bus();
    bed_->start_manager();
    EXPECT_TRUE(soon([&] { return events_.size() == 2; }));
    EXPECT_THAT(events_, ElementsAre("network_manager_absent", "network_manager_back"));
}

TEST_F(NetworkManagerOnABus, IsToldTheMetricOnceAChoiceAndPutBackAtTheEnd) {
    start_all();
    bed_->run(add_ethernet);
    bed_->run(add_reapply);
    manager_->set_route_metrics({{"eth0", 100}, {"wwan0", 101}}, "wwan0");
    ASSERT_TRUE(soon([&] { return bed_->run(what_was_told) == "100/True/7"; }));
    manager_->set_route_metrics({{"eth0", 100}, {"wwan0", 101}}, "wwan0");
    bool looked = false;
    manager_->refresh([&](const auto&) { looked = true; });
    ASSERT_TRUE(soon([&] { return looked; }));
    EXPECT_EQ(bed_->run(what_was_told), "100/True/7");

    manager_->set_route_metrics({{"eth0", 20101}}, "");
    ASSERT_TRUE(soon([&] { return bed_->run(what_was_told) == "100/True/7 20101/True/7"; }));
    manager_.reset();
    EXPECT_EQ(bed_->run(what_was_told), "100/True/7 20101/True/7 None/False/0");
}

TEST_F(NetworkManagerOnABus, ThatRefusesToMoveTheRouteIsLeftInPeaceUntilTheChoiceChanges) {
    start_all();
    bed_->run(add_ethernet);
    manager_->set_route_metrics({{"eth0", 100}}, "");
    ASSERT_TRUE(soon([&] { return !events_.empty(); }));
    for (int i = 0; i < 3; ++i) {
        bool looked = false;
        manager_->refresh([&](const auto&) { looked = true; });
        ASSERT_TRUE(soon([&] { return looked; }));
    }
    EXPECT_THAT(events_, ElementsAre("default_route_unmoved"));
}

TEST_F(NetworkManagerOnABus, ListsTheWifiNetworks) {
    start_all();
    bed_->run(add_wifi);
    ASSERT_TRUE(soon([&] { return device("wlan0") != nullptr; }));
    bed_->run(
        "objects['/org/freedesktop/NetworkManager/Devices/wlan'].methods["
        "'org.freedesktop.NetworkManager.Device.Wireless'].pop('RequestScan', None)");
    NetworkSetup setup(loop_, *manager_);
    std::optional<Result<std::vector<WifiNetwork>>> heard;
    setup.scan("wlan0", [&](auto networks) { heard = std::move(networks); });
    const auto networks = answer(heard);
    ASSERT_TRUE(networks);
    ASSERT_EQ(networks->size(), 2U);
    EXPECT_EQ(networks->at(0).ssid, "Yard");
    EXPECT_TRUE(networks->at(0).secured);
    EXPECT_EQ(networks->at(1).ssid, "Guests");
    EXPECT_FALSE(networks->at(1).secured);
}

TEST_F(NetworkManagerOnABus, ListsWhatANewScanHears) {
    start_all();
    bed_->run(add_wifi);
    bed_->run(R"py(
device = objects['/org/freedesktop/NetworkManager/Devices/wlan']
device.AddMethod('org.freedesktop.NetworkManager.Device.Wireless', 'RequestScan', 'a{sv}', '', """
iface = 'org.freedesktop.NetworkManager.Device.Wireless'
self.props[iface]['LastScan'] = dbus.Int64(4711)
objects['/org/freedesktop'].AddAccessPoint('/org/freedesktop/NetworkManager/Devices/wlan', 'new', 'New', '00:11:22:33:44:77', 2, 2412, 54, 90, 0)
""")
)py");
    ASSERT_TRUE(soon([&] { return device("wlan0") != nullptr; }));
    NetworkSetup setup(loop_, *manager_);
    std::optional<Result<std::vector<WifiNetwork>>> heard;
    setup.scan("wlan0", [&](auto networks) { heard = std::move(networks); });
    const auto networks = answer(heard);
    ASSERT_TRUE(networks);
    ASSERT_EQ(networks->size(), 3U);
    EXPECT_EQ(networks->front().ssid, "New");
}

TEST_F(NetworkManagerOnABus, JoinsANetworkForTheMomentAndKeepsItWhenItIsUp) {
    const auto result = join_the_yard("correct horse");
    EXPECT_TRUE(result) << result.error().detail;
    EXPECT_EQ(bed_->run("ret = self.persist"), "volatile then flags 1");
}

TEST_F(NetworkManagerOnABus, SaysThatTheWifiPasswordIsWrong) {
    const auto result = join_the_yard("battery staple");
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().detail, HasSubstr("wrong WiFi password"));
}

TEST_F(NetworkManagerOnABus, WithoutAMethodSaysThatThisVersionCannotDoIt) {
    start_all();
    bed_->run(add_wifi);
    ASSERT_TRUE(soon([&] { return device("wlan0") != nullptr; }));
    NetworkSetup setup(loop_, *manager_);
    std::optional<Result<void>> opened;
    setup.open_access_point("wlan0", {.ssid = "Busbar", .key = Secret("printed on it")},
                            [&](auto result) { opened = result; });
    const auto result = answer(opened);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::unsupported);
}

TEST_F(NetworkManagerOnABus, ChangesAnAddressOnACheckpointThatIsConfirmedOnce) {
    start_all();
    bed_->run(add_ethernet);
    bed_->run(R"py(
manager = objects['/org/freedesktop/NetworkManager']
self.log_of_change = []
log = "objects['/org/freedesktop'].log_of_change.append("
profile = self.SettingsAddConnection({'connection': {'id': 'site', 'type': '802-3-ethernet'}, '802-1x': {'identity': 'us'}})
objects[profile].AddMethod('org.freedesktop.NetworkManager.Settings.Connection', 'GetSecrets', 's', 'a{sa{sv}}',
    "ret = {'802-1x': {'password': dbus.String('secret', variant_level=1)}}")
objects[profile].AddMethod('org.freedesktop.NetworkManager.Settings.Connection', 'Update2', 'a{sa{sv}}ua{sv}', 'a{sv}',
    log + "'%s %s' % (args[0]['ipv4']['method'], args[0]['802-1x'].get('password'))); ret = {}")
manager.AddMethod('org.freedesktop.NetworkManager', 'CheckpointCreate', 'aouu', 'o',
    log + "'for %d s' % args[1]); ret = dbus.ObjectPath('/org/freedesktop/NetworkManager/Checkpoint/1')")
manager.AddMethod('org.freedesktop.NetworkManager', 'CheckpointDestroy', 'o', '', log + "'kept')")
manager.AddMethod('org.freedesktop.NetworkManager', 'ActivateConnection', 'ooo', 'o', log + "'activated'); ret = args[0]")
self.AddActiveConnection(['/org/freedesktop/NetworkManager/Devices/eth'], profile, '/', 'site', 2)
)py");
    ASSERT_TRUE(soon([&] { return device("eth0") != nullptr && !device("eth0")->profile.empty(); }));
    NetworkSetup setup(loop_, *manager_);
    const StaticAddress fixed{.address = "192.0.2.9", .gateway = "192.0.2.1", .name_servers = {"192.0.2.53"}};

    std::optional<Result<void>> changed;
    setup.set_address("eth0", fixed, 90s, [&](auto result) { changed = result; });
    const auto change = answer(changed);
    ASSERT_TRUE(change) << change.error().detail;
    std::optional<Result<void>> second;
    setup.set_address("eth0", std::nullopt, 90s, [&](auto result) { second = result; });
    EXPECT_FALSE(answer(second));
    ASSERT_TRUE(setup.pending());
    EXPECT_EQ(setup.pending()->interface, "eth0");
    EXPECT_EQ(setup.pending()->address, "192.0.2.9");
    std::optional<Result<void>> confirmed;
    setup.confirm([&](auto result) { confirmed = result; });
    EXPECT_TRUE(answer(confirmed));
    EXPECT_FALSE(setup.pending());
    EXPECT_EQ(bed_->run("ret = ', '.join(self.log_of_change)"), "for 90 s, manual secret, activated, kept");
    std::optional<Result<void>> again;
    setup.confirm([&](auto result) { again = result; });
    EXPECT_FALSE(answer(again));
}

TEST_F(NetworkManagerOnABus, AFactoryResetForgetsWhatTheGatewayMadeAndNothingElse) {
    forget_own_connections(Log());  // no bus: nothing to forget
    bed_->start_bus();
    forget_own_connections(Log());  // nor without NetworkManager
    bed_->start_manager();
    bed_->run(add_wifi);
    bed_->run(add_two_profiles);
    ASSERT_EQ(bed_->run(profiles_left), "ours theirs");
    forget_own_connections(Log());
    EXPECT_EQ(bed_->run(profiles_left), "theirs");
}

}  // namespace
}  // namespace busbar::gateway
