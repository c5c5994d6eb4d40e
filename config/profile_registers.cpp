// SPDX-License-Identifier: Apache-2.0
// registers: the vendor's table, one named value an entry.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "config/nearest.hpp"
#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<Table>, 4> kTables{{{"input", Table::input},
                                              {"holding", Table::holding},
                                              {"coil", Table::coil},
                                              {"discrete", Table::discrete}}};
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
void read_absent(const Value& value, Register& out) {
    value.one_or_each([&](const Value& item) {
        double raw = 0;
        if (!item.number_or_code(raw)) return;
        const TypeFacts facts = facts_of(out.type);
        const bool wraps = item.is_text() && facts.is_signed && facts.bits > 0;
        if (wraps && raw >= std::ldexp(1, facts.bits - 1)) raw -= std::ldexp(1, facts.bits);
        out.absent.push_back(raw);
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
    read_absent(section.may_if(number, "absent", kNumbersOnly), out);
    section.may_if(number, "minimum", kNumbersOnly).number(out.minimum, {});
    section.may_if(number, "maximum", kNumbersOnly).number(out.maximum, {});
    if (out.minimum && out.maximum && *out.maximum < *out.minimum) {
        section.problem("maximum", "must not be below minimum");
    }
}

void read_value(Section& section, Register& out) {
    if (is_bit(out.table)) {
        for (const auto* key : {"type", "count", "byte_swap", "word_order", "mask", "scale", "offset",
                                "absent", "minimum", "maximum"}) {
            static_cast<void>(section.may_if(false, key, kNotForBits));
        }
        return;
    }
    section.may("type").choice(out.type, kValueTypes);
    read_length(section, out);
    section.may("byte_swap").flag(out.byte_swap);
    read_number(section, out);
}

void read_access(Section& section, Register& out) {
    const Value access = section.may("access");
    access.choice(out.access, kAccesses);
    section.may_if(can_read(out), "poll", "a register that is only written is not polled")
        .choice(out.poll, kPollClasses);
    const Value function = section.may_if(can_write(out), "write_function", "the register is only read");
    function.choice(out.write_function, kWriteFunctions);
    if (out.write_function == WriteFunction::single && out.count > 1) {
        function.problem("must be multiple: a single write carries one register");
    }
    if (!can_write(out)) return;

    const auto refuse = [&](const std::string& why) {
        access.problem("must be read: " + why);
        out.access = Access::read;
    };
    if (out.table == Table::input || out.table == Table::discrete) {
        refuse(
            "Modbus cannot write input registers and discrete inputs; did you mean the table holding or "
            "coil?");
    } else if (is_text(out.type)) {
        refuse("texts are not written");
    } else if (out.mask || out.type == ValueType::u8_high || out.type == ValueType::u8_low) {
        refuse("writing a part of a register would overwrite the rest of it");
    }
}

/// All but `when`, which can be read only when all registers are known, and is returned.
Value read_register(Section& section, const ReadLimits& limits, Register& out) {
    constexpr std::uint64_t kLastAddress = 65535;
    section.may("unit").text(out.unit_name, kName);
    section.may("table").choice(out.table, kTables);
    std::uint64_t address = 0;
    const Value place = section.need("address");
    if (place.code(address, kLastAddress)) out.address = static_cast<int>(address);
    read_value(section, out);
    read_access(section, out);
    if (address + static_cast<std::uint64_t>(out.count) > kLastAddress + 1) {
        place.problem(fmt::format("must leave room for {} registers below 65536", out.count));
    }
    if (out.count > limits.max_registers) {
        section.problem(
            "count",
            fmt::format("must be at most {} (read_limits.max_registers): a value is read in one request",
                        limits.max_registers));
    }
    return section.may("when");
}

/// Conditions on conditional registers would need an order of reading.
void check_conditions_exist(const Value& when, const Profile& profile, const Register& reg) {
    for (const auto& condition : reg.when) {
        if (profile.registers.at(condition.reg).when.empty()) continue;
        when.problem(
            fmt::format("'{}' has a condition itself: name a register that always exists", condition.reg));
    }
}

std::string known_names(const Profile& profile, std::string_view wrong) {
    std::vector<std::string> names;
    for (const auto& [name, reg] : profile.registers) names.push_back(name);
    return did_you_mean(wrong, names);
}

}  // namespace

const Register* read_register_name(const Value& value, const Profile& profile, Use use, std::string& out) {
    std::string name;
    if (!value.text(name, {"the name of a register", kAnyText.accepts})) return nullptr;
    const auto found = profile.registers.find(name);
    if (found == profile.registers.end()) {
        value.problem(fmt::format("no register is called '{}'{}", name, known_names(profile, name)));
        return nullptr;
    }
    const Register& reg = found->second;
    if (use == Use::write_number && !can_write(reg)) {
        value.problem(
            fmt::format("'{}' is read only: give it \"access\": \"read_write\" or \"write\"", name));
        return nullptr;
    }
    if (use != Use::write_number && !can_read(reg)) {
        value.problem(fmt::format("'{}' is only written and has no value to read", name));
        return nullptr;
    }
    if (use == Use::read_number && is_text(reg.type)) {
        value.problem(fmt::format("'{}' is a text: a number is needed here", name));
        return nullptr;
    }
    out = name;
    return &reg;
}

bool read_written_number(const Value& value, const Register* reg, double& out) {
    double number = 0;
    if (!value.number_or_code(number)) return false;
    if (reg != nullptr) {
        if (const auto why = misfit(*reg, number)) {
            value.problem(*why);
            return false;
        }
    }
    out = number;
    return true;
}

void read_registers(const Value& value, Profile& profile) {
    const std::size_t problems = value.problem_count();
    std::vector<std::pair<Register*, Value>> conditional;
    value.members([&](const std::string& name, const Value& item) {
        if (!kName.accepts(name)) item.problem(fmt::format("the register's name must be {}", kName.must_be));
        Register& out = profile.registers[name];
        out.name = name;
        item.object([&](Section& section) {
            const Value when = read_register(section, profile.read_limits, out);
            if (when.present()) conditional.emplace_back(&out, when);
            if (profile.is_meter && !out.unit_name.empty()) {
                section.problem("unit", "does not belong here: a meter answers at one unit id");
            }
        });
    });
    for (auto& [reg, when] : conditional) read_conditions(when, profile, On::once_registers, reg->when);
    for (const auto& [reg, when] : conditional) check_conditions_exist(when, profile, *reg);
    // An address that could not be read would seem to clash with whatever stands at 0.
    if (value.problem_count() == problems) check_overlaps(value, profile);
}

}  // namespace busbar::config
