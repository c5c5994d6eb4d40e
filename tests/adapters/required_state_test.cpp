// SPDX-License-Identifier: Apache-2.0
// What must be set: only when it differs, in the register's unit, where the conditions hold.
#include "adapters/required_state.hpp"

#include <gmock/gmock.h>

#include "duty_bench.hpp"

namespace busbar::adapters {
namespace {

using config::PollClass;
using config::Table;
using test::DutyBench;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

config::Profile needing(config::Register reg) {
    config::Profile profile;
    profile.required = {{reg.name, 6, false, {}}};
    test::add(profile, std::move(reg));
    return profile;
}

config::Register holding(const char* name) {
    return test::reg(name, Table::holding, 1, PollClass::slow);
}

std::vector<Words> written(DutyBench& bench) {
    RequiredState required(bench.profile, bench.values, Amperes(13), test::silent_log());
    bench.work(required);
    return bench.written_to(bench.profile.required.front().reg);
}

TEST(RequiredState, GivesTheFailsafeCurrentInTheUnitOfItsRegister) {
    auto current = holding("failsafe_ma");
    current.scale = 0.001;
    auto profile = needing(current);
    profile.required = {{"failsafe_ma", 0, true, {}}};
    DutyBench bench(profile);
    bench.read("failsafe_ma", {6000});
    EXPECT_THAT(written(bench), ElementsAre(Words{13000}));
}

TEST(RequiredState, TakesAFloatThatLostDigitsForTheValue) {
    auto real = holding("real");
    real.type = config::ValueType::f32;
    real.count = 2;
    DutyBench bench(needing(real));
    bench.read("real", *encode(real, 6.0005, Rounding::nearest));
    EXPECT_THAT(written(bench), IsEmpty());
    bench.read("real", *encode(real, 6.01, Rounding::nearest));
    EXPECT_THAT(written(bench), ElementsAre(*encode(real, 6, Rounding::nearest)));
}

TEST(RequiredState, SetsSomeBitsOfAWordOnceTheWordIsKnown) {
    auto mode = holding("mode");
    mode.mask = 0x00F0;
    DutyBench bench(needing(mode));
    EXPECT_THAT(written(bench), IsEmpty());
    bench.read("mode", {0xA56F});
    EXPECT_THAT(written(bench), IsEmpty()) << "they are as they must be";
    bench.read("mode", {0xA51F});
    EXPECT_THAT(written(bench), ElementsAre(Words{0xA56F}));
}

TEST(RequiredState, AppliesOnlyWhereItsConditionsHold) {
    config::Condition one_phase;
    one_phase.phases = 1;
    auto profile = needing(holding("mode"));
    profile.required.front().when = {one_phase};
    DutyBench three(profile, 3);
    EXPECT_THAT(written(three), IsEmpty());
    DutyBench one(profile, 1);
    EXPECT_THAT(written(one), ElementsAre(Words{6}));

    config::Condition newer;
    newer.reg = "extra";
    newer.exists = true;
    profile.required.front().when = {newer};
    test::add(profile, test::reg("extra", Table::input, 9, PollClass::once));
    DutyBench bench(profile);
    EXPECT_THAT(written(bench), IsEmpty());
    bench.read("extra", {0});
    EXPECT_THAT(written(bench), ElementsAre(Words{6}));
}

}  // namespace
}  // namespace busbar::adapters
