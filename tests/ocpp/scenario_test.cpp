// SPDX-License-Identifier: Apache-2.0
// One test a golden conversation: every file of tests/scenarios/.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/ocpp/scenario_runner.hpp"

namespace busbar::ocpp::test {
namespace {

using std::filesystem::path;

std::vector<path> scenario_files() {
    std::vector<path> files;
    for (const auto& entry : std::filesystem::directory_iterator(BUSBAR_SOURCE_DIR "/tests/scenarios")) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

class Scenario : public testing::TestWithParam<path> {};

TEST_P(Scenario, GoesAsWritten) {
    EXPECT_EQ(run_scenario(GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Golden, Scenario, testing::ValuesIn(scenario_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace busbar::ocpp::test
