// SPDX-License-Identifier: Apache-2.0
// The pages say what is so: the keys and the example of ocpp/README.md, the cases of
// tests/scenarios/README.md.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "ocpp/configuration.hpp"

namespace busbar::ocpp {
namespace {

using testing::HasSubstr;

std::string text_of(const std::string& path) {
    std::ifstream file(BUSBAR_SOURCE_DIR "/" + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const auto from = text.find(begin) + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

std::string values_of(const KeySpec& spec) {
    switch (spec.type) {
        case KeyType::integer:
            if (spec.access == KeyAccess::read) return "number";
            return fmt::format("{} to {}", spec.minimum, spec.maximum);
        case KeyType::boolean:
            return "true, false";
        case KeyType::password:
            return "password";
        case KeyType::text:
            return "text";
        case KeyType::measurands:
            return "measurands";
        case KeyType::phase_rotation:
            return "rotations";
    }
    return {};
}

TEST(OcppReadme, HasARowForEachKeyAsTheTableHasIt) {
    const std::string page = text_of("ocpp/README.md");
    for (const auto& spec : configuration_keys()) {
        const std::string initial = spec.initial.empty() ? "empty" : std::string(spec.initial);
        const char* access = spec.access == KeyAccess::read    ? "R"
                             : spec.access == KeyAccess::write ? "W"
                                                               : "RW";
        EXPECT_THAT(page, HasSubstr(fmt::format("| `{}` | {} | {} | {} |", spec.name, access, initial,
                                                values_of(spec))));
    }
}

TEST(OcppReadme, ShowsTheExampleThatIsTested) {
    const std::string shown = between(text_of("ocpp/README.md"), "```cpp\n", "```");
    const std::string tested =
        between(text_of("tests/ocpp/readme_example_test.cpp"), "// README begins\n", "// README ends");
    EXPECT_EQ(shown, tested);
}

/// "TC_004_1" of "TC_004_1_identification_first".
std::string case_of(const std::string& stem) {
    std::smatch found;
    return std::regex_search(stem, found, std::regex("^TC_[0-9]{3}(_[0-9])?")) ? found.str() : "";
}

TEST(ScenarioReadme, NamesEachScenarioAndNoOther) {
    const std::string page = text_of("tests/scenarios/README.md");
    std::set<std::string> stems;
    for (const auto& entry : std::filesystem::directory_iterator(BUSBAR_SOURCE_DIR "/tests/scenarios")) {
        if (entry.path().extension() == ".txt") stems.insert(entry.path().stem().string());
    }
    for (const auto& stem : stems) {
        EXPECT_THAT(page, HasSubstr("`" + stem + "`"));
        const std::string id = case_of(stem);
        if (id.empty()) continue;
        EXPECT_THAT(page, HasSubstr(fmt::format("| {} | `{}`", id, stem)));
    }
    const std::regex name("`((TC_[0-9]|house_)[a-z0-9_]+)`");
    for (auto at = std::sregex_iterator(page.begin(), page.end(), name); at != std::sregex_iterator(); ++at) {
        EXPECT_EQ(stems.count((*at)[1].str()), 1U) << (*at)[1].str();
    }
}

}  // namespace
}  // namespace busbar::ocpp
