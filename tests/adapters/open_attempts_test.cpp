// SPDX-License-Identifier: Apache-2.0
// How often a line is opened.
#include "adapters/open_attempts.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters {
namespace {

constexpr SteadyTime start{1000s};
const Error gone{Errc::unreachable, "no route"};

TEST(OpenAttempts, AreASecondApartUnlessTheLineWantsMore) {
    OpenAttempts attempts{Log()};
    EXPECT_FALSE(attempts.too_soon(start));
    attempts.failed(gone, start);
    EXPECT_EQ(attempts.too_soon(start + 999ms)->detail, "no route");
    EXPECT_FALSE(attempts.too_soon(start + 1s));
    attempts.failed(gone, start, 5s);
    EXPECT_TRUE(attempts.too_soon(start + 4999ms));
    EXPECT_FALSE(attempts.too_soon(start + 5s));
}

TEST(OpenAttempts, AlsoAfterOneThatSucceeded) {
    OpenAttempts attempts{Log()};
    attempts.succeeded(start, 5s);
    EXPECT_EQ(attempts.too_soon(start + 4999ms)->code, Errc::unreachable);
    EXPECT_FALSE(attempts.too_soon(start + 5s));
}

}  // namespace
}  // namespace busbar::adapters
