// SPDX-License-Identifier: Apache-2.0
// What an Amperfied box has beyond the Heidelberg map.
#include "adapters/sim/amperfied_box.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using test::exception;

class Amperfied : public testing::Test {
  protected:
    AmperfiedBox box{HeidelbergOptions{}, 5s, BoxSetup{255, 1, at(0ms)}};

    Bytes ask(const Bytes& request) { return box.exchange(request).value(); }
    std::uint16_t input(std::uint16_t address) { return box.read(Space::input, address).value(); }
};

TEST_F(Amperfied, HasTheHeidelbergMap) {
    EXPECT_EQ(input(4), 0x0108);
    EXPECT_EQ(ask(test::read_input(19, 1)), exception(4, 2));
    EXPECT_EQ(ask(test::read_input(2001, 2)), exception(4, 2));
    EXPECT_EQ(ask(test::read_input(2002, 7)), exception(4, 2));
}

TEST_F(Amperfied, ACardsUidFillsSixRegistersUntilTheCarLeaves) {
    box.car().plug();
    ASSERT_TRUE(box.card({0x04, 0xA2, 0x3B, 0x11, 0x5C, 0x66, 0x80}));
    box.advance(at(1s));
    EXPECT_EQ(input(2002), 0x04A2);
    EXPECT_EQ(input(2005), 0x8000);
    EXPECT_EQ(input(2007), 0x0000);
    EXPECT_EQ(box.show()["card"], "04A23B115C6680");
    box.car().unplug();
    box.advance(at(2s));
    EXPECT_EQ(input(2002), 0);
}

TEST_F(Amperfied, ACardShownBeforeTheCarIsKept) {
    ASSERT_TRUE(box.card({0xDE, 0xAD}));
    box.advance(at(10s));
    box.car().plug();
    box.advance(at(20s));
    EXPECT_EQ(input(2002), 0xDEAD);
    EXPECT_FALSE(box.card(Bytes(13, 0x01)));
}

TEST_F(Amperfied, ChangingPhasesPausesAndSaysZeroMeanwhile) {
    box.write(257, 0);
    box.car().plug();
    box.advance(at(5s));
    EXPECT_EQ(input(7), 160);
    ask(test::write_single(501, 1));
    EXPECT_EQ(input(5001), 0);
    box.advance(at(9s));
    EXPECT_EQ(input(6), 0);
    EXPECT_EQ(input(5), 4) << "B1";
    box.advance(at(10s));
    EXPECT_EQ(input(5001), 1);
    box.advance(at(15s));
    EXPECT_EQ(input(6), 160);
    EXPECT_EQ(input(7), 0);
}

TEST_F(Amperfied, OnlyOneOrThreePhasesCanBeAskedFor) {
    EXPECT_EQ(ask(test::write_single(501, 2)), exception(6, 3));
    ask(test::write_single(501, 3));
    EXPECT_EQ(input(5001), 3) << "nothing to change";
    EXPECT_EQ(box.read(Space::holding, 501), 3);
}

}  // namespace
}  // namespace busbar::sim
