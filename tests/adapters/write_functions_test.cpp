// SPDX-License-Identifier: Apache-2.0
// Boxes that know one of the two writes.
#include "adapters/write_functions.hpp"

#include <gtest/gtest.h>

#include "profiles.hpp"

namespace busbar::adapters {
namespace {

using config::WriteFunction;

const ExchangeError illegal_function{{Errc::refused, "exception 1"}, 1};
const ExchangeError illegal_value{{Errc::refused, "exception 3"}, 3};
const Span span{1, config::Table::holding, 261, 1};

config::Register limit() {
    return test::reg("limit", config::Table::holding, 261, config::PollClass::slow);
}

TEST(WriteFunctions, TryTheOtherOnceAndRememberIt) {
    WriteFunctions functions;
    EXPECT_EQ(functions.choose(limit(), span), WriteFunction::automatic);
    EXPECT_FALSE(functions.learn(limit(), span, illegal_value));
    EXPECT_TRUE(functions.learn(limit(), span, illegal_function));
    EXPECT_EQ(functions.choose(limit(), span), WriteFunction::multiple);
    EXPECT_EQ(functions.choose(limit(), {1, config::Table::holding, 262, 1}), WriteFunction::automatic);
}

TEST(WriteFunctions, GiveUpWhenBothAreRefusedAndBeginAnew) {
    WriteFunctions functions;
    EXPECT_TRUE(functions.learn(limit(), span, illegal_function));
    EXPECT_FALSE(functions.learn(limit(), span, illegal_function));
    EXPECT_EQ(functions.choose(limit(), span), WriteFunction::automatic);
}

TEST(WriteFunctions, LeaveWhatTheProfileSaysAndWhatHasNoChoice) {
    WriteFunctions functions;
    auto single = limit();
    single.write_function = WriteFunction::single;
    EXPECT_FALSE(functions.learn(single, span, illegal_function));
    EXPECT_EQ(functions.choose(single, span), WriteFunction::single);
    const Span two{1, config::Table::holding, 261, 2};
    EXPECT_FALSE(functions.learn(limit(), two, illegal_function));
}

}  // namespace
}  // namespace busbar::adapters
