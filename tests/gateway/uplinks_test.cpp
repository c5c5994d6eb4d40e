// SPDX-License-Identifier: Apache-2.0
// The uplinks wired to NetworkManager (a mock) and ModemManager (the real one), each on a bus of its own. The
// loopback is the uplink that works.
#include "gateway/uplink/uplinks.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "gateway/timekeeper.hpp"
#include "gateway/uplink/network_routes.hpp"
#include "tests/gateway/modem_bed/bed.hpp"
#include "tests/gateway/network_bed.hpp"
#include "tests/gateway/test_certificates.hpp"

namespace busbar::gateway {
namespace {

using ::testing::HasSubstr;
using testing::ModemBed;
using testing::NetworkBed;

constexpr seconds patience{20};

constexpr const char* add_lo = R"py(
self.AddEthernetDevice('lan', 'lo', 100)
device = objects['/org/freedesktop/NetworkManager/Devices/lan']
device.told = []
device.AddMethod('org.freedesktop.NetworkManager.Device', 'GetAppliedConnection', 'u', 'a{sa{sv}}t',
    "ret = ({'ipv4': {'method': dbus.String('auto', variant_level=1)}}, 1)")
device.AddMethod('org.freedesktop.NetworkManager.Device', 'Reapply', 'a{sa{sv}}tu', '',
    "self.told.append(str(args[0].get('ipv4', {}).get('route-metric')))")
device.EmitSignal('org.freedesktop.NetworkManager.Device', 'StateChanged', 'uuu', [100, 90, 0])
)py";
constexpr const char* metrics_told =
    "ret = ' '.join(objects['/org/freedesktop/NetworkManager/Devices/lan'].told)";

constexpr const char* add_modem = R"py(
settings = objects['/org/freedesktop/NetworkManager/Settings']
settings.taken = []
settings.AddMethod('org.freedesktop.NetworkManager.Settings', 'GetConnectionByUuid', 's', 'o',
    "raise dbus.exceptions.DBusException('none', name='org.freedesktop.NetworkManager.Settings.InvalidConnection')")
settings.AddMethod('org.freedesktop.NetworkManager.Settings', 'AddConnection2', 'a{sa{sv}}ua{sv}', 'oa{sv}',
    "gsm = args[0]['gsm']; self.taken.append('%s/%s/%s/%s flags %d' % (gsm.get('apn'), gsm.get('username'), gsm.get('password'), gsm.get('pin'), args[1])); ret = (dbus.ObjectPath('/org/freedesktop/NetworkManager/Settings/9'), {})")
self.AddObject('/org/freedesktop/NetworkManager/Devices/modem', 'org.freedesktop.NetworkManager.Device',
    {'Interface': dbus.String('ttyUSB2', variant_level=1), 'IpInterface': dbus.String('', variant_level=1),
     'DeviceType': dbus.UInt32(8, variant_level=1), 'State': dbus.UInt32(30, variant_level=1)}, [])
objects['/org/freedesktop/NetworkManager/Devices/modem'].EmitSignal('org.freedesktop.NetworkManager.Device', 'StateChanged', 'uuu', [30, 20, 0])
)py";
constexpr const char* profiles_taken =
    "ret = ', '.join(objects['/org/freedesktop/NetworkManager/Settings'].taken)";

config::Uplink uplink_of(const std::string& id, const std::string& interface, config::UplinkKind kind) {
    config::Uplink uplink;
    uplink.id = id;
    uplink.interface = interface;
    uplink.kind = kind;
    return uplink;
}

class UplinksOnABus : public ::testing::Test {
  protected:
    UplinksOnABus() {
        std::filesystem::create_directories(folder_);
        config_.central_system.url.host = "127.0.0.1";
        config_.central_system.url.port = 9;  // nobody answers
        config_.uplinks = {uplink_of("lan", "lo", config::UplinkKind::ethernet),
                           uplink_of("gsm", "nosuch0", config::UplinkKind::gsm)};
        config_.uplinks[1].priority = 2;
        config_.network_manager = true;
    }
    ~UplinksOnABus() override { std::filesystem::remove_all(folder_); }

    void need_network_bed() {
        ASSERT_EQ(NetworkBed::what_is_missing(), "");
        bed_.emplace();
    }

    void start() {
        auto tls = TlsClient::make(testing::TestAuthority().root_file(), [] { return UtcTime(); });
        ASSERT_TRUE(tls) << tls.error().detail;
        tls_.emplace(std::move(*tls));
        uplinks_.emplace(Uplinks::Surroundings{
            loop_,
            *tls_,
            dialer_,
            StateDir{folder_},
            {[] { return std::vector<SessionView>(); }, [](Move, const auto&) {}},
            [] {
                return Now{steady_now(), std::nullopt};
            },
            log_,
            [this](UtcTime utc) { timekeeper_.offer(utc, TimeSource::network, steady_now()); }});
        uplinks_->apply(config_);
    }

    template <class Condition>
    [[nodiscard]] bool soon(Condition condition, seconds limit = patience) {
        const auto until = steady_now() + limit;
        while (!condition() && steady_now() < until) {
            loop_.restart();
            loop_.run_for(milliseconds(20));
        }
        return condition();
    }

    [[nodiscard]] std::ptrdiff_t times(const std::string& event) const {
        return std::count(events_.begin(), events_.end(), event);
    }

    std::string folder_ = ::testing::TempDir() + "busbar-wired-" + std::to_string(::getpid());
    std::optional<NetworkBed> bed_;
    boost::asio::io_context loop_;
    std::vector<std::string> events_;
    Log log_{[this](const LogRecord& record) { events_.emplace_back(record.event); }};
    config::Config config_;
    Timekeeper timekeeper_{UtcTime(std::chrono::sys_days(std::chrono::year{2026} / 1 / 1))};
    std::optional<TlsClient> tls_;
    Dialer dialer_{loop_, 1s, 120s};
    std::optional<Uplinks> uplinks_;
};

TEST_F(UplinksOnABus, TheDefaultRouteFollowsTheChoiceAndIsPutBackAtTheEnd) {
    ASSERT_NO_FATAL_FAILURE(need_network_bed());
    if (IsSkipped()) return;
    bed_->start_bus();
    bed_->start_manager();
    bed_->run(add_lo);
    start();
    EXPECT_TRUE(soon([&] { return bed_->run(metrics_told) == "50"; })) << bed_->run(metrics_told);
    config_.uplinks[0].local_only = true;
    uplinks_->apply(config_);
    EXPECT_TRUE(soon([&] { return bed_->run(metrics_told) == "50 20051"; })) << bed_->run(metrics_told);
    uplinks_.reset();
    EXPECT_EQ(bed_->run(metrics_told), "50 20051 None");
}

TEST_F(UplinksOnABus, AModemThatAppearsIsGivenTheApnAndNotThePinAndAgainAfterARestart) {
    ASSERT_NO_FATAL_FAILURE(need_network_bed());
    if (IsSkipped()) return;
    config_.uplinks[1].apn = "iot.acme";
    config_.uplinks[1].apn_user = "box";
    config_.uplinks[1].apn_password = Secret("word");
    config_.uplinks[1].pin = Secret("1234");
    bed_->start_bus();
    bed_->start_manager();
    start();
    const std::string taken = "iot.acme/box/word/None flags 2";
    bed_->run(add_modem);
    EXPECT_TRUE(soon([&] { return bed_->run(profiles_taken) == taken; }));
    bed_->stop_manager();
    ASSERT_TRUE(soon([&] { return times("network_manager_absent") == 1; }));
    bed_->start_manager();
    bed_->run(add_modem);
    EXPECT_TRUE(soon([&] { return bed_->run(profiles_taken) == taken; }));
    EXPECT_EQ(times("network_manager_back"), 1);
    EXPECT_EQ(uplinks_->report().active, "lan");
}

TEST_F(UplinksOnABus, ServicesThatAreNotThereAreSaidOnceAndBreakNothing) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    start();
    EXPECT_FALSE(soon([&] { return times("network_manager_absent") > 1; }, 3s));
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    EXPECT_EQ(times("network_manager_absent"), 1);
    EXPECT_EQ(times("modem_manager_absent"), 1);
    const auto report = uplinks_->report();
    EXPECT_EQ(report.active, "lan");
    EXPECT_FALSE(report.uplinks.at(1).modem);
    ASSERT_NE(uplinks_->setup(), nullptr);
    std::optional<Result<void>> confirmed;
    uplinks_->setup()->confirm([&](const auto& done) { confirmed = done; });
    EXPECT_TRUE(confirmed && !*confirmed);
}

TEST_F(UplinksOnABus, WithoutAManagerNobodyIsAsked) {
    config_.network_manager = false;
    start();
    EXPECT_FALSE(soon([&] { return !events_.empty() && times("network_manager_absent") > 0; }, 1s));
    EXPECT_EQ(uplinks_->setup(), nullptr);
}

TEST_F(UplinksOnABus, SetUpByTheApiRefusesInWordsWhatItCannotDo) {
    config_.network_manager = false;
    start();
    const Router routes(network_routes(*uplinks_));
    const auto ask = [&](const std::string& method, const std::string& path, const std::string& body) {
        HttpRequest request{method, path, "", body};
        request.login = Login{"eva", Role::installer};
        auto response = routes(request);
        if (const auto later = std::exchange(response.later, {}))
            later([&](HttpResponse answer) { response = std::move(answer); });
        return std::pair(response.status, response.body);
    };
    EXPECT_THAT(ask("GET", "/api/v1/network", "").second, HasSubstr(R"("managed":false)"));
    EXPECT_EQ(ask("GET", "/api/v1/network/eth9/wifi", "").first, 404);
    EXPECT_EQ(ask("POST", "/api/v1/network/lo/wifi", R"({"ssid":7})").first, 400);
    EXPECT_EQ(ask("POST", "/api/v1/network/lo/address", R"({"prefix":24})").first, 400);
    EXPECT_EQ(ask("POST", "/api/v1/network/lo/address", R"({"address":null,"confirm_within_s":5})").first,
              400);
    const auto [status, body] = ask("POST", "/api/v1/network/lo/address", R"({"address":null})");
    EXPECT_EQ(status, 409);
    EXPECT_THAT(body, HasSubstr("not_managed"));
}

TEST_F(UplinksOnABus, TheModemsNetworkTellsTheTimeTheSimAndTheSignal) {
    if (!ModemBed::is_permitted()) GTEST_SKIP() << "ModemManager's test interface needs root";
    ModemBed bed("1234");
    config_.uplinks[1].pin = Secret("1234");
    start();
    const SystemClock unset{UtcTime(), false};
    ASSERT_TRUE(soon([&] { return timekeeper_.source(unset) == TimeSource::network; }));
    EXPECT_EQ(uplinks_->sim().iccid, "89499000000000000001");
    EXPECT_EQ(uplinks_->sim().imsi, "262011234567890");
    const auto modem = uplinks_->report().uplinks.at(1).modem;
    ASSERT_TRUE(modem);
    EXPECT_EQ(modem->facts.operator_name, "ACME Mobile");
    EXPECT_EQ(bed.pins(), std::vector<std::string>{"1234"});
    uplinks_.reset();
}

}  // namespace
}  // namespace busbar::gateway
