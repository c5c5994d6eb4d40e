// SPDX-License-Identifier: Apache-2.0
#include "gateway/log_limit.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace busbar::gateway {
namespace {

const SteadyTime start{1'000s};

TEST(LogLimit, AnEventHasSoManyLinesAMinuteAndOthersAreNotTouched) {
    LogLimit limit;
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(limit.on_record("link_failed", start + milliseconds(i)).write);
    EXPECT_FALSE(limit.on_record("link_failed", start + 1s).write);
    EXPECT_FALSE(limit.on_record("link_failed", start + 59s).write);
    EXPECT_TRUE(limit.on_record("started", start + 59s).write);
    const auto next = limit.on_record("link_failed", start + 60s);
    EXPECT_TRUE(next.write);
    EXPECT_EQ(next.withheld, 2U);
    EXPECT_EQ(limit.on_record("link_failed", start + 61s).withheld, 0U) << "said once";
}

TEST(LogLimit, WhatWasWithheldIsSaidFirstAndDebugIsNotCounted) {
    std::vector<std::string> events;
    auto now = start;
    const auto sink = limited(
        [&](const LogRecord& record) {
            events.emplace_back(record.event);
            if (record.event == "log_lines_withheld") events.push_back(record.fields.at(1).value);
        },
        [&] { return now; });
    for (int i = 0; i < 301; ++i) sink({LogLevel::info, "loud", "Again.", {}});
    for (int i = 0; i < 400; ++i) sink({LogLevel::debug, "quiet", "Detail.", {}});
    EXPECT_EQ(events.size(), 700U);
    events.clear();
    now += 60s;
    sink({LogLevel::info, "loud", "Again.", {}});
    EXPECT_EQ(events, (std::vector<std::string>{"log_lines_withheld", "1", "loud"}));
}

}  // namespace
}  // namespace busbar::gateway
