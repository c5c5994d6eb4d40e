// SPDX-License-Identifier: Apache-2.0
// A LimitWriter on known values.
#pragma once

#include <optional>
#include <utility>

#include "adapters/limit_writer.hpp"
#include "duty_bench.hpp"

namespace busbar::adapters::test {

class LimitBench : public testing::Test {
  protected:
    void use(config::Profile profile, Installation installation = {}) {
        bench.emplace(std::move(profile), installation.phases);
        writer.emplace(bench->profile, bench->values, installation, silent_log());
    }
    void want(double amperes) {
        writer->want(Amperes(amperes), {});
        bench->work(*writer);
    }

    std::optional<DutyBench> bench;
    std::optional<LimitWriter> writer;
};

}  // namespace busbar::adapters::test
