// SPDX-License-Identifier: Apache-2.0
// Writing some bits of a word, and recognising what was written.
#include "adapters/register_image.hpp"

#include <gtest/gtest.h>

#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using config::ValueType;

config::Register masked() {
    auto made = test::reg("switch", Table::holding, 10, PollClass::slow);
    made.mask = 0x0004;
    return made;
}

TEST(RegisterImage, KeepsTheOtherBitsAndWaitsUntilTheyAreKnown) {
    config::Profile profile;
    test::add(profile, masked());
    test::DutyBench bench(profile);
    const auto early = image_of(masked(), 1, Rounding::nearest, bench.values);
    ASSERT_TRUE(early);
    EXPECT_FALSE(early->words);
    bench.read("switch", {0x0F03});
    EXPECT_EQ(image_of(masked(), 1, Rounding::nearest, bench.values)->words, Words{0x0F07});
    bench.read("switch", {0xFFFF});
    EXPECT_EQ(image_of(masked(), 0, Rounding::nearest, bench.values)->words, Words{0xFFFB});
}

TEST(RegisterImage, KeepsTheOtherByteAsFarAsItIsKnown) {
    config::Profile profile;
    auto low = test::reg("low", Table::holding, 10, PollClass::slow);
    low.type = ValueType::u8_low;
    test::add(profile, low);
    test::DutyBench bench(profile);
    EXPECT_EQ(image_of(low, 16, Rounding::nearest, bench.values)->words, Words{16});
    bench.read("low", {0xAB20});
    EXPECT_EQ(image_of(low, 16, Rounding::nearest, bench.values)->words, Words{0xAB10});
}

TEST(RegisterImage, WaitsForAnExponent) {
    config::Profile profile;
    auto limit = test::reg("limit", Table::holding, 10, PollClass::slow);
    limit.exponent = "sf";
    auto sf = test::reg("sf", Table::holding, 11, PollClass::once);
    sf.type = ValueType::i16;
    test::add(profile, limit);
    test::add(profile, sf);
    test::DutyBench bench(profile);
    EXPECT_FALSE(image_of(limit, 16, Rounding::down, bench.values)->words);
    bench.read("sf", {0xFFFE});
    EXPECT_EQ(image_of(limit, 16, Rounding::down, bench.values)->words, Words{1600});
}

TEST(RegisterImage, ComparesOwnBitsOnlyAndFloatsWithATolerance) {
    EXPECT_TRUE(same_value(masked(), {0x0F07}, {0x0004}));
    EXPECT_FALSE(same_value(masked(), {0x0F03}, {0x0004}));
    auto real = test::reg("real", Table::holding, 10, PollClass::slow);
    real.type = ValueType::f32;
    real.count = 2;
    const auto words = [&](double value) { return *encode(real, value, Rounding::nearest); };
    EXPECT_TRUE(same_value(real, words(10.1), words(10.10005), 0.0001));
    EXPECT_FALSE(same_value(real, words(10.1), words(10.1002), 0.0001));
    EXPECT_FALSE(same_value(real, words(10.1), {0x7FC0, 0}, 0.0001)) << "not a number";
    auto whole = test::reg("whole", Table::holding, 10, PollClass::slow);
    EXPECT_FALSE(same_value(whole, {100}, {101}, 5)) << "only floats lose digits";
}

}  // namespace
}  // namespace busbar::adapters
