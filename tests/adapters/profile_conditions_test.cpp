// SPDX-License-Identifier: Apache-2.0
// Conditions on presence, phases and validity.
#include "adapters/profile_conditions.hpp"

#include <gtest/gtest.h>

#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Condition;
using config::PollClass;
using config::Table;
using test::DutyBench;

config::Profile two_registers() {
    config::Profile profile;
    test::add(profile, test::reg("a", Table::holding, 1, PollClass::once));
    test::add(profile, test::reg("b", Table::holding, 2, PollClass::fast));
    return profile;
}

Condition exists(const char* name, bool there) {
    Condition condition;
    condition.reg = name;
    condition.exists = there;
    return condition;
}

TEST(ProfileConditions, KnowWhetherARegisterExistsOnlyOnceItWasTried) {
    DutyBench bench(two_registers());
    EXPECT_FALSE(holds(exists("a", true), bench.values));
    EXPECT_FALSE(holds(exists("a", false), bench.values));
    bench.read("a", {7});
    EXPECT_TRUE(holds(exists("a", true), bench.values));
    EXPECT_FALSE(holds(exists("a", false), bench.values));
    bench.values.mark_missing(bench.values.span_of(bench.profile.registers.at("b")));
    EXPECT_TRUE(holds(exists("b", false), bench.values));
    EXPECT_FALSE(holds(exists("b", true), bench.values));
}

TEST(ProfileConditions, ExistingWithAnotherValueIsNotEnoughWhereAValueIsAsked) {
    DutyBench bench(two_registers());
    auto condition = exists("a", true);
    condition.equals = {8};
    bench.read("a", {7});
    EXPECT_FALSE(holds(condition, bench.values));
    bench.read("a", {8});
    EXPECT_TRUE(holds(condition, bench.values));
}

TEST(ProfileConditions, AskTheInstallationForItsPhases) {
    Condition three;
    three.phases = 3;
    EXPECT_TRUE(holds(three, DutyBench(two_registers(), 3).values));
    EXPECT_FALSE(holds(three, DutyBench(two_registers(), 1).values));
}

TEST(ProfileConditions, DoNotHoldForAValueThatDoesNotCount) {
    auto profile = two_registers();
    profile.registers.at("b").valid_when = {test::is("a", {1})};
    DutyBench bench(profile);
    bench.read("a", {0});
    bench.read("b", {5});
    EXPECT_FALSE(holds(test::is("b", {5}), bench.values));
    bench.read("a", {1});
    EXPECT_TRUE(holds(test::is("b", {5}), bench.values));
}

TEST(ProfileConditions, CompareADecimalDigitWhereOneIsNamed) {
    DutyBench bench(two_registers());
    bench.read("b", {30411});
    const auto digit = [&](int which, double value) {
        Condition condition = test::is("b", {value});
        condition.digit = which;
        return holds(condition, bench.values);
    };
    EXPECT_TRUE(digit(1, 1));
    EXPECT_TRUE(digit(3, 4));
    EXPECT_TRUE(digit(4, 0));
    EXPECT_TRUE(digit(5, 3));
    EXPECT_TRUE(digit(6, 0)) << "beyond the number";
    EXPECT_FALSE(digit(1, 30411));
    Condition at_least;
    at_least.reg = "b";
    at_least.digit = 2;
    at_least.at_least = 1;
    EXPECT_TRUE(holds(at_least, bench.values));
    bench.read("b", {30401});
    EXPECT_FALSE(holds(at_least, bench.values));
}

}  // namespace
}  // namespace busbar::adapters
