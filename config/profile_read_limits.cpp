// SPDX-License-Identifier: Apache-2.0
// read_limits: what may be asked for in one request, what only as a whole, and what never.
#include <fmt/format.h>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"
#include "config/table_names.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr int kAddresses = 65536;

void read_address(const Value& value, int& out) {
    std::uint64_t address = 0;
    if (value.code(address, kAddresses - 1)) out = static_cast<int>(address);
}

void read_block(Section& section, int max_registers, ReadLimits::Block& out) {
    section.may("unit").text(out.unit_name, kName);
    section.may("table").choice(out.table, kTables);
    read_address(section.need("address"), out.address);
    const Value count = section.need("count");
    if (!count.integer(out.count, {1, 125})) return;
    if (out.count > max_registers) {
        count.problem(
            fmt::format("must be at most {} (max_registers): a block is read in one request", max_registers));
    }
    if (out.address + out.count > kAddresses) {
        section.problem("address", fmt::format("must leave room for {} registers below 65536", out.count));
    }
}

void read_forbidden(Section& section, ReadLimits::Addresses& out) {
    section.may("table").choice(out.table, kTables);
    read_address(section.need("from"), out.first);
    const Value last = section.need("to");
    out.last = out.first;
    read_address(last, out.last);
    if (out.last < out.first) last.problem(fmt::format("must not be below from ({})", out.first));
}

/// A run of addresses of one table.
struct Run {
    Table table;
    int first;
    int end;  ///< one past the last
};
Run run_of(const ReadLimits::Block& block) {
    return {block.table, block.address, block.address + block.count};
}
Run run_of(const ReadLimits::Addresses& range) {
    return {range.table, range.first, range.last + 1};
}
/// Of connector `n`, from 1 on.
Run run_of(const Register& reg, const Connectors& connectors, int n) {
    const int address = reg.address + (n - 1) * reg.stride.value_or(connectors.stride);
    return {reg.table, address, address + reg.count};
}

bool touch(const Run& a, const Run& b) {
    return a.table == b.table && a.first < b.end && b.first < a.end;
}
bool inside(const Run& part, const Run& whole) {
    return part.first >= whole.first && part.end <= whole.end;
}

void check_forbidden(const Section& root, const std::string& place, const Run& run,
                     const ReadLimits& limits) {
    for (std::size_t i = 0; i < limits.forbidden.size(); ++i) {
        const auto& range = limits.forbidden[i];
        if (!touch(run, run_of(range))) continue;
        root.problem_at(place, fmt::format("lies in {} to {}, which /read_limits/forbidden/{} says never to "
                                           "touch: correct one of the two",
                                           range.first, range.last, i));
        return;
    }
}

void check_register(const Section& root, const Register& reg, const Profile& profile) {
    const std::string place = fmt::format("/registers/{}/address", reg.name);
    for (int n = 1; n <= profile.connectors.most; ++n) {
        const Run run = run_of(reg, profile.connectors, n);
        if (run.first < 0 || run.end > kAddresses) {
            root.problem_at(
                place, fmt::format("connector {} would have it at {}: correct the stride", n, run.first));
            return;
        }
        check_forbidden(root, place, run, profile.read_limits);
    }
    if (!can_read(reg)) return;
    const Run run = run_of(reg, profile.connectors, 1);
    const auto& blocks = profile.read_limits.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const bool near = blocks[i].unit_name == reg.unit_name && touch(run, run_of(blocks[i]));
        if (!near || inside(run, run_of(blocks[i]))) continue;
        root.problem_at(place, fmt::format("is only partly inside /read_limits/blocks/{}: lengthen the "
                                           "block, or move its end before the register",
                                           i));
    }
}

}  // namespace

void read_read_limits(Section& section, ReadLimits& out) {
    section.may("max_registers").integer(out.max_registers, {1, 125});
    section.may("merge").flag(out.merge);
    section.may("blocks").one_or_each([&](const Value& item) {
        auto& block = out.blocks.emplace_back();
        item.object([&](Section& fields) { read_block(fields, out.max_registers, block); });
    });
    section.may("forbidden").one_or_each([&](const Value& item) {
        auto& range = out.forbidden.emplace_back();
        item.object([&](Section& fields) { read_forbidden(fields, range); });
    });
}

void check_read_limits(const Section& root, const Profile& profile) {
    for (const auto& [name, reg] : profile.registers) check_register(root, reg, profile);
    const auto& blocks = profile.read_limits.blocks;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::string place = fmt::format("/read_limits/blocks/{}", i);
        check_forbidden(root, place, run_of(blocks[i]), profile.read_limits);
        for (std::size_t j = 0; j < i; ++j) {
            if (blocks[i].unit_name != blocks[j].unit_name || !touch(run_of(blocks[i]), run_of(blocks[j])))
                continue;
            root.problem_at(place, fmt::format("overlaps /read_limits/blocks/{}: a register would be read "
                                               "with two of them",
                                               j));
        }
    }
}

}  // namespace busbar::config
