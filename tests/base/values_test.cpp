// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/base/result.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/units.hpp"

namespace busbar {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
    a + b;
};

TEST(Units, AmperesAndWattsDoNotAdd) {
    static_assert(Addable<Amperes, Amperes>);
    static_assert(!Addable<Amperes, Watts>);
}

TEST(Units, AmperesTimesVoltsAreWatts) {
    EXPECT_EQ(Amperes(16) * Volts(230), Watts(3680));
    EXPECT_EQ(Volts(230) * Amperes(16), Watts(3680));
    EXPECT_DOUBLE_EQ(Watts(500) / Watts(1000), 0.5);
}

TEST(Secret, ComparesByValue) {
    EXPECT_EQ(Secret("abc"), Secret("abc"));
    EXPECT_FALSE(Secret("abc") == Secret("abd"));
    EXPECT_FALSE(Secret("abc") == Secret("abcd"));
}

TEST(Result, TheValueOfAFailedResultIsAProgrammingMistakeThatNamesTheError) {
    const Result<int> failed = Error{Errc::timeout, "no answer from unit 3"};
    try {
        (void)failed.value();
        FAIL();
    } catch (const std::logic_error& error) {
        EXPECT_NE(std::string(error.what()).find("no answer from unit 3"), std::string::npos);
    }
}

}  // namespace
}  // namespace busbar
