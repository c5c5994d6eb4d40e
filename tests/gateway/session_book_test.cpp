// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/session_book.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "tests/gateway/full_disk.hpp"

namespace busbar::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const UtcTime noon{seconds(1'767'268'800)};

SessionRow row(const std::string& id, std::optional<UtcTime> started) {
    SessionRow row{id, 1, 7, started, {}, 1000, 3500, "TAG", "EVDisconnected"};
    if (started) row.ended = *started + 1h;
    return row;
}

std::vector<std::string> ids(const std::vector<SessionRow>& rows) {
    std::vector<std::string> ids;
    for (const auto& one : rows) ids.push_back(one.id);
    return ids;
}

TEST(SessionBook, GivesTheSessionsOfAChargePointInARangeNewestFirst) {
    SessionBook book(":memory:", Log());
    for (int hour = 0; hour < 4; ++hour)
        book.add("CP1", row("s" + std::to_string(hour), noon + std::chrono::hours(hour)));
    book.add("CP2", row("other", noon));
    EXPECT_THAT(ids(book.find("CP1", noon + 1h, noon + 3h, 10)), ElementsAre("s2", "s1"));
    EXPECT_THAT(ids(book.find("CP1", {}, {}, 2)), ElementsAre("s3", "s2"));
    EXPECT_THAT(ids(book.find("CP9", {}, {}, 2)), IsEmpty());
}

TEST(SessionBook, KeepsEveryField) {
    SessionBook book(":memory:", Log());
    book.add("CP1", row("s", noon));
    const auto found = book.find("CP1", {}, {}, 1).at(0);
    EXPECT_EQ(found.started, noon);
    EXPECT_EQ(found.ended, noon + 1h);
    EXPECT_EQ(found.transaction_id, 7);
    EXPECT_EQ(found.meter_start_wh, 1000);
    EXPECT_EQ(found.meter_stop_wh, 3500);
    EXPECT_EQ(found.id_tag, "TAG");
    EXPECT_EQ(found.reason, "EVDisconnected");
}

TEST(SessionBook, ASessionOfAnUnknownTimeIsKeptAndAnOldOneGoes) {
    SessionBook book(":memory:", Log());
    auto timeless = row("timeless", std::nullopt);
    timeless.transaction_id.reset();
    book.add("CP1", timeless);
    EXPECT_THAT(ids(book.find("CP1", {}, {}, 9)), ElementsAre("timeless"));
    EXPECT_EQ(book.find("CP1", {}, {}, 9).at(0).started, std::nullopt);
    book.add("CP2", row("old", noon - std::chrono::days(400)));
    book.add("CP2", row("new", noon));
    EXPECT_THAT(ids(book.find("CP2", {}, {}, 9)), ElementsAre("new"));
}

TEST(SessionBook, OutlivesItsProcessAndADamagedFileIsSetAside) {
    const std::string file = testing::TempDir() + "busbar-sessions-" + std::to_string(::getpid()) + ".db";
    const auto remove = [&] {
        for (const char* suffix : {"", "-wal", "-shm", ".corrupt"}) std::remove((file + suffix).c_str());
    };
    remove();
    { SessionBook(file, Log()).add("CP1", row("s", noon)); }
    EXPECT_THAT(ids(SessionBook(file, Log()).find("CP1", {}, {}, 9)), ElementsAre("s"));

    std::ofstream(file) << "this is no database, and it is long enough to be taken for one by its size alone"
                        << std::string(4096, 'x');
    int complaints = 0;
    SessionBook book(file, Log([&](const LogRecord&) { ++complaints; }));
    EXPECT_EQ(complaints, 1);
    book.add("CP1", row("after", noon));
    EXPECT_THAT(ids(book.find("CP1", {}, {}, 9)), ElementsAre("after"));
    EXPECT_TRUE(std::ifstream(file + ".corrupt").good());
    remove();
}

TEST(SessionBook, WhatAFullDiskDidNotTakeIsThereOnceItTakesDataAgain) {
    const std::string file = testing::TempDir() + "busbar-full-sessions.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((file + suffix).c_str());
    int complaints = 0;
    SessionBook book(file, Log([&](const LogRecord&) { ++complaints; }));
    book.add("CP1", row("before", noon));
    for (int streak = 1; streak <= 2; ++streak) {
        const auto later = noon + std::chrono::hours(streak);
        {
            const FullDisk full(0);
            book.add("CP1", row("one" + std::to_string(streak), later));
            book.add("CP1", row("two" + std::to_string(streak), later + 1min));
        }
        EXPECT_EQ(complaints, streak);
        book.keep();
        EXPECT_EQ(book.find("CP1", {}, {}, 9).size(), 1U + 2U * static_cast<unsigned>(streak));
    }
    EXPECT_THAT(ids(book.find("CP1", {}, {}, 9)), ElementsAre("two2", "one2", "two1", "one1", "before"));
}

TEST(SessionBook, WhatStillWaitsAtTheEndIsWrittenThen) {
    const std::string file = testing::TempDir() + "busbar-late-sessions.db";
    for (const char* suffix : {"", "-wal", "-shm"}) std::remove((file + suffix).c_str());
    {
        SessionBook book(file, Log());
        const auto full = std::make_unique<FullDisk>(0);
        book.add("CP1", row("late", noon));
        EXPECT_THAT(ids(book.find("CP1", {}, {}, 9)), IsEmpty());
    }
    EXPECT_THAT(ids(SessionBook(file, Log()).find("CP1", {}, {}, 9)), ElementsAre("late"));
}

TEST(SessionBook, WhereNoFileCanBeItSaysSoOnceAndForgets) {
    int complaints = 0;
    SessionBook book("/nowhere/sessions.db", Log([&](const LogRecord&) { ++complaints; }));
    book.add("CP1", row("s", noon));
    book.add("CP1", row("t", noon));
    EXPECT_THAT(ids(book.find("CP1", {}, {}, 9)), IsEmpty());
    EXPECT_EQ(complaints, 1);
}

}  // namespace
}  // namespace busbar::gateway
