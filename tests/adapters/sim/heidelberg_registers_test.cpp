// SPDX-License-Identifier: Apache-2.0
// Which registers a Heidelberg box has, which it refuses, and what it remembers of the writes.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/sim/heidelberg_box.hpp"
#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::at;
using test::exception;

HeidelbergOptions with_layout(std::uint16_t layout) {
    HeidelbergOptions options;
    options.layout = layout;
    options.logistics = "00.779 SIM1";
    return options;
}

Bytes ask(HeidelbergBox& box, const Bytes& request) {
    return box.exchange(request).value();
}

TEST(HeidelbergRegisters, TheMeasurementsAreOneBlock) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    const Bytes answer = ask(box, test::read_input(4, 15));
    ASSERT_EQ(answer.size(), 2U + 30U);
    EXPECT_EQ(word_at(answer, 2), 0x0108);
    EXPECT_EQ(word_at(answer, 4), 3);     // A2
    EXPECT_EQ(word_at(answer, 12), 285);  // 28.5 degrees
    EXPECT_EQ(word_at(answer, 20), 1);    // not locked
}

TEST(HeidelbergRegisters, UndocumentedAddressesAreRefused) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    for (const auto& [first, count] : std::vector<std::pair<std::uint16_t, std::uint16_t>>{
             {0, 1}, {3, 2}, {18, 2}, {99, 2}, {133, 2}, {200, 2}, {202, 2}, {257, 1}}) {
        EXPECT_EQ(ask(box, test::read_input(first, count)), exception(4, 2)) << first;
    }
    for (const auto& [first, count] : std::vector<std::pair<std::uint16_t, std::uint16_t>>{
             {5, 1}, {256, 2}, {257, 6}, {260, 1}, {262, 2}, {501, 1}}) {
        EXPECT_EQ(ask(box, test::read_holding(first, count)), exception(3, 2)) << first;
    }
}

TEST(HeidelbergRegisters, TheLayoutVersionDecidesWhatExists) {
    struct Case {
        std::uint16_t layout;
        Bytes request;
        bool exists;
    };
    const std::vector<Case> cases{
        {0x0103, test::read_input(14, 1), false},    {0x0104, test::read_input(14, 1), true},
        {0x0106, test::read_input(17, 2), false},    {0x0107, test::read_input(17, 2), true},
        {0x0107, test::read_holding(258, 1), false}, {0x0108, test::read_holding(258, 1), true},
        {0x0107, test::read_holding(259, 1), false}, {0x0108, test::read_holding(259, 1), true},
        {0x0107, test::write_single(258, 4), true},  {0x0107, test::write_single(259, 0), true},
    };
    for (const Case& c : cases) {
        HeidelbergBox box(with_layout(c.layout), BoxSetup{});
        const Bytes answer = ask(box, c.request);
        EXPECT_EQ(!is_exception(answer), c.exists) << c.layout << " " << word_at(c.request, 1);
        EXPECT_TRUE(c.exists || answer[1] == 2);
    }
}

TEST(HeidelbergRegisters, WrongValuesAreRefusedAndNotCounted) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    for (const auto& [address, value] : std::vector<std::pair<std::uint16_t, std::uint16_t>>{
             {258, 1}, {259, 2}, {261, 161}, {262, 59}, {262, 161}}) {
        EXPECT_EQ(ask(box, test::write_single(address, value)), exception(6, 3)) << address;
    }
    EXPECT_EQ(ask(box, test::write_single(260, 0)), exception(6, 2));
    EXPECT_EQ(ask(box, test::write_single(5, 0)), exception(6, 2));
    EXPECT_EQ(box.show()["writes"], 0);
    EXPECT_EQ(box.show()["exceptions"], 7);
}

TEST(HeidelbergRegisters, AWriteThatSpans260ChangesNothing) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    EXPECT_EQ(ask(box, test::write_multiple(259, {0, 0, 60})), exception(16, 2));
    EXPECT_EQ(box.read(Space::holding, 259), 1);
    EXPECT_FALSE(is_exception(ask(box, test::write_multiple(261, {60, 80}))));
    EXPECT_EQ(box.read(Space::holding, 262), 80);
}

TEST(HeidelbergRegisters, TheTextHasItsFirstCharacterInTheLowByte) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    EXPECT_EQ(box.read(Space::input, 102), ('0' << 8) | '0');
    EXPECT_EQ(box.read(Space::input, 103), ('7' << 8) | '.');
    EXPECT_EQ(box.read(Space::input, 107), '1');
    EXPECT_EQ(box.read(Space::input, 133), 0);
}

TEST(HeidelbergRegisters, AReadOfMoreThanSeventeenRegistersIsRefused) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{});
    EXPECT_FALSE(is_exception(ask(box, test::read_input(117, 17))));
    EXPECT_EQ(ask(box, test::read_input(102, 18)), exception(4, 3));
}

TEST(HeidelbergRegisters, TheLastHundredWritesAreRemembered) {
    HeidelbergBox box(with_layout(0x0108), BoxSetup{1, 1, at(5s)});
    for (int i = 0; i < 101; ++i) {
        box.advance(at(5s + i * 1s));
        ask(box, test::write_single(257, static_cast<std::uint16_t>(1'000 + i)));
    }
    const auto writes = box.writes();
    ASSERT_EQ(writes.size(), 100U);
    EXPECT_EQ(writes.front(), (nlohmann::json{{"t_ms", 1'000}, {"address", 257}, {"value", 1'001}}));
    EXPECT_EQ(writes.back()["value"], 1'100);
    EXPECT_EQ(box.show()["writes"], 101);
}

}  // namespace
}  // namespace busbar::sim
