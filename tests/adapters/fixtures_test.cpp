// SPDX-License-Identifier: Apache-2.0
// Every profile that ships against its recorded conversations.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "fixtures/fixture.hpp"

namespace busbar::adapters::fixtures {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view fixture_ending = ".fixture.json";

/// Paths below config/ without ".json" or ".fixture.json".
std::set<std::string> models(bool of_fixtures) {
    std::set<std::string> found;
    for (const char* folder : {"chargers", "meters"}) {
        for (const auto& entry : fs::directory_iterator(fs::path(BUSBAR_SOURCE_DIR) / "config" / folder)) {
            const auto path = entry.path().string();
            if (!path.ends_with(".json") || path.ends_with(fixture_ending) != of_fixtures) continue;
            const auto ending = of_fixtures ? fixture_ending.size() : std::string_view(".json").size();
            found.insert(path.substr(0, path.size() - ending));
        }
    }
    return found;
}

bool names_a_driver(const std::string& model) {
    std::ifstream file(model + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find("\"protocol\"") != std::string::npos &&
           text.find("\"protocol\": \"abl\"") == std::string::npos;
}

/// Those of register maps; the conversations of drivers in C++ are conversation.hpp's. Told by the text: this
/// runs at the start of each test of the program, and reading fifty profiles takes a second there.
std::set<std::string> maps_with_fixture() {
    auto found = models(true);
    std::erase_if(found, names_a_driver);
    return found;
}

class Fixtures : public testing::TestWithParam<std::string> {};

TEST_P(Fixtures, Replay) {
    const auto loaded = load_fixture(GetParam() + std::string(fixture_ending));
    for (const auto& each : loaded.fixture.cases) {
        for (const auto& difference : differences(each, play(loaded.profile, loaded.fixture, each))) {
            ADD_FAILURE() << each.name << ": " << difference;
        }
    }
}

TEST_P(Fixtures, ShowWhatAModelMustShow) {
    const auto loaded = load_fixture(GetParam() + std::string(fixture_ending));
    for (const auto& gap : gaps(loaded.profile, loaded.fixture)) ADD_FAILURE() << gap;
}

INSTANTIATE_TEST_SUITE_P(Shipped, Fixtures, testing::ValuesIn(maps_with_fixture()), [](const auto& tested) {
    auto name = fs::path(tested.param).filename().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
});
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Fixtures);

TEST(FixturesOf, EveryRegisterMapThatShips) {
    const auto with_fixture = maps_with_fixture();
    for (const auto& model : models(false)) {
        const auto protocol = load_profile_of(model + ".json").protocol;
        const bool is_map = protocol == config::Protocol::modbus || protocol == config::Protocol::abl;
        EXPECT_EQ(with_fixture.contains(model), is_map) << model;
    }
}

TEST(FixturesOf, OnlyModelsThatShip) {
    const auto shipped = models(false);
    for (const auto& model : models(true)) EXPECT_TRUE(shipped.contains(model)) << model;
}

}  // namespace
}  // namespace busbar::adapters::fixtures
