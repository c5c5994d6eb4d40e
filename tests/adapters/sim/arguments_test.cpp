// SPDX-License-Identifier: Apache-2.0
// The words of the command line.
#include "adapters/sim/arguments.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/ports.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using testing::HasSubstr;

TEST(BoxArgument, KeysReachTheBox) {
    auto fleet =
        make_fleet({"heidelberg:3,layout=0x0107,energy_wh=500,plugged=1,phases=1,battery_wh=9"}, 1, at(0ms));
    ASSERT_TRUE(fleet);
    ASSERT_EQ(fleet->stations.size(), 1U);
    Station& station = fleet->stations[0];
    EXPECT_EQ(station.unit(), 3);
    EXPECT_EQ(station.box().exchange(test::read_input(4, 1)), (Bytes{4, 2, 0x01, 0x07}));
    const auto shown = station.show(at(0ms));
    EXPECT_EQ(shown["energy_wh"], 500.0);
    EXPECT_TRUE(shown["plugged"]);
    EXPECT_EQ(shown["battery_wh"], 9.0);
    EXPECT_EQ(station.box().car().phases(), 1);
}

struct Mistake {
    std::vector<std::string> boxes;
    std::string cure;
};

class BoxMistake : public testing::TestWithParam<Mistake> {};

TEST_P(BoxMistake, IsQuotedWithItsCure) {
    const auto& [boxes, cure] = GetParam();
    const auto fleet = make_fleet(boxes, 1, at(0ms));
    ASSERT_FALSE(fleet);
    EXPECT_EQ(fleet.error().code, Errc::invalid);
    EXPECT_THAT(fleet.error().detail, HasSubstr(cure));
    EXPECT_THAT(fleet.error().detail, HasSubstr("--box " + boxes.back()));
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, BoxMistake,
    testing::Values(Mistake{{"heidelberg"}, "MODEL:UNIT"}, Mistake{{"tesla:1"}, "no model 'tesla'"},
                    Mistake{{"heidelberg:0"}, "from 1 to 255"},
                    Mistake{{"heidelberg:1,plugged"}, "key=value"},
                    Mistake{{"heidelberg:1,plugged=1,plugged=0"}, "twice"},
                    Mistake{{"heidelberg:1,plugged=2"}, "plugged: '2' is not a number from 0 to 1"},
                    Mistake{{"heidelberg:1,layout=0x99999"}, "layout"},
                    Mistake{{"heidelberg:1,colour=3"}, "unknown key 'colour'; this model knows layout"},
                    Mistake{{"heidelberg:1,phase_switch_s=3"}, "unknown key"},
                    Mistake{{"heidelberg:1", "amperfied:1"}, "unit 1 is taken"}));

TEST(PortArgument, ASerialDeviceHasDefaultsAndLimits) {
    EXPECT_EQ(parse_serial("/dev/ttyS1").value().baud, 19200);
    EXPECT_EQ(parse_serial("/dev/ttyS1").value().parity, 'E');
    const auto settings = parse_serial("/dev/ttyS1,9600,N").value();
    EXPECT_EQ(settings.device, "/dev/ttyS1");
    EXPECT_EQ(settings.baud, 9600);
    EXPECT_EQ(settings.parity, 'N');
}

TEST(PortArgument, AWrongSerialDeviceIsRefused) {
    for (const char* wrong : {"", ",9600", "/dev/ttyS1,9601", "/dev/ttyS1,9600,X", "/dev/ttyS1,9600,N,1"}) {
        EXPECT_FALSE(parse_serial(wrong)) << wrong;
    }
}

TEST(PortArgument, ATcpAddressMayBeIpv6) {
    EXPECT_EQ(parse_tcp("127.0.0.1:502").value().port, 502);
    EXPECT_EQ(parse_tcp("[::1]:1502").value().host, "::1");
    EXPECT_EQ(parse_tcp(":0").value().host, "");
    for (const char* wrong : {"localhost", "localhost:", "localhost:65536", "localhost:http"}) {
        EXPECT_FALSE(parse_tcp(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace busbar::sim
