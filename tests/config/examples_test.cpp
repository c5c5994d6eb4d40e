// SPDX-License-Identifier: Apache-2.0
// The example files: good ones read without a problem, bad ones with exactly the problems their first lines
// say. schema.test.mjs holds the JSON Schemas to the same files.
#include <gtest/gtest.h>

#include "config/hardware.hpp"
#include "config/profile.hpp"
#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;

std::vector<Problem> read(const std::string& kind, const std::string& text) {
    if (kind == "hardware") return parse_hardware(text).problems;
    return kind == "gateway" ? parse_config(text).problems : parse_profile(text).problems;
}

/// The comment lines at the top.
std::vector<std::string> promised(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line) && line.starts_with("// ");) out.push_back(line.substr(3));
    return out;
}

class Examples : public testing::TestWithParam<const char*> {
  protected:
    [[nodiscard]] std::vector<std::filesystem::path> files(const std::string& folder) const {
        auto found = json_files(kSource / "tests/config/data" / GetParam() / folder);
        EXPECT_GE(found.size(), 4U);
        return found;
    }
};

TEST_P(Examples, GoodOnesReadWithoutAProblem) {
    for (const auto& file : files("good"))
        EXPECT_THAT(lines(read(GetParam(), slurp(file))), IsEmpty()) << file;
}

TEST_P(Examples, BadOnesGiveExactlyTheProblemsTheirFirstLinesSay) {
    for (const auto* folder : {"bad", "bad_beyond_schema"}) {
        if (folder == std::string("bad_beyond_schema") && GetParam() == std::string("hardware")) continue;
        for (const auto& file : files(folder)) {
            const std::string text = slurp(file);
            ASSERT_FALSE(promised(text).empty()) << file;
            EXPECT_THAT(lines(read(GetParam(), text)), ElementsAreArray(promised(text))) << file;
        }
    }
}

/// The complete files on the page stand between ```jsonc and ```; fragments are ```json.
TEST(Readme, ItsCompleteFilesReadWithoutAProblem) {
    const std::string page = slurp(kSource / "config/README.md");
    const std::string fence = "```jsonc\n";
    int files = 0;
    for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1), ++files) {
        const auto begin = at + fence.size();
        const std::string text = page.substr(begin, page.find("```", begin) - begin);
        const bool is_gateway = text.find("central_system") != std::string::npos;
        for (const auto& line : lines(read(is_gateway ? "gateway" : "profile", text))) {
            // The password's file is not there, and must not be.
            EXPECT_THAT(line, testing::HasSubstr("password_file")) << text;
        }
    }
    EXPECT_GE(files, 3);
}

INSTANTIATE_TEST_SUITE_P(Of, Examples, testing::Values("gateway", "hardware", "profile"),
                         [](const auto& suite) { return std::string(suite.param); });

}  // namespace
}  // namespace busbar::config
