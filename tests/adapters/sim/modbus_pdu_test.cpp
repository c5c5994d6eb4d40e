// SPDX-License-Identifier: Apache-2.0
// The four functions over a small map: holding 10 and 11 (values to 100), input 20.
#include "adapters/sim/modbus_pdu.hpp"

#include <gmock/gmock.h>

#include <map>

#include "tests/adapters/sim/master.hpp"

namespace busbar::sim {
namespace {

using test::exception;
using testing::ElementsAre;

class SmallMap final : public RegisterMap {
  public:
    std::map<std::uint16_t, std::uint16_t> holding{{10, 1}, {11, 2}};

    [[nodiscard]] std::optional<std::uint16_t> read(Space space, std::uint16_t address) const override {
        if (space == Space::input) {
            return address == 20 ? std::optional<std::uint16_t>(0xABCD) : std::nullopt;
        }
        const auto found = holding.find(address);
        return found == holding.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::optional<ModbusException> refuses(std::uint16_t address,
                                                         std::uint16_t value) const override {
        if (!holding.contains(address)) {
            return ModbusException::illegal_address;
        }
        return value > 100 ? std::optional(ModbusException::illegal_value) : std::nullopt;
    }
    void write(std::uint16_t address, std::uint16_t value) override { holding[address] = value; }
};

TEST(ModbusPdu, ReadsHoldingRegistersHighByteFirst) {
    SmallMap map;
    map.holding[11] = 0x0102;
    EXPECT_THAT(answer_pdu(map, test::read_holding(10, 2)), ElementsAre(3, 4, 0, 1, 1, 2));
}

TEST(ModbusPdu, InputAndHoldingRegistersAreDifferentSpaces) {
    SmallMap map;
    EXPECT_THAT(answer_pdu(map, test::read_input(20, 1)), ElementsAre(4, 2, 0xAB, 0xCD));
    EXPECT_EQ(answer_pdu(map, test::read_holding(20, 1)), exception(3, 2));
    EXPECT_EQ(answer_pdu(map, test::read_input(10, 1)), exception(4, 2));
}

TEST(ModbusPdu, AReadThatTouchesAnUndocumentedAddressIsRefused) {
    SmallMap map;
    EXPECT_EQ(answer_pdu(map, test::read_holding(11, 2)), exception(3, 2));
    EXPECT_EQ(answer_pdu(map, test::read_holding(0xFFFF, 2)), exception(3, 2));
}

TEST(ModbusPdu, AQuantityOutsideTheStandardIsAWrongValue) {
    SmallMap map;
    EXPECT_EQ(answer_pdu(map, test::read_holding(10, 0)), exception(3, 3));
    EXPECT_EQ(answer_pdu(map, test::read_holding(10, 126)), exception(3, 3));
}

TEST(ModbusPdu, ASingleWriteIsEchoed) {
    SmallMap map;
    EXPECT_EQ(answer_pdu(map, test::write_single(10, 77)), test::write_single(10, 77));
    EXPECT_EQ(map.holding[10], 77);
}

TEST(ModbusPdu, SeveralRegistersAreWrittenAllOrNone) {
    SmallMap map;
    EXPECT_THAT(answer_pdu(map, test::write_multiple(10, {5, 6})), ElementsAre(16, 0, 10, 0, 2));
    EXPECT_EQ(map.holding[10], 5);
    EXPECT_EQ(answer_pdu(map, test::write_multiple(10, {7, 101})), exception(16, 3));
    EXPECT_EQ(answer_pdu(map, test::write_multiple(11, {7, 8})), exception(16, 2));
    EXPECT_EQ(map.holding[10], 5);
    EXPECT_EQ(map.holding[11], 6);
}

TEST(ModbusPdu, AByteCountThatContradictsTheQuantityIsAWrongValue) {
    SmallMap map;
    for (const std::uint8_t quantity : Bytes{1, 3}) {
        Bytes request = test::write_multiple(10, {5, 6});
        request[4] = quantity;
        EXPECT_EQ(answer_pdu(map, request), exception(16, 3));
    }
}

TEST(ModbusPdu, OtherFunctionsAreIllegal) {
    SmallMap map;
    EXPECT_EQ(answer_pdu(map, test::pdu(1, 10, 1)), exception(1, 1));
    EXPECT_EQ(answer_pdu(map, Bytes{0x2B, 0x0E}), exception(0x2B, 1));
    EXPECT_EQ(answer_pdu(map, Bytes{}), exception(0, 1));
}

TEST(ModbusPdu, ATruncatedRequestIsAWrongValue) {
    SmallMap map;
    EXPECT_EQ(answer_pdu(map, Bytes{3, 0, 10}), exception(3, 3));
}

}  // namespace
}  // namespace busbar::sim
