// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/manifest.hpp"

#include <gmock/gmock.h>

#include "gateway/update/hand_over.hpp"
#include "gateway/update/key_lines.hpp"
#include "gateway/update/status.hpp"
#include "gateway/update/version.hpp"
#include "tests/update/bundles.hpp"

namespace busbar::update {
namespace {

using testing::HasSubstr;

std::string code_of(const Judged<Manifest>& judged) {
    return judged ? "" : judged.error().code;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

const std::string good = test::manifest_text("the package");

TEST(Manifest, SaysWhatTheBundleHolds) {
    const auto manifest = read_manifest(good);
    ASSERT_TRUE(manifest);
    EXPECT_EQ(manifest->package, "busbar");
    EXPECT_EQ(manifest->version, "0.2.0");
    EXPECT_EQ(manifest->architecture, "amd64");
    EXPECT_EQ(manifest->size, 11U);
    EXPECT_EQ(manifest->sha256, test::sha256("the package"));
    EXPECT_EQ(manifest->released, "2026-11-23");
    EXPECT_EQ(manifest->notes, "Better in every way.");
}

TEST(Manifest, MayBeWithoutNotesButWithoutNothingElse) {
    EXPECT_TRUE(read_manifest(replaced(good, "notes=Better in every way.\n", "")));
    for (const char* key : {"format", "package", "version", "architecture", "size", "sha256", "released"}) {
        const auto at = good.find(std::string(key) + '=');
        auto text = good;
        text.erase(at, good.find('\n', at) + 1 - at);
        const auto judged = read_manifest(text);
        EXPECT_EQ(code_of(judged), "bad_manifest") << key;
        EXPECT_THAT(judged.error().detail, HasSubstr(key));
    }
}

TEST(Manifest, IsRefusedForWhatIsOutOfBounds) {
    const std::vector<std::pair<std::string, std::string>> changes{
        {"busbar-bundle-1", "busbar-bundle-2"},
        {"package=busbar", "package=../busbar"},
        {"package=busbar", "package=Busbar"},
        {"version=0.2.0", "version="},
        {"version=0.2.0", "version=v2"},
        {"version=0.2.0", "version=0.2.0 "},
        {"version=0.2.0", "version=1;reboot"},
        {"architecture=amd64", "architecture=a/b"},
        {"size=11", "size=0"},
        {"size=11", "size=011"},
        {"size=11", "size=-1"},
        {"size=11", "size=67108865"},
        {"size=11", "size=99999999999999999999"},
        {"released=2026-11-23", "released=tomorrow"},
        {"notes=Better", "notes=\x1b[31m"},
        {"notes=Better", "more=Better"},
        {"sha256=", "sha256=0"},
        {"notes=Better in every way.\n", "notes=Better in every way."},
        {"notes=Better in every way.\n", "version=0.3.0\n"},
        {"notes=Better in every way.\n", "\n"},
        {"notes=Better", "notes=" + std::string(500, 'x')},
        {"notes=Better", "notes=" + std::string(5000, 'x')}};
    for (const auto& [from, to] : changes)
        EXPECT_EQ(code_of(read_manifest(replaced(good, from, to))), "bad_manifest") << to;
}

TEST(Judge, TakesOnlyANewerReleaseOfThisPackageForThisMachine) {
    const auto manifest = *read_manifest(good);
    const auto code = [&](const Installed& installed) {
        const auto judged = judge(manifest, installed);
        return judged ? std::string() : judged.error().code;
    };
    EXPECT_EQ(code({"busbar", "0.1.0", "amd64"}), "");
    EXPECT_EQ(code({"busbar", "0.2.0~rc1", "amd64"}), "");
    EXPECT_EQ(code({"busbar", "0.2.0", "amd64"}), "not_newer");
    EXPECT_EQ(code({"busbar", "0.10.0", "amd64"}), "not_newer");
    EXPECT_EQ(code({"busbar", "0.1.0", "arm64"}), "wrong_architecture");
    EXPECT_EQ(code({"other", "0.1.0", "amd64"}), "wrong_package");
}

TEST(Versions, AreInDebiansOrder) {
    // Each is newer than the one before it.
    const std::vector<const char*> ordered{
        "0~~",     "0~",  "0",    "0.0.9", "0.1.0~rc1", "0.1.0", "0.1.0-1", "0.1.0-1.1", "0.1.0a", "0.1.0+b1",
        "0.1.0.1", "0.9", "0.10", "1-1",   "1-2",       "01.1",  "2",       "1:0",       "1:0.1",  "2:0"};
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        EXPECT_TRUE(is_version(ordered[i])) << ordered[i];
        for (std::size_t j = 0; j < ordered.size(); ++j) {
            const int order = compare_versions(ordered[i], ordered[j]);
            EXPECT_EQ(order < 0, i < j) << ordered[i] << ' ' << ordered[j];
            EXPECT_EQ(order > 0, i > j) << ordered[i] << ' ' << ordered[j];
        }
    }
    EXPECT_EQ(compare_versions("1.0", "1.00"), 0);
    EXPECT_EQ(compare_versions("0:1.0", "1.0"), 0);
    EXPECT_EQ(compare_versions("1.0-0", "1.0"), 0);
}

TEST(Versions, AreNoWords) {
    for (const auto* text : {"", "v1", "1 2", "1/2", "1_2", ":1", "a:1", "1:", "1:a", "1\n"})
        EXPECT_FALSE(is_version(text)) << text;
    EXPECT_FALSE(is_version(std::string(65, '1')));
}

TEST(KeyLines, ComeBackAsTheyWereWritten) {
    const KeyLines lines{{"a", "b=c"}, {"d", ""}, {"e", "ü"}};
    EXPECT_EQ(read_key_lines(to_text(lines)), lines);
    EXPECT_EQ(to_text(KeyLines{{"a", "b\nc=d"}}), "a=b c=d\n");
    for (const auto* text : {"a", "a=b", "=b\n", "A=b\n", "a=b\r\n", "a=b\na=c\n", "\n", "a b=c\n"})
        EXPECT_FALSE(read_key_lines(text)) << text;
}

TEST(HandOver, IsReadBack) {
    EXPECT_EQ(read_request(request_text("ab12")), "ab12");
    EXPECT_FALSE(read_request("id=ab12\n"));
    EXPECT_FALSE(read_request(request_text("../x")));
    EXPECT_FALSE(read_request(request_text(std::string(33, 'a'))));
    const HealthWord word{"ab12-watch-1", false, "the link of CP1"};
    EXPECT_EQ(read_health_word(to_text(word)), word);
    EXPECT_FALSE(read_health_word("watch=a\nwell=perhaps\n"));
}

TEST(Status, IsReadBack) {
    const Status status{"ab12",  "finished", "rolled_back", "not_well", "It \"waits\".\n", "0.1.0",
                        "0.2.0", ""};
    EXPECT_EQ(read_status(to_json(status)), status);
    EXPECT_FALSE(read_status("{}"));
    EXPECT_FALSE(read_status("[]"));
    EXPECT_FALSE(read_status("{\"id\": 1"));
}

}  // namespace
}  // namespace busbar::update
