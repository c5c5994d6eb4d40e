// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/line_spec.hpp"

#include <gtest/gtest.h>

namespace busbar::ctl {
namespace {

using config::Bus;
using config::BusKind;
using config::Parity;

Bus line(std::string_view text) {
    const auto parsed = parse_line(text);
    if (!parsed || !*parsed) {
        ADD_FAILURE() << text;
        return {};
    }
    return **parsed;
}

TEST(LineSpec, ADeviceHasTheUsualSettingsUnlessItSaysOthers) {
    const auto plain = line("/dev/ttyUSB0");
    EXPECT_EQ(plain.kind, BusKind::rtu);
    EXPECT_EQ(plain.device, "/dev/ttyUSB0");
    EXPECT_EQ(plain.baud, 9600);
    EXPECT_EQ(plain.parity, Parity::even);
    const auto told = line("/dev/ttyUSB0:38400,none,2");
    EXPECT_EQ(told.device, "/dev/ttyUSB0");
    EXPECT_EQ(told.baud, 38400);
    EXPECT_EQ(told.parity, Parity::none);
    EXPECT_EQ(told.stop_bits, 2);
    EXPECT_EQ(line("/dev/ttyS1:19200,o").parity, Parity::odd);
}

TEST(LineSpec, AKindStandsBeforeADeviceOrAHost) {
    EXPECT_EQ(line("ascii:/dev/ttyS1:38400").kind, BusKind::ascii);
    EXPECT_EQ(line("ascii:/dev/ttyS1:38400").baud, 38400);
    const auto peer = line("tcp:192.0.2.7");
    EXPECT_EQ(peer.kind, BusKind::tcp);
    EXPECT_EQ(peer.host, "192.0.2.7");
    EXPECT_EQ(peer.port, 502);
    EXPECT_EQ(line("rtu-over-tcp:converter.local:4196").port, 4196);
    EXPECT_EQ(line("tcp:[2001:db8::7]:1502").host, "2001:db8::7");
    EXPECT_EQ(line("tcp:[2001:db8::7]:1502").port, 1502);
    EXPECT_EQ(line("keba-udp:192.0.2.7").kind, BusKind::keba_udp);
    EXPECT_EQ(line("keba-udp:192.0.2.7").port, 7090);
}

TEST(LineSpec, WhatIsNeitherIsTheIdOfABus) {
    for (const char* id : {"rs485-1", "lan", "modem:1"}) EXPECT_FALSE(parse_line(id)) << id;
}

TEST(LineSpec, AMistakeIsSaidWithWhatIsRight) {
    for (const char* bad :
         {"/dev/ttyUSB0:12345", "/dev/ttyUSB0:9600,maybe", "/dev/ttyUSB0:9600,even,3",
          "tcp:", "tcp:192.0.2.7:0", "tcp:192.0.2.7:70000", "tcp:[2001:db8::7", "rtu:", "keba-udp:"}) {
        const auto parsed = parse_line(bad);
        ASSERT_TRUE(parsed) << bad;
        EXPECT_FALSE(*parsed) << bad;
    }
}

TEST(LineSpec, TheSameDeviceIsTheSameLineByWhateverName) {
    EXPECT_TRUE(same_line(line("/dev/null"), "/dev/../dev/null", "", 0));
    EXPECT_FALSE(same_line(line("/dev/null"), "/dev/zero", "", 0));
    EXPECT_TRUE(same_line(line("tcp:192.0.2.7"), "", "192.0.2.7", 502));
    EXPECT_FALSE(same_line(line("tcp:192.0.2.7"), "", "192.0.2.7", 1502));
    EXPECT_FALSE(same_line(line("tcp:192.0.2.7"), "/dev/ttyS1", "", 0));
}

}  // namespace
}  // namespace busbar::ctl
