// SPDX-License-Identifier: Apache-2.0
// Whole lives of each shipped model on a box that follows its vendor's register table to the letter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <ostream>

#include "life.hpp"
#include "rows.hpp"

namespace busbar::adapters::models {

void PrintTo(const Model& model, std::ostream* out) {
    *out << model.id;
}

namespace {

using ::testing::HasSubstr;

constexpr double slack = 0.01;  ///< A

class Models : public testing::TestWithParam<Model> {
  protected:
    Life life{GetParam()};
    const Model& model = GetParam();

    [[nodiscard]] double offer(double wanted) const { return wanted < 6 ? 0 : std::min(wanted, model.max_a); }
    /// Found with a car in it, as the gateway starts.
    void begin() {
        life.box.plug(true);
        ASSERT_TRUE(life.limit(0));
        life.run(8s);
    }
    void charge(double amperes) {
        begin();
        ASSERT_TRUE(life.limit(amperes));
        life.run(20s);
        ASSERT_NEAR(life.box.look().offered, offer(amperes), slack);
    }
    void change(double from, double to) {
        SCOPED_TRACE(testing::Message() << from << " A to " << to << " A");
        life.box.most_offered = 0;
        EXPECT_TRUE(life.limit(to));
        if (to < from) {
            EXPECT_NEAR(life.box.look().offered, offer(to), slack) << "a lower limit waits";
        }
        life.run(12s);
        EXPECT_NEAR(life.box.look().offered, offer(to), slack);
        EXPECT_LE(life.box.most_offered, std::max(offer(from), offer(to)) + slack);
    }
};

class ModelsThatTellTheirSetpoint : public Models {};
class ModelsThatALostLifeSignStops : public Models {};  ///< until somebody heals it; else the next one does

bool is_plugged(CpState state) {
    return state == CpState::B1 || state == CpState::B2 || state == CpState::C1 || state == CpState::C2;
}

TEST_P(Models, IsPausedFromTheFirstReadingOn) {
    life.box.plug(true);
    ASSERT_TRUE(life.limit(0));
    EXPECT_EQ(life.box.look().offered, 0);
    EXPECT_LE(life.most_offered_in(60s), slack);
    EXPECT_TRUE(is_plugged(life.reading().state)) << static_cast<int>(life.reading().state);
    EXPECT_NE(life.reading().state, CpState::C2);
    EXPECT_FALSE(life.reading().fault);
    EXPECT_FALSE(life.reading().locked_out);
    life.box.plug(false);
    life.run(3s);
    EXPECT_EQ(life.reading().state, CpState::A);
    EXPECT_EQ(life.complaints(), "");
    EXPECT_THAT(life.warnings, testing::IsEmpty());
}

TEST_P(Models, SaysWhoItIs) {
    begin();
    EXPECT_THAT(life.charger->identity().serial, HasSubstr(model.serial));
    EXPECT_NEAR(life.charger->capabilities().max_current.value(), model.max_a, slack);
}

TEST_P(Models, ChargesWithEachLimitInTurn) {
    charge(16);
    EXPECT_EQ(life.reading().state, CpState::C2);
    change(16, 6);
    change(6, 5);
    EXPECT_NE(life.reading().state, CpState::C2);
    EXPECT_TRUE(is_plugged(life.reading().state));
    change(5, 0);
    change(0, 40);
    change(40, 9);
    EXPECT_EQ(life.reading().state, CpState::C2);
    EXPECT_EQ(life.complaints(), "");
}

TEST_P(Models, MeasuresWhatItMeters) {
    charge(10);
    life.run(60s);
    const auto now = life.reading();
    const auto& look = life.box.look();
    ASSERT_EQ(now.energy_import.has_value(), model.counts_lifetime);
    if (model.counts_lifetime) {
        EXPECT_NEAR(now.energy_import->value.value(), look.total_wh, 110);
    }
    ASSERT_EQ(now.energy_session.has_value(), model.counts_session);
    if (model.counts_session) {
        EXPECT_NEAR(now.energy_session->value.value(), look.session_wh, 110);
    }
    ASSERT_EQ(now.power.has_value(), model.measures_power);
    if (model.measures_power) {
        EXPECT_NEAR(now.power->value.value(), look.watts(), 110);
    }
    for (const auto& current : now.current) {
        if (current) {
            EXPECT_NEAR(current->value.value(), look.amperes, 0.1);
        }
    }
    for (const auto& voltage : now.voltage) {
        if (voltage) {
            EXPECT_NEAR(voltage->value.value(), 230, 0.5);
        }
    }
}

TEST_P(Models, IsWrittenSparinglyWhileNothingChanges) {
    charge(16);
    for (int window = 0; window < 2; ++window) {
        const auto from = life.now;
        life.run(30s);
        EXPECT_LE(life.box.writes_since(from), model.most_writes);
    }
    EXPECT_EQ(life.complaints(), "");
}

TEST_P(Models, TellsItsFaultAndGoesOnAfterIt) {
    charge(16);
    life.box.fail(true);
    life.run(10s);
    const auto faulty = life.reading();
    ASSERT_TRUE(faulty.fault);
    EXPECT_EQ(faulty.fault->code, model.fault_code);
    EXPECT_THAT(faulty.fault->vendor_code, HasSubstr(model.vendor_code));
    life.box.fail(false);
    life.run(20s);
    EXPECT_FALSE(life.reading().fault);
    EXPECT_EQ(life.reading().state, CpState::C2);
    EXPECT_EQ(life.complaints(), "");
}

TEST_P(Models, HasItsLimitAgainAfterAPowerCut) {
    for (const auto off : {60s, 8s}) {
        SCOPED_TRACE(testing::Message() << off.count() << " s");
        charge(10);
        life.box.power(false);
        life.run(off);
        life.box.power(true);
        life.run(20s);
        EXPECT_NEAR(life.box.look().offered, 10, slack);
        EXPECT_EQ(life.reading().state, CpState::C2);
    }
}

TEST_P(ModelsThatTellTheirSetpoint, HasItsLimitAgainAfterARestartThatNobodyNoticed) {
    charge(10);
    life.box.power(true);
    life.run(20s);
    EXPECT_NEAR(life.box.look().offered, 10, slack);
    EXPECT_TRUE(life.limit(0));
    life.run(5s);
    life.box.power(true);
    life.run(12s);
    EXPECT_EQ(life.box.look().offered, 0);
}

TEST_P(Models, ObeysAgainAfterItsWatchdogRanOut) {
    charge(10);
    life.box.cable(false);
    life.run(std::max<SteadyEpoch::duration>(2 * model.watchdog, 30s));
    if (model.watchdog > 0ms && model.id != "foxess-evc" && model.id != "alfen-eve") {
        EXPECT_EQ(life.box.look().offered, 0);
    }
    life.box.cable(true);
    life.run(20s);
    EXPECT_NEAR(life.box.look().offered, 10, slack);
    EXPECT_FALSE(life.reading().fault);
    EXPECT_EQ(life.reading().state, CpState::C2);
    if (model.watchdog > 0ms) {
        EXPECT_LE(life.most_offered_in(2 * model.watchdog), 10 + slack);
    }
    EXPECT_FALSE(life.box.expired());
}

TEST_P(Models, IsNotUpsetByABusyBox) {
    charge(10);
    for (int times = 0; times < 20; ++times) {
        life.box.busy(1);
        life.run(700ms);
    }
    life.run(10s);
    EXPECT_EQ(life.reading().state, CpState::C2);
    EXPECT_EQ(life.complaints(), "");
    for (int burst = 0; burst < 3; ++burst) {
        life.box.busy(7);
        life.run(15s);
    }
    EXPECT_EQ(life.reading().state, CpState::C2);
    EXPECT_EQ(life.complaints(), "");
}

TEST_P(Models, WaitsForASetpointThatShowsLate) {
    life.box.lag(3s);
    charge(16);
    const auto from = life.now;
    change(16, 8);
    EXPECT_LE(life.box.writes_since(from), model.most_writes);
    life.run(60s);
    EXPECT_NEAR(life.box.look().offered, 8, slack);
    EXPECT_THAT(life.warnings, testing::Each(testing::Not(HasSubstr("limit_not_kept"))));
}

TEST_P(ModelsThatALostLifeSignStops, RecoversFromALifeSignThatGotLost) {
    charge(10);
    life.box.starve();
    life.run(3s);
    EXPECT_LE(life.most_offered_in(20s), 10 + slack);
    EXPECT_NEAR(life.box.look().offered, 10, slack);
    EXPECT_FALSE(life.reading().fault);
    EXPECT_EQ(life.reading().state, CpState::C2);
}

std::vector<Model> all_rows() {
    auto rows = serial_rows();
    for (auto& row : network_rows()) rows.push_back(std::move(row));
    return rows;
}

std::vector<Model> rows_that(bool (*fits)(const Model&)) {
    auto rows = all_rows();
    std::erase_if(rows, [=](const Model& row) { return !fits(row); });
    return rows;
}

std::string name_of(const testing::TestParamInfo<Model>& info) {
    std::string name = info.param.id + "_" + std::to_string(info.index);
    for (auto& letter : name) letter = std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Table, Models, testing::ValuesIn(all_rows()), name_of);
INSTANTIATE_TEST_SUITE_P(Table, ModelsThatTellTheirSetpoint,
                         testing::ValuesIn(rows_that([](const Model& row) { return row.setpoint_readable; })),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Table, ModelsThatALostLifeSignStops,
                         testing::ValuesIn(rows_that([](const Model& row) { return row.healed_by >= 0; })),
                         name_of);

}  // namespace
}  // namespace busbar::adapters::models
