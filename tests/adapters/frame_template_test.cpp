// SPDX-License-Identifier: Apache-2.0
// Limit frames from templates.
#include "adapters/frame_template.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace busbar::adapters {
namespace {

std::string hex(const Result<std::string>& bytes) {
    if (!bytes) return "error: " + bytes.error().detail;
    std::string text;
    for (const char byte : *bytes) text += fmt::format("{:02X}", static_cast<unsigned char>(byte));
    return text;
}

TEST(FrameTemplate, TakesTheLimitInTenthsHighByteFirst) {
    // Ultimate Speed manual p. 39: 320 is 32.0 A.
    EXPECT_EQ(hex(render_frame("5AA5 08 00AA {limit*10:u32} A55A", Amperes(32))), "5AA50800AA00000140A55A");
    EXPECT_EQ(hex(render_frame("5AA5 08 00AA {limit*10:u32} A55A", Amperes(0))), "5AA50800AA00000000A55A");
}

TEST(FrameTemplate, HasFieldsOfTwoSizesAndOrders) {
    EXPECT_EQ(hex(render_frame("{limit:u16}", Amperes(16))), "0010");
    EXPECT_EQ(hex(render_frame("{limit:u16le}", Amperes(16))), "1000");
    EXPECT_EQ(hex(render_frame("{limit*1000:u32le}", Amperes(16))), "803E0000");
}

TEST(FrameTemplate, RoundsAScaledLimitDownButNotARoundingError) {
    EXPECT_EQ(hex(render_frame("{limit:u16}", Amperes(15.9))), "000F");
    EXPECT_EQ(hex(render_frame("{limit*10:u16}", Amperes(0.1 * 163))), "00A3");
}

TEST(FrameTemplate, ChecksAreOverAllBytesBefore) {
    EXPECT_EQ(hex(render_frame("01 02 FF {sum8}", Amperes(0))), "0102FF02");
    EXPECT_EQ(hex(render_frame("01 02 FF {xor8}", Amperes(0))), "0102FFFC");
    // MODBUS over Serial Line: 01 03 00 00 00 0A has the CRC C5 CD on the wire.
    EXPECT_EQ(hex(render_frame("01 03 0000 000A {crc16}", Amperes(0))), "01030000000AC5CD");
}

TEST(FrameTemplate, SaysWhatItCannotRead) {
    for (const auto* text : {"5", "5X", "{limit}", "{limit:u24}", "{limit*:u16}", "{limit*x:u16}", "{crc32}",
                             "{limit:u16", "{limits:u16}"}) {
        const auto bytes = render_frame(text, Amperes(16));
        ASSERT_FALSE(bytes) << text;
        EXPECT_EQ(bytes.error().code, Errc::invalid) << text;
    }
}

TEST(FrameTemplate, ALimitThatDoesNotFitIsAnError) {
    EXPECT_EQ(hex(render_frame("{limit*4096:u16}", Amperes(15))), "F000");
    EXPECT_FALSE(render_frame("{limit*4096:u16}", Amperes(16)));
}

}  // namespace
}  // namespace busbar::adapters
