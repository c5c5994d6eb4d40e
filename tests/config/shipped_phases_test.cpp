// SPDX-License-Identifier: Apache-2.0
// The shipped sequences that switch phases: nothing in them lets current flow.
#include <gtest/gtest.h>

#include <algorithm>

#include "config/profile.hpp"

namespace busbar::config {
namespace {

/// A write that pauses, or one of a register that has nothing to do with the current.
bool lets_nothing_flow(const Profile& profile, const WriteStep& write) {
    if (profile.enable && write.reg == profile.enable->reg) return write.value == profile.enable->off;
    const auto& limits = profile.limit->registers;
    if (std::find(limits.begin(), limits.end(), write.reg) == limits.end()) return true;
    return profile.limit->pause_value == write.value;
}

TEST(ShippedPhases, AreSwitchedOnAPausedChargerThatStaysPaused) {
    const auto profiles = load_profiles({BUSBAR_SOURCE_DIR "/config/chargers"});
    int switching = 0;
    for (const auto& [id, profile] : profiles.value) {
        for (const char* name : {"phases_1", "phases_3"}) {
            const auto sequence = profile.sequences.find(name);
            if (sequence == profile.sequences.end()) continue;
            ++switching;
            EXPECT_EQ(profile.phases, 3) << id;
            for (const auto& step : sequence->second) {
                const auto* write = std::get_if<WriteStep>(&step);
                EXPECT_TRUE(write == nullptr || lets_nothing_flow(profile, *write)) << id << " " << name;
            }
        }
    }
    EXPECT_GE(switching, 26);
}

}  // namespace
}  // namespace busbar::config
