// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/log.hpp"

#include <gtest/gtest.h>

namespace busbar {
namespace {

std::string line_of(const LogRecord& record) {
    return to_line(record);
}

TEST(Log, ALineIsEventThenFieldsThenTheSentence) {
    EXPECT_EQ(
        line_of(
            {LogLevel::warning, "link_failed", "refused", {{"charge_point", "CP1"}, {"cause", "refused"}}}),
        "warning event=link_failed charge_point=CP1 cause=refused text=refused");
}

TEST(Log, InputFromOutsideCannotForgeALine) {
    EXPECT_EQ(line_of({LogLevel::info, "card", "x", {{"tag", "A\nerror event=fake \"quoted\""}}}),
              R"(info event=card tag="A\x0aerror event=fake \"quoted\"" text=x)");
}

TEST(Log, AValueIsCutAtAThousandBytes) {
    const std::string line = line_of({LogLevel::info, "e", std::string(5000, 'a'), {}});
    EXPECT_EQ(line.size(), std::string("info event=e text=\"...\"").size() + 1000);
}

TEST(Log, FieldsOfTheContextComeFirst) {
    std::string line;
    const Log log([&](const LogRecord& record) { line = to_line(record); });
    log.with("charge_point", "CP1").info("started", "go", {{"connector", "1"}});
    EXPECT_EQ(line, "info event=started charge_point=CP1 connector=1 text=go");
}

TEST(Log, ADefaultLogSwallowsEverything) {
    const Log log;
    log.error("nobody", "listens");
}

}  // namespace
}  // namespace busbar
