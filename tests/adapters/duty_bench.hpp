// SPDX-License-Identifier: Apache-2.0
// Something a driver has to write, on known values: what it writes is kept in a journal and in a fake box.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/duty.hpp"
#include "adapters/register_values.hpp"
#include "gateway/base/log.hpp"
#include "profiles.hpp"

namespace busbar::adapters::test {

class DutyBench {
  public:
    struct Write {
        SteadyTime at;
        std::string reg;
        Words words;
        friend bool operator==(const Write&, const Write&) = default;
    };

    explicit DutyBench(config::Profile made, int phases = 3)
        : profile(std::move(made)), values(profile, 1, {}, phases) {}

    /// The charger says so now.
    void read(const std::string& name, const Words& words) {
        values.store(values.span_of(profile.registers.at(name)), words, now);
    }
    /// Everything that is to be written at this moment.
    void work(Duty& duty) {
        for (int i = 0; i < 20; ++i) {
            const auto job = duty.next(now);
            if (!job) return;
            writes.push_back({now, job->reg->name, job->words});
            if (refuses == job->reg->name) {
                duty.refused({Errc::refused, "exception 3"}, now);
                continue;
            }
            values.store(values.span_of(*job->reg), job->words, now);
            duty.written(now);
        }
        ADD_FAILURE() << "it does not come to an end";
    }
    /// Ten looks a second; before each the box says what it holds.
    void work_for(Duty& duty, SteadyEpoch::duration time) {
        for (const auto end = now + time; now < end; now += 100ms) {
            if (box) box();
            work(duty);
        }
    }
    [[nodiscard]] std::vector<Words> written_to(const std::string& name) const {
        std::vector<Words> found;
        for (const auto& write : writes) {
            if (write.reg == name) found.push_back(write.words);
        }
        return found;
    }
    [[nodiscard]] std::vector<std::string> order() const {
        std::vector<std::string> names;
        for (const auto& write : writes) names.push_back(write.reg);
        return names;
    }
    /// The most writes in any 30 s.
    [[nodiscard]] std::size_t busiest_half_minute() const {
        std::size_t most = 0;
        for (std::size_t first = 0; first < writes.size(); ++first) {
            std::size_t last = first;
            while (last < writes.size() && writes[last].at - writes[first].at <= 30s) ++last;
            most = std::max(most, last - first);
        }
        return most;
    }

    SteadyTime now{1000s};
    config::Profile profile;
    RegisterValues values;
    std::string refuses;  ///< a register
    std::function<void()> box;
    std::vector<Write> writes;
};

inline Log silent_log() {
    return Log([](const LogRecord&) {});
}

}  // namespace busbar::adapters::test
