// SPDX-License-Identifier: Apache-2.0
// A profile as its author wants to read it again: addresses, units, and every write with its occasion.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "config/register_facts.hpp"
#include "config/spellings.hpp"
#include "gateway/ctl/field_reports.hpp"
#include "gateway/ctl/text_table.hpp"

namespace busbar::ctl {
namespace {

using config::Profile;
using config::Register;
using Rows = std::vector<std::vector<std::string>>;

template <class E, std::size_t N>
std::string_view word(E value, const std::array<std::string_view, N>& words) {
    return words.at(static_cast<std::size_t>(value));
}

std::string table_of(const Register& reg) {
    static constexpr std::array<std::string_view, 4> names{"input", "holding", "coil", "discrete"};
    const auto table = word(reg.table, names);
    return reg.unit_name.empty() ? std::string(table) : fmt::format("{} of {}", table, reg.unit_name);
}

std::string type_of(const Register& reg) {
    static constexpr std::array<std::string_view, 15> names{"u16",   "i16", "u32",   "i32",     "u64",
                                                            "i64",   "f32", "f64",   "u8_high", "u8_low",
                                                            "ascii", "hex", "utf16", "bcd",     "version"};
    auto type = std::string(word(reg.type, names));
    if (reg.mask) type += fmt::format(" & 0x{:X}", *reg.mask);
    return type;
}

std::string scale_of(const Register& reg) {
    std::string scale = reg.scale == 1 ? "" : fmt::format("x {:g}", reg.scale);
    if (!reg.exponent.empty()) scale += fmt::format(" x 10^{}", reg.exponent);
    if (reg.offset != 0) scale += fmt::format(" {:+g}", reg.offset);
    return scale;
}

std::string registers_table(const Profile& profile) {
    static constexpr std::array<std::string_view, 3> polls{"each cycle", "slow", "once"};
    static constexpr std::array<std::string_view, 3> accesses{"read", "write", "read, write"};
    std::vector<const Register*> ordered;
    for (const auto& [name, reg] : profile.registers) ordered.push_back(&reg);
    std::stable_sort(ordered.begin(), ordered.end(), [](const Register* a, const Register* b) {
        return std::tie(a->unit_name, a->table, a->address) < std::tie(b->unit_name, b->table, b->address);
    });
    Rows rows{{"REGISTER", "TABLE", "ADDRESS", "TYPE", "SCALE", "POLLED", "ACCESS", ""}};
    for (const auto* reg : ordered) {
        const bool reads = reg->access != config::Access::write;
        rows.push_back({reg->name, table_of(*reg), fmt::format("{0} (0x{0:04X})", reg->address),
                        type_of(*reg), scale_of(*reg), reads ? std::string(word(reg->poll, polls)) : "-",
                        std::string(word(reg->access, accesses)),
                        reg->when.empty() ? "" : "not on every charger"});
    }
    return text_table(rows);
}

/// One write and its occasion.
class Writes {
  public:
    void add(const std::string& reg, std::string value, std::string when) {
        rows_.push_back({reg, std::move(value), std::move(when)});
    }
    [[nodiscard]] std::string page() const {
        return rows_.size() > 1 ? text_table(rows_) : "Nothing is ever written.\n";
    }

  private:
    Rows rows_{{"WRITES", "VALUE", "WHEN"}};
};

void add_limit(Writes& writes, const Profile& profile) {
    if (!profile.limit) return;
    const auto& limit = *profile.limit;
    std::string occasion = "the limit changes, or the charger shows another";
    if (limit.rewrite > 0ms) occasion += fmt::format("; again every {} ms", limit.rewrite.count());
    if (limit.stored) occasion += "; stored in EEPROM, so only when it differs";
    for (const auto& reg : limit.registers) {
        writes.add(reg,
                   fmt::format("{:g} to {:g} {}, steps of {:g} A", limit.min_a, limit.max_a,
                               limit.in_watts ? "A, in W" : "A", limit.step_a),
                   occasion);
        const auto pause = config::pause_value(limit, profile.registers.at(reg));
        if (pause) writes.add(reg, fmt::format("{:g}", *pause), "charging is paused");
    }
}

void add_steps(Writes& writes, const Profile& profile) {
    for (const auto& [name, steps] : profile.sequences) {
        for (const auto& step : steps) {
            const auto* write = std::get_if<config::WriteStep>(&step);
            if (write != nullptr)
                writes.add(write->reg, fmt::format("{:g}", write->value), "sequence " + name);
        }
    }
}

std::string writes_table(const Profile& profile) {
    Writes writes;
    for (const auto& required : profile.required) {
        writes.add(
            required.reg,
            required.is_failsafe_current ? "the failsafe current" : fmt::format("{:g}", required.value),
            "at start and after an outage, when it differs");
    }
    add_limit(writes, profile);
    if (profile.enable) {
        writes.add(profile.enable->reg, fmt::format("{:g}", profile.enable->on), "current is offered");
        writes.add(profile.enable->reg, fmt::format("{:g}", profile.enable->off), "charging is paused");
    }
    if (!profile.watchdog.reg.empty()) {
        writes.add(profile.watchdog.reg, fmt::format("{:g}", fmt::join(profile.watchdog.values, ", ")),
                   fmt::format("every {} ms, as a sign of life", profile.watchdog.period.count()));
    }
    add_steps(writes, profile);
    return writes.page();
}

std::string line_of(const Profile& profile) {
    std::vector<std::string_view> kinds;
    for (const auto kind : profile.bus_kinds) kinds.push_back(config::name_of(kind, config::kBusKinds));
    auto line = fmt::format("{}; unit id {}", fmt::join(kinds, ", "), profile.default_unit_id);
    if (profile.baud) line += fmt::format("; {} baud", *profile.baud);
    if (profile.parity)
        line += fmt::format(", {} parity", config::name_of(*profile.parity, config::kParities));
    if (profile.stop_bits) line += fmt::format(", {} stop bits", *profile.stop_bits);
    return line;
}

}  // namespace

std::string profile_page(const Profile& profile) {
    static constexpr std::array<std::string_view, 3> confidences{"verified", "documented", "reported"};
    auto page =
        fmt::format("{}: {} {}\nSource: {} ({})\nLine: {}\n", profile.id, profile.vendor, profile.model,
                    profile.source, word(profile.confidence, confidences), line_of(profile));
    const auto& pacing = profile.pacing;
    page += fmt::format("Pace: {} ms between requests, {} ms for an answer, {} more tries\n",
                        pacing.gap.count(), pacing.reply_timeout.count(), pacing.retries);
    page += "\n" + registers_table(profile);
    if (profile.is_meter) return page;
    page += "\n" + writes_table(profile);
    return page + "\nWhen the gateway dies: " + profile.when_gateway_dies + "\n";
}

}  // namespace busbar::ctl
