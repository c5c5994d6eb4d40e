// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/adapters/scan_bench.hpp"

namespace busbar::adapters::test {
namespace {

using config::Parity;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ScanBench, FindsAKnownModelAtItsDefaultsAndNamesIt) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.end, ScanEnd::complete);
    EXPECT_EQ(findings.found[0].unit, 1);
    EXPECT_EQ(to_text(findings.found[0].setting), "19200 baud, even parity, 1 stop bit");
    EXPECT_EQ(findings.found[0].answer, "unit 1 input 1 = 0108");
    EXPECT_THAT(findings.found[0].models, ElementsAre("box-a"));
    EXPECT_THAT(findings.found[0].could_be, IsEmpty());
    EXPECT_DOUBLE_EQ(findings.progress, 1);
}

TEST_F(ScanBench, FindsTwoDevicesAtTwoSettings) {
    world.devices[1] = box(0x0200, 9600, Parity::none);
    world.devices[7] = box(0x0108, 9600, Parity::none);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 2U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("box-b"));
    EXPECT_EQ(findings.found[1].unit, 7);
    EXPECT_THAT(findings.found[1].models, ElementsAre("box-a"));
}

TEST_F(ScanBench, ListensForTwoSecondsBeforeItSaysAnything) {
    auto scan = make();
    while (world.asked.empty()) world.now = std::max(world.now, scan.step(world.now).at);
    EXPECT_GE(world.now - SteadyTime{}, 2s);
    EXPECT_LT(world.now - SteadyTime{}, 3s);
}

TEST_F(ScanBench, SaysNothingWhereAnotherMasterTalksAndNamesWhomItAsks) {
    world.chatter = {0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD};  // the specification's own example
    const auto findings = run();
    EXPECT_EQ(findings.end, ScanEnd::line_in_use);
    EXPECT_THAT(to_text(findings.heard), HasSubstr("another Modbus RTU master, which asks unit 1 ("));
    EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("Unplug the other one")));
    EXPECT_THAT(world.asked, IsEmpty());
}

TEST_F(ScanBench, GoesOnBesideAnotherMasterWhenTold) {
    world.chatter = {0x55, 0xAA, 0x55, 0xAA, 0x55, 0xAA, 0x55, 0xAA};
    world.devices[1] = box(0x0108, 19200, Parity::even);
    ScanOptions options;
    options.anyway = true;
    const auto findings = run(options);
    EXPECT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(to_text(findings.heard), HasSubstr("at another speed, or a device that talks unasked"));
}

TEST_F(ScanBench, AMasterAtAnotherSpeedIsListenedForAtOthersAndNamed) {
    world.chatter = {0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD};
    world.chatter_at = 38400;
    const auto findings = run();
    EXPECT_EQ(findings.end, ScanEnd::line_in_use);
    EXPECT_THAT(to_text(findings.heard), HasSubstr("which asks unit 1, at 38400 baud, even parity"));
    EXPECT_THAT(world.asked, IsEmpty());
    EXPECT_LT(world.now - SteadyTime{}, 8s);
}

TEST_F(ScanBench, ALineInServiceIsListenedToAtItsOwnSettingOnly) {
    world.chatter = {0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD};
    world.chatter_at = 38400;
    const auto findings = run({{true, {1}, {}}, false, false, false});
    EXPECT_EQ(findings.end, ScanEnd::line_in_use);
    EXPECT_EQ(findings.heard.at, "");
}

TEST_F(ScanBench, AsksOnlyTheUnitIdsThatThePersonNames) {
    world.devices[7] = box(0x0108, 19200, Parity::even);
    world.devices[8] = box(0x0108, 19200, Parity::even);
    const auto findings = run({{false, {}, {7, 9}}, false, false, false});
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].unit, 7);
    for (const auto& [setting, span] : world.asked) EXPECT_THAT(span.unit, ::testing::AnyOf(7, 9));
    EXPECT_LT(world.now - SteadyTime{}, 10s);
}

TEST_F(ScanBench, EndsAtTheFirstDeviceWhenTold) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    world.devices[2] = box(0x0108, 19200, Parity::even);
    ScanOptions options;
    options.first = true;
    const auto findings = run(options);
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("box-a"));
    EXPECT_EQ(findings.end, ScanEnd::complete);
    EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("--first")));
    EXPECT_LT(world.now - SteadyTime{}, 12s);
}

TEST_F(ScanBench, SaysFromTheBeginningHowLongItMayTake) {
    auto scan = make();
    scan.step(world.now);
    const auto expected = scan.findings().left;
    run(scan);
    EXPECT_GT(expected, 600s);
    EXPECT_GE(expected, world.now - SteadyTime{});
    EXPECT_LT(expected, 900s);  // the devices of this world take no time on the wire
}

TEST_F(ScanBench, AnExceptionProvesADevice) {
    world.devices[30].baud = 4800;
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].unit, 30);
    EXPECT_EQ(findings.found[0].setting.bus.baud, 4800);
    EXPECT_EQ(findings.found[0].answer, "unit 30 holding 0: exception 2");
    EXPECT_THAT(findings.found[0].models, IsEmpty());
}

TEST_F(ScanBench, AConvertersWordThatNobodyIsThereProvesNone) {
    world.devices[1] = {};
    world.devices[1].exception = 11;
    const auto findings = run();
    EXPECT_THAT(findings.found, IsEmpty());
}

TEST_F(ScanBench, AnEmptyLineIsSilentAtEverySettingAndSaysWhatToCheck) {
    const auto findings = run();
    EXPECT_EQ(findings.end, ScanEnd::complete);
    EXPECT_THAT(findings.found, IsEmpty());
    EXPECT_EQ(findings.settings.size(), 25U);  // 8 speeds of 3 frames, and 8N1 of box-b
    for (const auto& count : findings.settings) {
        EXPECT_EQ(count.silent, count.asked()) << to_text(count.setting);
    }
    EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("Nobody answered")));
}

TEST_F(ScanBench, GarbageIsToldFromSilence) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    world.devices[1].garbles_next = 1000;
    const auto findings = run();
    EXPECT_THAT(findings.found, IsEmpty());
    for (const auto& count : findings.settings) {
        const bool its_own = count.setting.bus.baud == 19200 && count.setting.bus.parity == Parity::even;
        EXPECT_EQ(count.garbled > 0, its_own) << to_text(count.setting);
    }
    EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("19200 baud, even parity, 1 stop bit (unit 1)")));
}

TEST_F(ScanBench, OneGarbledAnswerIsAskedForAgain) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    world.devices[1].garbles_next = 1;
    EXPECT_EQ(run().found.size(), 1U);
}

TEST_F(ScanBench, ASlowBoxWhoseAnswerDisturbsTheNextAskIsFound) {
    world.devices[40] = box(0x0108, 19200, Parity::even);
    world.devices[40].answers_after = 400ms;
    world.devices[1] = box(0x0108, 19200, Parity::even);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 2U);
    EXPECT_EQ(findings.found[1].unit, 40);
    EXPECT_THAT(findings.found[1].models, ElementsAre("box-a"));
}

TEST_F(ScanBench, WithoutIdentifyAModelIsOnlyWhatItCouldBe) {
    world.devices[1] = box(0x0999, 38400, Parity::even);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_THAT(findings.found[0].models, IsEmpty());
    EXPECT_THAT(findings.found[0].could_be, ElementsAre("box-c"));
}

TEST_F(ScanBench, ALineToWhichSettingsDoNotMatterHasOneDeviceNotOneASetting) {
    world.settings_matter = false;
    world.devices[1] = box(0x0108, 19200, Parity::even);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].also_at.size(), 3U);
}

TEST_F(ScanBench, AnotherModelWithTheSameUnitIdAtAnotherSettingIsADeviceOfItsOwn) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    world.other_at_9600 = box(0x0200, 9600, Parity::none);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 2U);
    EXPECT_THAT(findings.found[0].models, ElementsAre("box-a"));
    EXPECT_THAT(findings.found[1].models, ElementsAre("box-b"));
}

TEST_F(ScanBench, OnALineInServiceItKeepsTheSettingAndAsksNoConfiguredUnit) {
    world.settings_matter = false;
    for (const int unit : {1, 2, 3}) world.devices[unit] = box(0x0108, 9600, Parity::even);
    const auto findings = run({{true, {1, 2}, {}}, false, false, false});
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].unit, 3);
    for (const auto& [setting, span] : world.asked) {
        EXPECT_EQ(setting.bus, bus);
        EXPECT_GT(span.unit, 2);
    }
}

TEST_F(ScanBench, StopsWithinOneStepAndKeepsWhatWasFound) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    auto scan = make();
    while (scan.findings().found.empty() || scan.findings().found[0].models.empty()) {
        world.now = std::max(world.now, scan.step(world.now).at);
    }
    const auto asked = world.asked.size();
    scan.stop();
    EXPECT_TRUE(scan.step(world.now).done);
    EXPECT_EQ(world.asked.size(), asked);
    EXPECT_EQ(scan.findings().end, ScanEnd::stopped);
    EXPECT_EQ(scan.findings().found.size(), 1U);
}

TEST_F(ScanBench, MakesAtMostOneExchangeAStep) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    auto scan = make();
    for (int i = 0; i < 500; ++i) {
        const auto before = world.asked.size();
        world.now = std::max(world.now, scan.step(world.now).at);
        ASSERT_LE(world.asked.size(), before + 1);
    }
}

TEST_F(ScanBench, ABoxIsLeftInPeaceFor100MsAfterItsAnswer) {
    world.devices[1] = box(0x0999, 19200, Parity::even);
    auto scan = make();
    std::optional<SteadyTime> last;
    int looks = 0;
    while (scan.findings().phase != ScanPhase::units) {
        const auto asked = world.asked.size();
        const auto before = world.now;
        world.now = std::max(world.now, scan.step(world.now).at);
        const bool box_asked = world.asked.size() > asked && world.asked.back().second.unit == 1 &&
                               world.asked.back().first.bus.baud == 19200;
        if (!box_asked) continue;
        if (last) {
            EXPECT_GE(before - *last, 100ms);
        }
        last = before + 10ms;
        ++looks;
    }
    EXPECT_GE(looks, 2);
}

TEST_F(ScanBench, ALineThatCannotBeOpenedEndsItWithTheCause) {
    world.missing = true;
    const auto findings = run();
    EXPECT_EQ(findings.end, ScanEnd::unreachable);
    EXPECT_THAT(advice(findings), ElementsAre("/dev/none does not exist."));
    EXPECT_LT(world.now - SteadyTime{}, 5s);
}

TEST_F(ScanBench, ANetworkBoxThatAnswersAtEveryUnitIdIsOneBox) {
    bus.kind = config::BusKind::tcp;
    bus.host = "192.0.2.7";
    world.settings_matter = false;
    for (int unit = 1; unit <= 255; ++unit) world.devices[unit] = box(0x0108, 9600, Parity::none);
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_TRUE(findings.found[0].any_unit);
    EXPECT_EQ(findings.found[0].unit, 1);
    EXPECT_LT(world.asked.size(), 20U);
}

TEST_F(ScanBench, ANetworkPeerIsAskedAtTheUnitIdsOfItsKindFirst) {
    bus.kind = config::BusKind::tcp;
    bus.host = "192.0.2.7";
    world.devices[180] = box(0x0200, 9600, Parity::none);
    world.settings_matter = false;
    const auto findings = run();
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_FALSE(findings.found[0].any_unit);
    EXPECT_THAT(findings.found[0].models, ElementsAre("box-b"));
    EXPECT_THAT(advice(findings), ElementsAre(HasSubstr("--thorough asks all")));
    std::vector<int> first;
    for (const auto& [setting, span] : world.asked) {
        if (first.size() < 6 && (first.empty() || first.back() != span.unit)) first.push_back(span.unit);
    }
    EXPECT_THAT(first, ElementsAre(1, 255, 247, 100, 50, 180));
}

TEST_F(ScanBench, ANetworkPeerInServiceIsAskedAtTheOtherUsualUnitIds) {
    bus.kind = config::BusKind::tcp;
    bus.host = "192.0.2.7";
    world.settings_matter = false;
    for (const int unit : {1, 100}) world.devices[unit] = box(0x0108, 9600, Parity::even);
    const auto findings = run({{true, {1}, {}}, false, false, false});
    ASSERT_EQ(findings.found.size(), 1U);
    EXPECT_EQ(findings.found[0].unit, 100);
}

TEST_F(ScanBench, ThoroughlyTriesEverySettingThoughOneWasFound) {
    world.devices[1] = box(0x0108, 19200, Parity::even);
    world.devices[200] = box(0x0200, 2400, Parity::odd);
    EXPECT_EQ(run().found.size(), 1U);
    EXPECT_EQ(run({{}, false, true, false}).found.size(), 2U);
}

}  // namespace
}  // namespace busbar::adapters::test
