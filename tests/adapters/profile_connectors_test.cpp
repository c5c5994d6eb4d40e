// SPDX-License-Identifier: Apache-2.0
// Several sockets behind one driver: what moves, what is shared, and what one of them cannot do to the
// others.
#include <gmock/gmock.h>

#include <algorithm>

#include "adapters/connector_profile.hpp"
#include "charger_bench.hpp"

namespace busbar::adapters {
namespace {

using config::Table;
using test::ChargerBench;

/// Sockets 1000 addresses apart; the hardware's maximum, standby and unlock are the box's.
config::Profile station() {
    auto profile = test::box();
    profile.connectors.most = 2;
    profile.connectors.stride = 1000;
    for (const char* shared : {"layout", "hw_max", "standby"}) profile.registers.at(shared).stride = 0;
    return profile;
}

Placement two() {
    Placement placement;
    placement.connectors = 2;
    return placement;
}

void power_up_station(test::FakeRegisters& fake) {
    test::power_up(fake);
    fake.set(1, Table::input, 1005, {7, 160, 160, 160});
    fake.set(1, Table::input, 1017, {0x0003, 0x0004});
    fake.set(1, Table::holding, 1257, {15000, 0, 1});
    fake.set(1, Table::holding, 1261, {160, 160});
}

TEST(ConnectorProfile, MovesRegistersByTheirStrideOrTheProfiles) {
    auto profile = station();
    profile.registers.at("i1").stride = 20;
    const auto second = connector_profile(profile, 2);
    EXPECT_EQ(second.registers.at("state").address, 1005);
    EXPECT_EQ(second.registers.at("i1").address, 26);
    EXPECT_EQ(second.registers.at("hw_max").address, 100);
    EXPECT_EQ(connector_profile(profile, 1), profile);
}

TEST(ConnectorProfile, MovesRegistersWithoutAUnitToTheConnectorsUnitWithTheirBlocks) {
    auto profile = station();
    profile.connectors.stride = 0;
    profile.connectors.units[2] = "socket2";
    profile.registers.at("energy").unit_name = "meter";
    profile.read_limits.blocks = {{"", Table::input, 4, 10}};
    const auto second = connector_profile(profile, 2);
    EXPECT_EQ(second.registers.at("state").unit_name, "socket2");
    EXPECT_EQ(second.registers.at("energy").unit_name, "meter");
    EXPECT_EQ(second.read_limits.blocks.front().unit_name, "socket2");
    EXPECT_EQ(second.registers.at("hw_max").unit_name, "");
}

TEST(ConnectorProfile, LeavesWhatHappensOnceToTheFirst) {
    auto profile = station();
    profile.watchdog.period = 5s;
    profile.sequences["init"] = {};
    const auto second = connector_profile(profile, 2);
    ASSERT_EQ(second.required.size(), 1U);
    EXPECT_EQ(second.required.front().reg, "failsafe");
    EXPECT_EQ(second.sequences.size(), 1U);
    EXPECT_TRUE(second.sequences.contains("wake_up"));
    EXPECT_EQ(second.watchdog, config::Watchdog{});
}

TEST(ProfileConnectors, ReadsEachSocketAndWritesEachItsLimit) {
    ChargerBench bench(station(), two());
    power_up_station(bench.fake);
    ASSERT_TRUE(bench.execute(SetLimit{1, Amperes(0)}));
    ASSERT_TRUE(bench.execute(SetLimit{2, Amperes(10)}));
    bench.poll_for(3s);
    const auto readings = bench.charger.snapshot();
    ASSERT_EQ(readings.size(), 2U);
    EXPECT_EQ(readings[0].state, CpState::A);
    EXPECT_EQ(readings[1].state, CpState::C2);
    EXPECT_EQ(readings[1].energy_import->value, WattHours(0x30004));
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 0);
    EXPECT_EQ(bench.fake.word(1, Table::holding, 1261), 100);
    EXPECT_EQ(bench.charger.capabilities().connectors, 2);
}

TEST(ProfileConnectors, ReadsWhatTheyShareOnceAndWritesItOnce) {
    ChargerBench bench(station(), two());
    power_up_station(bench.fake);
    bench.poll_for(3s);
    EXPECT_EQ(bench.fake.reads_of(100), 1);
    EXPECT_EQ(bench.fake.written_to(258).size(), 1U);
    EXPECT_EQ(bench.fake.written_to(1258).size(), 0U);
}

TEST(ProfileConnectors, WakesOneSocketAndNotTheOther) {
    ChargerBench bench(station(), two());
    power_up_station(bench.fake);
    bench.poll_for(3s);
    ASSERT_TRUE(bench.execute(WakeUp{2}));
    EXPECT_EQ(bench.fake.written_to(1259), (std::vector<Words>{{0}, {1}}));
    EXPECT_TRUE(bench.fake.written_to(259).empty());
}

TEST(ProfileConnectors, RefusesACommandForASocketThatIsNotThere) {
    ChargerBench bench(station(), two());
    power_up_station(bench.fake);
    EXPECT_EQ(bench.execute(SetLimit{3, Amperes(6)}).error().code, Errc::invalid);
}

TEST(ProfileConnectors, KeepsTheOthersWhenASocketsUnitIsDeadAndTakesItBack) {
    auto profile = station();
    profile.connectors.stride = 0;
    profile.connectors.units[2] = "socket2";
    auto placement = two();
    placement.units["socket2"] = 2;
    ChargerBench bench(profile, placement);
    test::power_up(bench.fake);
    bench.fake.silent_at_units = {2};
    test::power_up(bench.fake, 2);
    ASSERT_TRUE(bench.execute(SetLimit{1, Amperes(8)}));
    bench.poll_for(60s);
    EXPECT_EQ(bench.reading_of(1).state, CpState::A);
    EXPECT_GE(bench.reading_of(1).taken_at, bench.now - 10s);
    EXPECT_EQ(bench.fake.word(1, Table::holding, 261), 80);
    EXPECT_EQ(bench.reading_of(1).silence, "");
    EXPECT_THAT(bench.reading_of(2).silence, testing::HasSubstr("no answer"));
    bench.fake.silent_at_units.clear();
    bench.poll_for(30s);
    EXPECT_EQ(bench.reading_of(2).state, CpState::A);
    EXPECT_EQ(bench.reading_of(2).silence, "");
}

TEST(ProfileConnectors, LosesNoSocketToRegistersThatCloseTheConnection) {
    ChargerBench bench(station(), two());
    power_up_station(bench.fake);
    bench.fake.hangs_up_at = {1006, 1007, 1008, 1017};
    bench.poll_for(60s);
    ASSERT_EQ(bench.charger.snapshot().size(), 2U);
    EXPECT_EQ(bench.reading_of(2).state, CpState::C2);
    const int asked = bench.fake.reads_of(1006) + bench.fake.reads_of(1017);
    bench.poll_for(60s);
    EXPECT_EQ(bench.fake.reads_of(1006) + bench.fake.reads_of(1017), asked);
}

}  // namespace
}  // namespace busbar::adapters
