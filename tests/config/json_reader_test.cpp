// SPDX-License-Identifier: Apache-2.0
// The typed reader: where syntax breaks, what nobody asked for, and that no mistake hides another.
#include "config/json_reader.hpp"

#include <gtest/gtest.h>

#include "tests/config/problems.hpp"

namespace busbar::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> problems_of(std::string_view text, const std::function<void(Section&)>& read = {}) {
    std::vector<Problem> problems;
    read_json(
        text, problems, read ? read : [](Section&) {});
    return lines(problems);
}

TEST(JsonReader, NamesLineAndColumnOfASyntaxError) {
    EXPECT_THAT(
        problems_of("{\n  \"a\": 1,\n  \"b\" 2\n}"),
        ElementsAre(HasSubstr("not JSON at line 3, column 7: syntax error while parsing object separator")));
    EXPECT_THAT(problems_of(""), ElementsAre(HasSubstr("not JSON at line 1, column 1")));
    EXPECT_THAT(problems_of("{} {}"), ElementsAre(HasSubstr("not JSON at line 1, column 4")));
    EXPECT_THAT(problems_of("{\"a\": 1e999}"), ElementsAre(HasSubstr("number overflow")));
    EXPECT_THAT(problems_of("{\"a\": \"\xff\"}"), ElementsAre(HasSubstr("ill-formed UTF-8")));
}

TEST(JsonReader, QuotesNothingOfTheTextInASyntaxError) {
    EXPECT_THAT(problems_of("{\"password\": \"hunter2\n\"}"),
                ElementsAre(AllOf(HasSubstr("line 1, column 22"), Not(HasSubstr("hunter2")))));
}

TEST(JsonReader, AllowsCommentsAndABareObjectOnly) {
    EXPECT_THAT(problems_of("/* a */ {} // b"), IsEmpty());
    EXPECT_THAT(problems_of("[1]"), ElementsAre("must be an object {...}, not a list"));
}

TEST(JsonReader, ReportsAKeyThatStandsTwiceWithItsPath) {
    EXPECT_THAT(problems_of(R"({"list": [0, {"a/b~": 1, "x": 2, "a/b~": 3}]})",
                            [](Section& s) { (void)s.may("list"); }),
                ElementsAre("/list/1/a~1b~0: stands here twice: keep one 'a/b~'"));
}

TEST(JsonReader, RefusesNestingThatOnlyAnAttackerWouldWrite) {
    EXPECT_THAT(problems_of(std::string(100'000, '[')), ElementsAre("is nested more than 32 deep"));
}

TEST(JsonReader, ReportsEveryProblemAtOnce) {
    int port = 0;
    bool flag = false;
    std::string name;
    const auto found = problems_of(R"({"port": 70000, "flag": 1, "nmae": "x"})", [&](Section& s) {
        s.need("port").integer(port, {1, 65535});
        s.may("flag").flag(flag);
        s.need("name").text(name, {"a name", [](std::string_view) { return true; }});
    });
    EXPECT_THAT(found, ElementsAre("/port: must be 1 to 65535, not 70000",
                                   "/flag: must be true or false, not 1", "/name: is missing: must be a name",
                                   "/nmae: unknown key 'nmae'; did you mean 'name'?"));
}

TEST(JsonReader, HintsAtTheNearestKeyOnlyWhenItIsNear) {
    const auto unknown = [](const std::string& key) {
        return problems_of("{\"" + key + "\": 1}", [](Section& s) {
            (void)s.may("port");
            (void)s.may("stop_bits");
        });
    };
    EXPECT_THAT(unknown("prot"), ElementsAre(HasSubstr("did you mean 'port'?")));
    EXPECT_THAT(unknown("stopbits"), ElementsAre(HasSubstr("did you mean 'stop_bits'?")));
    EXPECT_THAT(unknown("colour"), ElementsAre("/colour: unknown key 'colour'; known here: port, stop_bits"));
}

/// Reads `written` as a whole number from 1 to 9 into `value`.
std::vector<std::string> read_whole(const std::string& written, int& value) {
    return problems_of("{\"n\": " + written + "}", [&](Section& s) { s.need("n").integer(value, {1, 9}); });
}

TEST(JsonReader, TakesWholeNumbersInEverySpelling) {
    for (const auto* good : {"5", "5.0", "5e0", "0.5e1"}) {
        int value = 0;
        EXPECT_THAT(read_whole(good, value), IsEmpty());
        EXPECT_EQ(value, 5) << good;
    }
}

TEST(JsonReader, LeavesTheDefaultAloneWhereTheValueIsWrong) {
    for (const auto* bad : {"5.5", "\"5\"", "true", "null", "[5]", "1e300", "-1", "18446744073709551615"}) {
        int value = 7;
        EXPECT_THAT(read_whole(bad, value), ElementsAre(HasSubstr("/n: must be 1 to 9"))) << bad;
        EXPECT_EQ(value, 7) << bad;
    }
}

TEST(Problems, AreOneLineEachWhateverTheFileHolds) {
    const auto found = problems_of("{\"a\\nb\": 1, \"c\": \"x\\ny\"}", [](Section& s) {
        std::string text;
        s.need("c").text(text, {"a name", [](std::string_view) { return false; }});
    });
    EXPECT_THAT(found,
                ElementsAre("/c: must be a name, not 'x?y'", "/a?b: unknown key 'a?b'; known here: c"));
}

TEST(JsonReader, TakesCodesInHexOverTheFull64Bits) {
    std::uint64_t code = 0;
    EXPECT_THAT(problems_of(R"({"c": "0xFFFFFFFFFFFFFFFF"})",
                            [&](Section& s) { s.need("c").code(code, UINT64_MAX); }),
                IsEmpty());
    EXPECT_EQ(code, UINT64_MAX);
    for (const auto* bad : {"\"0x\"", "\"0x1G\"", "\"10\"", "\"0x11111111111111111\"", "-1", "1.5", "256"}) {
        EXPECT_THAT(problems_of(std::string("{\"c\": ") + bad + "}",
                                [&](Section& s) { s.need("c").code(code, 255); }),
                    ElementsAre(HasSubstr("/c: must be 0 to 255, or in hex \"0x0\" to \"0xff\"")))
            << bad;
    }
}

TEST(JsonReader, NeverQuotesASecret) {
    const TextRule secret{"a password", [](std::string_view) { return false; }, true};
    std::string text;
    for (const auto* value : {"\"hunter2\"", "72702", "72702.5"}) {
        EXPECT_THAT(
            problems_of(std::string("{\"p\": ") + value + "}",
                        [&](Section& s) { s.need("p").text(text, secret); }),
            ElementsAre(AllOf(HasSubstr("must be"), Not(HasSubstr("hunter2")), Not(HasSubstr("72702")))));
    }
}

TEST(ReadFile, RefusesWhatIsNoPlainSmallFile) {
    const TemporaryDirectory dir;
    const auto read = [](const std::string& file) {
        std::vector<Problem> problems;
        EXPECT_FALSE(read_file(file, problems).has_value());
        return lines(problems);
    };
    EXPECT_THAT(read(dir.path() + "/none"), ElementsAre(HasSubstr("No such file")));
    EXPECT_THAT(read(dir.path()), ElementsAre("is not a regular file"));
    EXPECT_THAT(read("/dev/zero"), ElementsAre("is not a regular file"));
    EXPECT_THAT(read(dir.write("large", std::string((1 << 20) + 1, ' '))),
                ElementsAre("is larger than 1 MiB"));
}

}  // namespace
}  // namespace busbar::config
