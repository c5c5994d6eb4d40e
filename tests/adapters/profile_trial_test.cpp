// SPDX-License-Identifier: Apache-2.0
#include "adapters/profile_trial.hpp"

#include <gmock/gmock.h>

#include "tests/adapters/fake_registers.hpp"

namespace busbar::adapters::test {
namespace {

using config::PollClass;
using config::Table;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProfileTrialTest : public ::testing::Test {
  protected:
    ProfileTrialTest() {
        profile.id = "new-box";
        profile.phases = 3;
        add("layout", Table::input, 4, PollClass::once);
        add("state", Table::input, 5);
        add("current_l1", Table::input, 6).scale = 0.1;
        add("temperature", Table::input, 9).absent = {0x8000};
        auto& late = add("power", Table::input, 14);
        config::Condition newer;
        newer.reg = "layout";
        newer.at_least = 0x0104;
        late.when = {newer};
        auto& limit = add("limit", Table::holding, 261);
        limit.access = config::Access::read_write;
        auto& reset = add("reset", Table::holding, 300);
        reset.access = config::Access::write;
        config::StateRule charging;
        config::Condition seven;
        seven.reg = "state";
        seven.equals = {7};
        charging.when = {seven};
        charging.state = CpState::C2;
        profile.state = {charging};
        profile.measurements.current_a[0] = {"current_l1"};
        profile.measurements.firmware = {"layout"};
        profile.limit.emplace();
        profile.limit->registers = {"limit"};
        profile.required = {{"limit", 16, false, {}}};
        profile.watchdog = {"limit", {16}, 1000ms, ""};
        fake.set(1, Table::input, 4, {0x0108, 7, 158});
        fake.set(1, Table::input, 9, {0x8000});
        fake.set(1, Table::input, 14, {3650});
        fake.set(1, Table::holding, 261, {160});
    }

    config::Register& add(const std::string& name, Table table, int address,
                          PollClass poll = PollClass::fast) {
        auto& reg = profile.registers[name];
        reg.name = name;
        reg.table = table;
        reg.address = address;
        reg.poll = poll;
        return reg;
    }

    /// To its end; 1000 steps at most.
    TrialReport run() {
        ProfileTrial trial(profile, place, fake);
        for (int steps = 0; steps < 1000; ++steps) {
            const auto next = trial.step(now);
            if (next.done) {
                EXPECT_THAT(fake.writes(), IsEmpty());
                return trial.report(now);
            }
            now = std::max(now, next.at);
        }
        ADD_FAILURE() << "never done";
        return {};
    }

    static const TrialRow& row(const TrialReport& report, const std::string& name, int connector = 1) {
        for (const auto& each : report.rows) {
            if (each.name == name && each.connector == connector) return each;
        }
        throw std::out_of_range(name);
    }

    config::Profile profile;
    TrialPlace place;
    SteadyTime now{};
    FakeRegisters fake{now};
};

TEST_F(ProfileTrialTest, ReadsEveryRegisterOnceWithoutWritingAnything) {
    const auto report = run();
    EXPECT_TRUE(report.answers);
    EXPECT_THAT(row(report, "layout").words, ::testing::Optional(Words{0x0108}));
    EXPECT_DOUBLE_EQ(row(report, "current_l1").number.value(), 15.8);
    EXPECT_EQ(row(report, "limit").number, 160);
    EXPECT_EQ(report.connectors.at(0).reading.state, CpState::C2);
    EXPECT_DOUBLE_EQ(report.connectors.at(0).reading.current[0].value().value.value(), 15.8);
    EXPECT_EQ(report.identity.firmware, "264");
    for (const int address : {4, 6, 9, 14, 261}) EXPECT_EQ(fake.reads_of(address), 1) << address;
}

TEST_F(ProfileTrialTest, SaysWhyARegisterHasNoValue) {
    fake.set(1, Table::input, 4, {0x0100});
    fake.memory.erase({1, Table::holding, 261});
    fake.silent_at = {6};
    const auto report = run();
    EXPECT_EQ(row(report, "temperature").why, "says: not available");
    EXPECT_EQ(row(report, "power").why, "this charger does not have it (when)");
    EXPECT_EQ(row(report, "reset").why, "write only");
    EXPECT_EQ(row(report, "limit").why, "exception 2");
    EXPECT_EQ(row(report, "current_l1").why, "no answer");
    EXPECT_EQ(row(report, "state").why, "");
}

TEST_F(ProfileTrialTest, ASilentBoxIsGivenUpAfterTheFirstRegister) {
    fake.silent = true;
    profile.pacing.retries = 2;
    const auto report = run();
    EXPECT_FALSE(report.answers);
    EXPECT_EQ(report.exchanges.size(), 3U);
    EXPECT_EQ(row(report, "state").why, "no answer");
    EXPECT_EQ(row(report, "limit").why, "not asked");
}

TEST_F(ProfileTrialTest, ALineThatDoesNotOpenEndsItWithTheCause) {
    fake.unreachable = true;
    const auto report = run();
    EXPECT_FALSE(report.answers);
    EXPECT_EQ(row(report, "state").why, "no such device");
}

TEST_F(ProfileTrialTest, KeepsTheExchangesAsTheyWereOnTheWire) {
    fake.memory.erase({1, Table::holding, 261});
    profile.read_limits.merge = false;
    const auto report = run();
    std::vector<std::string> wire;
    for (const auto& each : report.exchanges) wire.push_back(each.request + " > " + each.response);
    EXPECT_THAT(wire, ::testing::Contains("01 04 00 06 00 01 > 01 04 02 00 9E"));
    EXPECT_THAT(wire, ::testing::Contains("01 03 01 05 00 01 > 01 83 02"));
}

TEST_F(ProfileTrialTest, CoilsAreRecordedAsBits) {
    profile.registers.clear();
    profile.state.clear();
    profile.required.clear();
    profile.limit.reset();
    profile.watchdog = {};
    profile.measurements = {};
    for (int bit = 0; bit < 10; ++bit) add("c" + std::to_string(bit), Table::coil, 20 + bit);
    fake.set(1, Table::coil, 20, {1, 0, 1, 1, 0, 0, 0, 0, 0, 1});
    const auto report = run();
    EXPECT_EQ(report.exchanges.back().request, "01 01 00 15 00 09");
    EXPECT_EQ(report.exchanges.back().response, "01 01 02 06 01");
}

TEST_F(ProfileTrialTest, KeepsTheProfilesGap) {
    profile.pacing.gap = 100ms;
    profile.read_limits.merge = false;
    run();
    for (std::size_t i = 1; i < fake.journal.size(); ++i) {
        EXPECT_GE(fake.journal[i].at - fake.journal[i - 1].at, 120ms);
    }
}

TEST_F(ProfileTrialTest, ShowsEveryConnectorThatItsRegistersAreMovedFor) {
    profile.connectors = {3, 1000, {}};
    profile.registers.at("layout").stride = 0;
    fake.set(1, Table::input, 1005, {7, 60});
    fake.set(1, Table::input, 1009, {0x8000});
    fake.set(1, Table::input, 1014, {1380});
    const auto report = run();
    ASSERT_EQ(report.connectors.size(), 3U);
    EXPECT_TRUE(report.connectors[1].answers);
    EXPECT_EQ(report.connectors[1].reading.state, CpState::C2);
    EXPECT_DOUBLE_EQ(report.connectors[1].reading.current[0].value().value.value(), 6);
    EXPECT_EQ(row(report, "power", 2).number, 1380);
    EXPECT_THROW(row(report, "layout", 2), std::out_of_range);  // it is connector 1's
    EXPECT_FALSE(report.connectors[2].answers);
    EXPECT_THROW(row(report, "state", 3), std::out_of_range);
}

TEST_F(ProfileTrialTest, ReadsASocketAtTheUnitIdThatIsGivenForIt) {
    profile.connectors = {2, 0, {{2, "socket2"}}};
    EXPECT_EQ(connectors_at(place, profile), 1);
    place.units = {{"socket2", 2}};
    fake.set(2, Table::input, 4, {0x0108, 7, 61});
    const auto report = run();
    ASSERT_EQ(report.connectors.size(), 2U);
    EXPECT_EQ(row(report, "current_l1", 2).span.unit, 2);
    EXPECT_DOUBLE_EQ(report.connectors[1].reading.current[0].value().value.value(), 6.1);
}

TEST_F(ProfileTrialTest, AUnitWhoseIdNobodySaidIsAskedFor) {
    profile.registers.at("power").unit_name = "station";
    const auto checked = check_units(place, profile);
    ASSERT_FALSE(checked);
    EXPECT_THAT(checked.error().detail, ::testing::HasSubstr("--units station=2"));
    profile.units["station"] = 200;
    EXPECT_TRUE(check_units(place, profile));
}

}  // namespace
}  // namespace busbar::adapters::test
