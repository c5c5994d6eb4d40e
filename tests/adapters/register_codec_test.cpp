// SPDX-License-Identifier: Apache-2.0
// Words to values and back.
#include "adapters/register_codec.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "profiles.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Register;
using config::Table;
using config::ValueType;
using config::WordOrder;

Register of_type(ValueType type, int count) {
    auto made = test::reg("r", Table::holding, 0, PollClass::fast);
    made.type = type;
    made.count = count;
    return made;
}

Words encoded(const Register& reg, double value, Rounding rounding = Rounding::nearest) {
    const auto words = encode(reg, value, rounding);
    EXPECT_TRUE(words) << words.error().detail;
    return words ? *words : Words{};
}

TEST(RegisterCodec, ReadsEachIntegerType) {
    EXPECT_EQ(decode(of_type(ValueType::u16, 1), Words{0xFFFE}).number, 65534.0);
    EXPECT_EQ(decode(of_type(ValueType::i16, 1), Words{0xFFFE}).number, -2.0);
    EXPECT_EQ(decode(of_type(ValueType::u32, 2), Words{0x0001, 0x0002}).number, 65538.0);
    EXPECT_EQ(decode(of_type(ValueType::i32, 2), Words{0xFFFF, 0xFFFF}).number, -1.0);
    EXPECT_EQ(decode(of_type(ValueType::u64, 4), Words{0, 1, 0, 0}).number, 4294967296.0);
    EXPECT_EQ(decode(of_type(ValueType::i64, 4), Words{0xFFFF, 0xFFFF, 0xFFFF, 0xFFF6}).number, -10.0);
    EXPECT_EQ(decode(of_type(ValueType::u8_high, 1), Words{0x4201}).number, 66.0);
    EXPECT_EQ(decode(of_type(ValueType::u8_low, 1), Words{0x4201}).number, 1.0);
}

TEST(RegisterCodec, ReadsFloatsInBothWordOrders) {
    auto reg = of_type(ValueType::f32, 2);
    EXPECT_EQ(decode(reg, Words{0x4366, 0x8000}).number, 230.5);
    reg.word_order = WordOrder::low_first;
    EXPECT_EQ(decode(reg, Words{0x8000, 0x4366}).number, 230.5);
    EXPECT_EQ(decode(of_type(ValueType::f64, 4), Words{0x3FF0, 0, 0, 0}).number, 1.0);
}

TEST(RegisterCodec, SwapsTheBytesOfEachRegister) {
    auto reg = of_type(ValueType::u32, 2);
    reg.byte_swap = true;
    EXPECT_EQ(decode(reg, Words{0x0100, 0x0200}).number, 65538.0);
    EXPECT_EQ(encoded(reg, 65538), (Words{0x0100, 0x0200}));
}

TEST(RegisterCodec, MasksAndShiftsBeforeItScalesAndKeepsTheWholeIntegerAsTheCode) {
    auto reg = of_type(ValueType::u32, 2);
    reg.mask = 0x7F00;
    reg.scale = 2;
    reg.offset = 1;
    const auto value = decode(reg, Words{0x0001, 0x8400});
    EXPECT_EQ(value.number, 9.0);
    EXPECT_EQ(value.integer, 0x18400U);
}

TEST(RegisterCodec, TakesSentinelsNaNAndImplausibleValuesAsAbsent) {
    auto temperature = of_type(ValueType::i16, 1);
    temperature.absent = {-2560};
    EXPECT_FALSE(decode(temperature, Words{0xF600}).number);
    auto voltage = of_type(ValueType::u32, 2);
    voltage.absent = {4294967295.0};
    voltage.maximum = 300;
    EXPECT_FALSE(decode(voltage, Words{0xFFFF, 0xFFFF}).number);
    EXPECT_FALSE(decode(voltage, Words{0, 301}).number);
    EXPECT_TRUE(decode(voltage, Words{0, 300}).number);
    EXPECT_FALSE(decode(of_type(ValueType::f32, 2), Words{0x7FC0, 0}).number);
    EXPECT_FALSE(decode(of_type(ValueType::f32, 2), Words{0x4366}).number) << "too few words";
}

TEST(RegisterCodec, ReadsTextsWithoutTheirPadding) {
    EXPECT_EQ(decode(of_type(ValueType::ascii, 3), Words{0x4142, 0x4320, 0x0000}).text, "ABC");
    EXPECT_FALSE(decode(of_type(ValueType::ascii, 2), Words{0xFFFF, 0xFFFF}).text);
    auto swapped = of_type(ValueType::ascii, 2);
    swapped.byte_swap = true;
    EXPECT_EQ(decode(swapped, Words{0x4241, 0x4443}).text, "ABCD");
    EXPECT_EQ(decode(of_type(ValueType::hex, 2), Words{0x04A1, 0x00FF}).text, "04A100FF");
    EXPECT_FALSE(decode(of_type(ValueType::hex, 2), Words{0, 0}).text);
    EXPECT_EQ(decode(of_type(ValueType::utf16, 3), Words{0x0041, 0x00E4, 0}).text, "A\xC3\xA4");
}

TEST(RegisterCodec, WritesRoundedDownButTakesAHairBelowAStepForTheStep) {
    auto limit = of_type(ValueType::u16, 1);
    limit.scale = 0.1;
    EXPECT_EQ(encoded(limit, 13.79, Rounding::down), Words{137});
    EXPECT_EQ(encoded(limit, 0.1 * 3 * 23, Rounding::down), Words{69}) << "6.9000000000000004";
    EXPECT_EQ(encoded(limit, 15.3, Rounding::down), Words{153}) << "15.3 / 0.1 is 153.00000000000003";
    EXPECT_EQ(encoded(limit, 13.79, Rounding::nearest), Words{138});
}

TEST(RegisterCodec, WritesWhatItReads) {
    for (const auto type :
         {ValueType::u16, ValueType::i16, ValueType::u32, ValueType::i32, ValueType::u64, ValueType::i64,
          ValueType::f32, ValueType::f64, ValueType::u8_high, ValueType::u8_low}) {
        auto reg = of_type(type, 4);
        reg.word_order = WordOrder::low_first;
        EXPECT_EQ(decode(reg, encoded(reg, 42)).number, 42.0) << static_cast<int>(type);
    }
    EXPECT_EQ(decode(of_type(ValueType::i32, 2), encoded(of_type(ValueType::i32, 2), -7)).number, -7.0);
}

TEST(RegisterCodec, RefusesWhatARegisterCannotHold) {
    EXPECT_FALSE(encode(of_type(ValueType::u16, 1), 65536, Rounding::nearest));
    EXPECT_FALSE(encode(of_type(ValueType::u16, 1), -1, Rounding::nearest));
    EXPECT_FALSE(encode(of_type(ValueType::i16, 1), 32768, Rounding::nearest));
    EXPECT_FALSE(
        encode(of_type(ValueType::f32, 2), std::numeric_limits<double>::quiet_NaN(), Rounding::nearest));
    EXPECT_FALSE(encode(of_type(ValueType::ascii, 2), 1, Rounding::nearest));
    EXPECT_TRUE(encode(of_type(ValueType::i16, 1), -32768, Rounding::nearest));
}

TEST(RegisterCodec, TakesWhatMeansZeroForZeroWhateverTheOffset) {
    auto reg = of_type(ValueType::i16, 1);
    reg.scale = 0.1;
    reg.offset = -50;
    reg.zero = {1, -1};
    EXPECT_EQ(decode(reg, Words{1}).number, 0.0);
    EXPECT_EQ(decode(reg, Words{0xFFFF}).number, 0.0);
    EXPECT_EQ(decode(reg, Words{2}).number, -49.8);
    reg.absent = {1};
    EXPECT_EQ(decode(reg, Words{1}).number, std::nullopt) << "not available comes first";
}

}  // namespace
}  // namespace busbar::adapters
