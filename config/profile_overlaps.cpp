// SPDX-License-Identifier: Apache-2.0
// Two names for the same words of a device: fine where they say why, a slip in copying the table where they
// do not.
#include <fmt/format.h>

#include "config/profile_sections.hpp"
#include "config/register_facts.hpp"

namespace busbar::config {
namespace {

bool share_words(const Register& a, const Register& b) {
    return a.table == b.table && a.unit_name == b.unit_name && a.address < b.address + b.count &&
           b.address < a.address + a.count;
}

bool is_part(const Register& reg) {
    return reg.mask || reg.type == ValueType::u8_high || reg.type == ValueType::u8_low;
}

/// A part and its whole, two parts, a value read and a command written, or layouts that exclude each other.
bool says_why(const Register& a, const Register& b) {
    const bool parts = (is_part(a) || is_part(b)) && (a.mask != b.mask || a.type != b.type);
    const bool read_and_written = !(can_read(a) && can_read(b)) && !(can_write(a) && can_write(b));
    return parts || read_and_written || a.when != b.when;
}

}  // namespace

void check_overlaps(const Value& registers, const Profile& profile) {
    for (auto a = profile.registers.begin(); a != profile.registers.end(); ++a) {
        for (auto b = std::next(a); b != profile.registers.end(); ++b) {
            if (!share_words(a->second, b->second) || says_why(a->second, b->second)) continue;
            registers.problem(
                fmt::format("'{}' and '{}' share words of the device: correct an address, or say with "
                            "mask, access or when how they differ",
                            a->first, b->first),
                "/" + b->first + "/address");
        }
    }
}

}  // namespace busbar::config
