// SPDX-License-Identifier: Apache-2.0
#include "gateway/trace_ring.hpp"

#include <gtest/gtest.h>

namespace busbar::gateway {
namespace {

TraceEvent event(std::string text) {
    return {TraceKind::ocpp_sent, SteadyTime(1s), "CP1", std::move(text), {}};
}

TEST(TraceRing, GivesWhatCameAfterANumber) {
    TraceRing ring;
    for (const char* text : {"a", "b", "c"}) ring.add(event(text));
    const auto events = ring.since(1);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].number, 2);
    EXPECT_EQ(events[0].event.text, "b");
    EXPECT_EQ(ring.last(), 3);
}

TEST(TraceRing, ForgetsTheOldestAndCutsLongTexts) {
    TraceRing ring;
    for (std::size_t i = 0; i < TraceRing::capacity + 5; ++i) ring.add(event(std::string(10'000, 'x')));
    const auto events = ring.since(0);
    EXPECT_EQ(events.front().number, 6);
    EXPECT_EQ(events.front().event.text.size(), TraceRing::longest_text);
}

}  // namespace
}  // namespace busbar::gateway
