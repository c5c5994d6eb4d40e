// SPDX-License-Identifier: Apache-2.0
// One register of the vendor's table: where it stands, what its bits mean, whether it may be written.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/table_names.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<Conversion>, 1> kConversions{{{"duty_cycle", Conversion::duty_cycle}}};
constexpr std::array<Name<WordOrder>, 2> kWordOrders{
    {{"high_first", WordOrder::high_first}, {"low_first", WordOrder::low_first}}};
constexpr std::array<Name<PollClass>, 3> kPollClasses{
    {{"fast", PollClass::fast}, {"slow", PollClass::slow}, {"once", PollClass::once}}};
constexpr std::array<Name<Access>, 3> kAccesses{
    {{"read", Access::read}, {"write", Access::write}, {"read_write", Access::read_write}}};
constexpr std::array<Name<WriteFunction>, 3> kWriteFunctions{{{"automatic", WriteFunction::automatic},
                                                              {"single", WriteFunction::single},
                                                              {"multiple", WriteFunction::multiple}}};

constexpr std::string_view kNotForBits = "a coil or discrete input is one bit, 0 or 1";
constexpr std::string_view kNumbersOnly = "it is for numbers";
constexpr std::string_view kNotWritten = "the register is only read";

void read_length(Section& section, Register& out) {
    const int registers = facts_of(out.type).registers;
    const bool text = registers == 0;
    const Value count = text ? section.need("count") : section.may("count");
    out.count = std::max(registers, 1);
    if (count.integer(out.count, {1, 125}) && !text && out.count != registers) {
        count.problem(fmt::format("must be {} or left out: that is the length of a {}", registers,
                                  name_of(out.type, kValueTypes)));
        out.count = registers;
    }
}

void read_mask(const Value& value, Register& out) {
    std::uint64_t mask = 0;
    if (!value.code(mask, UINT64_MAX)) return;
    const int bits = facts_of(out.type).bits;
    if (mask == 0 || static_cast<int>(std::bit_width(mask)) > bits) {
        value.problem(fmt::format("must have a bit set, and none above the {} of the type", bits));
        return;
    }
    const std::uint64_t at_bit_0 = mask >> std::countr_zero(mask);
    if ((at_bit_0 & (at_bit_0 + 1)) != 0) {
        value.problem("must be one run of bits, such as 0x0FF0: give separate values a register each");
        return;
    }
    out.mask = mask;
}

/// The vendor prints sentinels as they stand on the wire: "0x8000" of an i16 is -32768.
void read_raw(const Value& value, ValueType type, std::vector<double>& out) {
    value.one_or_each([&](const Value& item) {
        double raw = 0;
        if (!item.number_or_code(raw)) return;
        const TypeFacts facts = facts_of(type);
        const bool wraps = item.is_text() && facts.is_signed && facts.bits > 0;
        if (wraps && raw >= std::ldexp(1, facts.bits - 1)) raw -= std::ldexp(1, facts.bits);
        out.push_back(raw);
    });
}

void read_number(Section& section, Register& out) {
    const bool number = !is_text(out.type);
    const TypeFacts facts = facts_of(out.type);
    const bool maskable =
        out.type == ValueType::u16 || out.type == ValueType::u32 || out.type == ValueType::u64;
    section.may_if(facts.registers > 1, "word_order", "it is for numbers of two or four registers")
        .choice(out.word_order, kWordOrders);
    read_mask(section.may_if(maskable, "mask", "it is for u16, u32 and u64"), out);
    const Value scale = section.may_if(number, "scale", kNumbersOnly);
    if (scale.number(out.scale, {}) && out.scale == 0) {
        scale.problem("must not be 0");
        out.scale = 1;
    }
    section.may_if(number, "offset", kNumbersOnly).number(out.offset, {});
    section.may_if(number, "conversion", kNumbersOnly).choice(out.conversion, kConversions);
    read_raw(section.may_if(number, "absent", kNumbersOnly), out.type, out.absent);
    read_raw(section.may_if(number, "zero", kNumbersOnly), out.type, out.zero);
    section.may_if(number, "minimum", kNumbersOnly).number(out.minimum, {});
    section.may_if(number, "maximum", kNumbersOnly).number(out.maximum, {});
    if (out.minimum && out.maximum && *out.maximum < *out.minimum) {
        section.problem("maximum", "must not be below minimum");
    }
}

void read_value(Section& section, Register& out) {
    if (is_bit(out.table)) {
        for (const auto* key : {"type", "count", "byte_swap", "word_order", "mask", "scale", "offset",
                                "conversion", "absent", "zero", "minimum", "maximum"}) {
            static_cast<void>(section.may_if(false, key, kNotForBits));
        }
        return;
    }
    section.may("type").choice(out.type, kValueTypes);
    read_length(section, out);
    section.may("byte_swap").flag(out.byte_swap);
    read_number(section, out);
}

/// Why the register cannot be written as its `access` says; empty when it can.
std::string_view why_read_only(const Register& reg) {
    if (reg.table == Table::input || reg.table == Table::discrete) {
        return "must be read: Modbus cannot write input registers and discrete inputs; "
               "did you mean the table holding or coil?";
    }
    if (is_text(reg.type)) return "must be read: texts are not written";
    if (reg.type == ValueType::u8_high || reg.type == ValueType::u8_low) {
        return "must be read: to write half a register use a u16 with \"mask\" 0xFF00 or 0x00FF";
    }
    if (reg.mask && reg.access == Access::write) {
        return "must be read_write: the bits outside the mask are written as they were read";
    }
    return {};
}

void read_access(Section& section, Register& out) {
    const Value access = section.may("access");
    access.choice(out.access, kAccesses);
    section.may_if(can_read(out), "poll", "a register that is only written is not polled")
        .choice(out.poll, kPollClasses);
    const Value function = section.may_if(can_write(out), "write_function", kNotWritten);
    function.choice(out.write_function, kWriteFunctions);
    if (out.write_function == WriteFunction::single && out.count > 1) {
        function.problem("must be multiple: a single write carries one register");
    }
    if (!can_write(out)) return;

    if (const auto why = why_read_only(out); !why.empty()) {
        access.problem(std::string(why));
        out.access = Access::read;
    }
}

/// What names other registers, or depends on what does.
RegisterLinks links_of(Section& section, Register& out) {
    const bool bit = is_bit(out.table);
    const Value exponent =
        section.may_if(!bit && !is_text(out.type), "exponent", bit ? kNotForBits : kNumbersOnly);
    return {&out, exponent, section.may_if(can_write(out), "allowed", kNotWritten),
            section.may_if(can_read(out), "valid_when", "a register that is only written has no value"),
            section.may("when")};
}

}  // namespace

RegisterLinks read_register(Section& section, const Profile& profile, Register& out) {
    constexpr std::uint64_t kLastAddress = 65535;
    const Value unit = section.may_if(!profile.is_meter, "unit", "a meter answers at one unit id");
    unit.text(out.unit_name, kName);
    section.may("table").choice(out.table, kTables);
    std::uint64_t address = 0;
    const Value place = section.need("address");
    if (place.code(address, kLastAddress)) out.address = static_cast<int>(address);
    section.may_if(!profile.is_meter, "stride", "a meter has no connectors").integer(out.stride, {0, 32'767});
    read_value(section, out);
    read_access(section, out);
    if (address + static_cast<std::uint64_t>(out.count) > kLastAddress + 1) {
        place.problem(fmt::format("must leave room for {} registers below 65536", out.count));
    }
    const int most = profile.read_limits.max_registers;
    if (out.count > most) {
        section.problem(
            "count",
            fmt::format("must be at most {} (read_limits.max_registers): a value is read in one request",
                        most));
    }
    return links_of(section, out);
}

}  // namespace busbar::config
