// SPDX-License-Identifier: Apache-2.0
// Requests and answers byte by byte; the examples are those of the specification's chapter 6.
#include "adapters/modbus_pdu.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {
namespace {

using config::Table;
using config::WriteFunction;

TEST(ModbusPdu, AsksForEachTable) {
    EXPECT_EQ(read_request({1, Table::holding, 107, 3}), (Bytes{0x03, 0x00, 0x6B, 0x00, 0x03}));
    EXPECT_EQ(read_request({1, Table::input, 8, 1}), (Bytes{0x04, 0x00, 0x08, 0x00, 0x01}));
    EXPECT_EQ(read_request({1, Table::coil, 19, 19}), (Bytes{0x01, 0x00, 0x13, 0x00, 0x13}));
    EXPECT_EQ(read_request({1, Table::discrete, 196, 22}), (Bytes{0x02, 0x00, 0xC4, 0x00, 0x16}));
}

TEST(ModbusPdu, ReadsRegistersAndBits) {
    const Bytes registers{0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64};
    EXPECT_EQ(*read_answer({1, Table::holding, 107, 3}, registers), (Words{0x022B, 0, 0x0064}));
    const Bytes coils{0x01, 0x02, 0xCD, 0x01};
    EXPECT_EQ(*read_answer({1, Table::coil, 19, 9}, coils), (Words{1, 0, 1, 1, 0, 0, 1, 1, 1}));
    EXPECT_EQ(answer_size(read_request({1, Table::coil, 19, 9})), coils.size());
    EXPECT_EQ(answer_size(read_request({1, Table::holding, 107, 3})), registers.size());
}

TEST(ModbusPdu, WritesOneValueSingleUnlessTheModelWantsMultiple) {
    const Span one{1, Table::holding, 1, 1};
    EXPECT_EQ(write_request(one, {3}, WriteFunction::automatic), (Bytes{0x06, 0x00, 0x01, 0x00, 0x03}));
    EXPECT_EQ(write_request(one, {3}, WriteFunction::multiple),
              (Bytes{0x10, 0x00, 0x01, 0x00, 0x01, 0x02, 0x00, 0x03}));
    EXPECT_EQ(write_request({1, Table::holding, 1, 2}, {10, 258}, WriteFunction::automatic),
              (Bytes{0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02}));
}

TEST(ModbusPdu, WritesCoils) {
    const Span one{1, Table::coil, 172, 1};
    EXPECT_EQ(write_request(one, {1}, WriteFunction::automatic), (Bytes{0x05, 0x00, 0xAC, 0xFF, 0x00}));
    EXPECT_EQ(write_request(one, {0}, WriteFunction::single), (Bytes{0x05, 0x00, 0xAC, 0x00, 0x00}));
    EXPECT_EQ(
        write_request({1, Table::coil, 19, 10}, {1, 0, 1, 1, 0, 0, 1, 1, 1, 0}, WriteFunction::automatic),
        (Bytes{0x0F, 0x00, 0x13, 0x00, 0x0A, 0x02, 0xCD, 0x01}));
}

TEST(ModbusPdu, TakesTheEchoOfAWriteAndNothingElse) {
    const Bytes request{0x06, 0x00, 0x01, 0x00, 0x03};
    EXPECT_TRUE(write_answer(request, request));
    EXPECT_EQ(write_answer(request, Bytes{0x06, 0x00, 0x01, 0x00, 0x04}).error().code, Errc::garbled);
    const Bytes many{0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02};
    EXPECT_TRUE(write_answer(many, Bytes{0x10, 0x00, 0x01, 0x00, 0x02}));
}

TEST(ModbusPdu, TellsAnExceptionWithItsNumberInWords) {
    const auto answer = read_answer({1, Table::holding, 107, 3}, Bytes{0x83, 0x02});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::refused);
    EXPECT_EQ(answer.error().exception, 2);
    EXPECT_EQ(answer.error().detail, "refused with exception 2: it has no such address");
}

TEST(ModbusPdu, CallsAWrongFunctionOrLengthGarbled) {
    const Span span{1, Table::holding, 107, 2};
    EXPECT_EQ(read_answer(span, Bytes{0x04, 0x04, 0, 1, 0, 2}).error().code, Errc::garbled);
    EXPECT_EQ(read_answer(span, Bytes{0x03, 0x02, 0, 1}).error().code, Errc::garbled);
    EXPECT_EQ(read_answer(span, Bytes{0x03}).error().code, Errc::garbled);
}

TEST(ModbusPdu, RefusesWhatNoRequestCanCarry) {
    EXPECT_TRUE(check_read({1, Table::input, 0, 125}));
    EXPECT_FALSE(check_read({1, Table::input, 0, 126}));
    EXPECT_TRUE(check_read({1, Table::coil, 0, 2000}));
    EXPECT_FALSE(check_read({1, Table::coil, 0, 2001}));
    EXPECT_FALSE(check_read({1, Table::input, 65535, 2}));
    EXPECT_FALSE(check_write({1, Table::input, 0, 1}, {1}));
    EXPECT_TRUE(check_write({1, Table::holding, 0, 123}, Words(123)));
    EXPECT_FALSE(check_write({1, Table::holding, 0, 124}, Words(124)));
    EXPECT_FALSE(check_write({1, Table::holding, 0, 2}, {1}));
}

}  // namespace
}  // namespace busbar::adapters
