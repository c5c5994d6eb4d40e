// SPDX-License-Identifier: Apache-2.0
// A charger profile of any bytes: read, or refused with reasons; the same each time.
#include "config/profile.hpp"
#include "tests/fuzz/expect.hpp"

namespace busbar::config {
namespace {

using fuzz::expect;

/// What the drivers rely on without looking again.
void check(const Profile& profile) {
    expect(!profile.limit || profile.limit->step_a > 0, "step_a is above 0", profile.id);
    for (const auto& [name, one] : profile.registers) {
        expect(one.count >= 1 && one.address >= 0 && one.address + one.count <= 0x10000,
               "a register lies within the table", name);
        expect(!one.mask || *one.mask != 0, "a mask has bits", name);
    }
    expect(profile.read_limits.max_registers >= 1 && profile.read_limits.max_registers <= 125,
           "a read fits a frame", profile.id);
    expect(profile.pacing.gap >= milliseconds(0) && profile.pacing.reply_timeout > milliseconds(0) &&
               profile.pacing.retries >= 0,
           "times are not below 0", profile.id);
    for (const auto& rule : profile.faults) expect(!rule.when.empty(), "a fault rule asks something");
}

}  // namespace
}  // namespace busbar::config

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const auto text = busbar::fuzz::text_of(data, size);
    const auto profile = busbar::config::parse_profile(text);
    for (const auto& problem : profile.problems) {
        busbar::fuzz::expect(!problem.text.empty(), "a problem says what is wrong", problem.path);
    }
    if (profile.ok()) {
        busbar::config::check(profile.value);
        busbar::fuzz::expect(busbar::config::parse_profile(text).value == profile.value,
                             "reading is repeatable");
    }
    return 0;
}
