// SPDX-License-Identifier: Apache-2.0
// A ProfileCharger on fake registers with a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/profile_charger.hpp"
#include "fake_registers.hpp"
#include "profiles.hpp"

namespace busbar::adapters::test {

class ChargerBench {
  public:
    explicit ChargerBench(config::Profile profile, Placement placement = {})
        : fake(now, [this](const TraceEvent& event) { causes.push_back(event.cause.message_id); }),
          charger(std::move(profile), std::move(placement), fake,
                  Log([this](const LogRecord& record) { events.emplace_back(record.event); })) {}

    /// Polls like a bus with nothing else to do, up to `until`. Counts complete cycles and errors.
    void poll_until(SteadyTime until) {
        while (now < until) {
            const auto step = charger.poll(now);
            if (!step) {
                ++errors;
                last_error = step.error();
                now += 1s;
                continue;
            }
            if (step->done) {
                ++cycles;
                if (cycles == 1) limit_at_first_cycle = fake.memory[{1, config::Table::holding, 261}];
            }
            now = std::max(now, std::min(step->at, until));
        }
    }
    void poll_for(SteadyEpoch::duration time) { poll_until(now + time); }

    /// Runs one command to its end.
    Result<void> execute(const Command& command, const std::string& cause = {}) {
        for (;;) {
            const auto step = charger.execute(command, {cause}, now);
            if (!step) return step.error();
            if (step->done) return {};
            now = std::max(now, step->at);
        }
    }
    Result<void> limit(double amperes, const std::string& cause = {}) {
        return execute(SetLimit{1, Amperes(amperes)}, cause);
    }
    [[nodiscard]] Reading reading() const {
        const auto readings = charger.snapshot();
        EXPECT_EQ(readings.size(), 1U);
        return readings.empty() ? Reading{} : readings.front();
    }
    [[nodiscard]] Reading reading_of(ConnectorId connector) const {
        const auto readings = charger.snapshot();
        const auto index = static_cast<std::size_t>(connector - 1);
        EXPECT_LT(index, readings.size());
        return index < readings.size() ? readings[index] : Reading{};
    }
    [[nodiscard]] int told(const std::string& event) const {
        return static_cast<int>(std::count(events.begin(), events.end(), event));
    }

    SteadyTime now{1000s};
    std::vector<std::string> causes;
    std::vector<std::string> events;
    FakeRegisters fake;
    ProfileCharger charger;
    int cycles = 0;
    int errors = 0;
    Error last_error{Errc::io, ""};
    int limit_at_first_cycle = -1;
};

}  // namespace busbar::adapters::test
