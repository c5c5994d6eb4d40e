// SPDX-License-Identifier: Apache-2.0
// The configuration: what ends up in the typed settings, and the rules that need more than one example file.
#include "config/config.hpp"

#include <gtest/gtest.h>

#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Config every_key() {
    auto checked = parse_config(slurp(kSource / "tests/config/data/gateway/good/every-key.json"));
    EXPECT_THAT(lines(checked.problems), IsEmpty());
    return std::move(checked.value);
}

/// A sound configuration whose only charger has `more` in it.
Checked<Config> with_charger(const std::string& more) {
    return parse_config(R"({"central_system": {"url": "wss://csms.example"},
        "buses": [{"id": "b", "kind": "rtu", "device": "/dev/ttyS1"}],
        "chargers": [{"id": "C1", "bus": "b", "profile": "p", )" +
                        more + "}]}");
}

TEST(Config, CarriesEveryKeyOfTheFile) {
    const Config config = every_key();
    EXPECT_EQ(config.central_system.crl_file, "/etc/busbar/revoked.pem");
    EXPECT_EQ(config.central_system.certificate_rsa_bits, 3072);
    EXPECT_TRUE(config.central_system.additional_root_check);
    EXPECT_EQ(config.central_system.reconnect_first, 500ms);
    EXPECT_EQ(config.central_system.reconnect_max, 120s);
    ASSERT_EQ(config.buses.size(), 6U);
    EXPECT_EQ(config.buses[0],
              (Bus{"rs485-1", BusKind::rtu, "/dev/ttyS1", 19200, Parity::even, 1, 8, "", 502, ""}));
    EXPECT_EQ(config.buses[1].data_bits, 7);
    EXPECT_EQ(config.buses[5].kind, BusKind::keba_udp);
    EXPECT_EQ(config.buses[5].local_address, "2001:db8::1");
    EXPECT_THAT(config.charger_profile_dirs, ElementsAre("/etc/busbar/chargers"));

    ASSERT_EQ(config.chargers.size(), 2U);
    const Charger& first = config.chargers[0];
    EXPECT_EQ(first.units.at("socket2"), 2);
    EXPECT_EQ(first.connectors, 2);
    EXPECT_EQ(config.groups, (std::vector<Group>{{"garage", Amperes{40}, {"CP0001", "RDAM 123"}}}));
    EXPECT_EQ(first.meter, (MeterRef{"eastron-sdm630", 101, "rs485-1"}));
    EXPECT_EQ(first.password.reveal(), "p\xc3\xa4ss word");
    EXPECT_EQ(first.mode, AuthorizationMode::free);
    EXPECT_EQ(first.id_tag, "EVENERGY01");
    EXPECT_EQ(first.failsafe_current, Amperes{6});
    EXPECT_EQ(first.configuration.at("WebSocketPingInterval"), "45");

    EXPECT_TRUE(config.uplinks[1].local_only);
    EXPECT_EQ(config.uplinks[2].monthly_budget_mb, 500);
    EXPECT_THAT(config.uplinks[2].dns, ElementsAre("10.64.0.1", "2001:db8::53"));
    EXPECT_FALSE(config.network_manager);
    EXPECT_EQ(config.failover.neutral_targets.size(), 3U);
    EXPECT_FALSE(config.time.ask_kernel);
    EXPECT_EQ(config.time.wait_for_sync, 0s);
    EXPECT_EQ(config.web, (config::Web{"127.0.0.1",
                                       8443,
                                       8080,
                                       {"busbar.example", "192.0.2.9"},
                                       "/etc/busbar/label",
                                       "/srv/www",
                                       true}));
    EXPECT_EQ(config.mqtt, (Mqtt{"broker.example", 8884, true, "/etc/busbar/broker.pem", "box",
                                 Secret("word"), "box-7", "site/busbar", "ha", true}));
    EXPECT_EQ(config.transfers, (Transfers{{"https"}, true, true, 64}));
    using std::chrono::hours;
    const std::vector<WeeklySpan> off_peak{{0b0011111, hours(22), hours(8)},
                                           {0b1000000, hours(0), hours(24)}};
    EXPECT_EQ(charging_of(config, config.chargers[1]), (Charging{600s, false, off_peak, "Europe/London"}));
    EXPECT_EQ(charging_of(config, first), (Charging{0s, true, {}, "Europe/London"}));
}

TEST(Config, FillsInTheDefaultsThatTheHeaderNames) {
    const auto checked = with_charger(R"("password": "x")");
    ASSERT_THAT(lines(checked.problems), IsEmpty());
    Charger expected;
    expected.id = "C1";
    expected.bus = "b";
    expected.profile = "p";
    expected.password = Secret("x");
    EXPECT_EQ(checked.value.chargers[0], expected);
    EXPECT_EQ(checked.value.buses[0],
              (Bus{"b", BusKind::rtu, "/dev/ttyS1", 9600, Parity::even, 1, 8, "", 502, ""}));
    EXPECT_EQ(checked.value.transfers, Transfers{});
    EXPECT_FALSE(checked.value.web.has_value()) << "nothing listens on TCP unless asked";
}

TEST(Config, ABrokerIsMetOverTlsUnlessToldOtherwiseAndMaySteerNothing) {
    const auto read = [](const std::string& more) {
        return parse_config(R"({"central_system": {"url": "wss://h"}, "mqtt": {"host": "b")" + more + "}}")
            .value.mqtt;
    };
    Mqtt expected;
    expected.host = "b";
    EXPECT_EQ(read(""), expected);
    EXPECT_TRUE(expected.tls);
    EXPECT_FALSE(expected.allow_control);
    EXPECT_EQ(read(R"(, "tls": false)")->port, 1883);
    EXPECT_EQ(read(R"(, "tls": false, "port": 1884)")->port, 1884);
}

TEST(Config, KebaSpeaksOnItsOwnPortUnlessToldOtherwise) {
    const auto checked = parse_config(
        R"({"central_system": {"url": "wss://h"}, "buses": [{"id": "k", "kind": "keba-udp", "host": "192.0.2.1"}]})");
    EXPECT_EQ(checked.value.buses.at(0).port, 7090);
}

TEST(Config, AMeterWithoutABusHangsOnTheChargersBus) {
    EXPECT_EQ(with_charger(R"("password": "x", "meter": {"profile": "m", "unit_id": 2})")
                  .value.chargers[0]
                  .meter->bus,
              "b");
}

TEST(Config, AHoldLongerThanTheDefaultCeilingRaisesIt) {
    const auto checked =
        parse_config(R"({"central_system": {"url": "wss://h"}, "failover": {"failback_hold_s": 1000}})");
    EXPECT_THAT(lines(checked.problems), IsEmpty());
    EXPECT_EQ(checked.value.failover.failback_hold_max, 1000s);
}

TEST(PasswordFile, LosesItsFinalLineEndAndNothingElse) {
    const TemporaryDirectory dir;
    for (const auto* content : {" p w ", " p w \n", " p w \r\n"}) {
        const std::string file = dir.write("password", content);
        const auto checked = with_charger("\"password_file\": \"" + file + "\"");
        ASSERT_THAT(lines(checked.problems), IsEmpty());
        EXPECT_EQ(checked.value.chargers[0].password.reveal(), " p w ");
    }
}

TEST(PasswordFile, MustHoldAPasswordOfTheEncodingThatIsNamed) {
    const TemporaryDirectory dir;
    const std::string entry = "\"password_file\": \"" + dir.path() + "/password\"";
    for (const auto* content : {"", "\n", "two\nlines\n"}) {
        dir.write("password", content);
        EXPECT_THAT(
            lines(with_charger(entry).problems),
            ElementsAre(HasSubstr("/chargers/0/password_file: the file must hold 1 to 128 characters")));
    }
    dir.write("password", "abc\n");
    EXPECT_THAT(lines(with_charger(entry + R"(, "password_encoding": "hex")").problems),
                ElementsAre(HasSubstr("the file must hold 2 to 128 hex digits")));
}

TEST(LoadConfig, SaysThatTheFileCannotBeRead) {
    const auto checked = load_config("/nonexistent/config.json");
    EXPECT_EQ(to_text("config.json", checked.problems),
              "config.json: cannot be opened (No such file or directory): check the path\n");
}

TEST(LoadConfig, ReadsTheFileAsParseConfigDoes) {
    EXPECT_EQ(
        load_config((kSource / "tests/config/data/gateway/good/every-key.json").string()).value.chargers,
        every_key().chargers);
}

}  // namespace
}  // namespace busbar::config
