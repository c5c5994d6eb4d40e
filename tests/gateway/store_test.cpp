// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/store.hpp"

#include <SQLiteCpp/Database.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "full_disk.hpp"

namespace busbar::gateway {
namespace {

using ocpp::QueuedMessage;
using ocpp::Record;
using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

QueuedMessage message(std::int64_t seq, const std::string& action = "StartTransaction") {
    return {seq, fmt::format("id-{}", seq), action, fmt::format(R"({{"n":{}}})", seq)};
}

class StoreTest : public testing::Test {
  protected:
    fs::path folder = fs::path(testing::TempDir()) / fmt::format("busbar-store-{}", getpid());
    std::string file = folder / "busbar.db";
    std::vector<std::string> events;
    Log log{[this](const LogRecord& record) { events.emplace_back(record.event); }};

    StoreTest() { fs::create_directories(folder); }
    ~StoreTest() override { fs::remove_all(folder); }

    std::unique_ptr<Store> open() {
        auto store = Store::open(file, log);
        EXPECT_TRUE(store) << store.error().detail;
        return *std::move(store);
    }

    /// Works on the store in a process that ends without closing it, as after kill -9.
    template <class Work>
    void in_a_process_that_dies(Work work) {
        const pid_t child = fork();
        if (child == 0) {
            work(*open().release());
            std::raise(SIGKILL);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
};

TEST_F(StoreTest, KeepsRecordsAndQueueOverAReopen) {
    {
        const auto store = open();
        store->put("CP1", {"configuration", "HeartbeatInterval", "\"300\""});
        store->put("CP1", {"transaction", "1", R"({"id":42})"});
        store->put("CP2", {"configuration", "HeartbeatInterval", "\"60\""});
        store->enqueue("CP1", message(1));
        store->enqueue("CP1", message(2));
        ASSERT_TRUE(store->commit());
    }
    const auto store = open();
    const auto saved = store->load("CP1");
    EXPECT_THAT(saved.records, ElementsAre(Record{"configuration", "HeartbeatInterval", "\"300\""},
                                           Record{"transaction", "1", R"({"id":42})"}));
    EXPECT_EQ(saved.last_seq, 2);
    EXPECT_THAT(store->queue("CP1", 0, 100), ElementsAre(message(1), message(2)));
    EXPECT_EQ(store->queue_length("CP1"), 2);
    EXPECT_EQ(store->queue_length("CP2"), 0);
    EXPECT_EQ(store->load("unknown").last_seq, 0);
}

TEST_F(StoreTest, ACommitSurvivesTheDeathOfTheProcessAndNothingElseDoes) {
    in_a_process_that_dies([](Store& store) {
        store.put("CP1", {"transaction", "1", "committed"});
        store.enqueue("CP1", message(1));
        if (!store.commit()) _exit(1);
        store.put("CP1", {"transaction", "1", "collected"});
        store.enqueue("CP1", message(2));
    });
    ASSERT_TRUE(fs::exists(file + "-wal"));
    const auto store = open();
    EXPECT_THAT(store->load("CP1").records, ElementsAre(Record{"transaction", "1", "committed"}));
    EXPECT_THAT(store->queue("CP1", 0, 10), ElementsAre(message(1)));
    EXPECT_THAT(events, IsEmpty());
}

TEST_F(StoreTest, ShowsOnlyWhatIsCommitted) {
    const auto store = open();
    store->put("CP1", {"a", "b", "c"});
    store->enqueue("CP1", message(1));
    EXPECT_TRUE(store->dirty());
    EXPECT_THAT(store->load("CP1").records, IsEmpty());
    EXPECT_THAT(store->queue("CP1", 0, 10), IsEmpty());
    EXPECT_EQ(store->queue_length("CP1"), 0);
    ASSERT_TRUE(store->commit());
    EXPECT_FALSE(store->dirty());
    EXPECT_EQ(store->queue_length("CP1"), 1);
}

TEST_F(StoreTest, TheLastWordOnARecordCounts) {
    const auto store = open();
    store->put("CP1", {"kind", "a", "1"});
    store->put("CP1", {"kind", "a", "2"});
    store->put("CP1", {"kind", "b", "1"});
    store->erase("CP1", "kind", "b");
    store->erase("CP1", "kind", "c");
    store->put("CP1", {"kind", "c", "1"});
    ASSERT_TRUE(store->commit());
    EXPECT_THAT(store->load("CP1").records, ElementsAre(Record{"kind", "a", "2"}, Record{"kind", "c", "1"}));
    store->erase("CP1", "kind", "a");
    ASSERT_TRUE(store->commit());
    EXPECT_THAT(store->load("CP1").records, ElementsAre(Record{"kind", "c", "1"}));
}

TEST_F(StoreTest, AnEmptiedQueueStillKnowsItsHighestNumber) {
    {
        const auto store = open();
        for (int seq = 1; seq <= 3; ++seq) store->enqueue("CP1", message(seq));
        ASSERT_TRUE(store->commit());
        for (int seq = 1; seq <= 3; ++seq) store->dequeue("CP1", seq);
        ASSERT_TRUE(store->commit());
        EXPECT_EQ(store->queue_length("CP1"), 0);
    }
    const auto store = open();
    EXPECT_EQ(store->load("CP1").last_seq, 3);
    store->enqueue("CP1", message(4));
    store->dequeue("CP1", 4);
    ASSERT_TRUE(store->commit());
    EXPECT_EQ(store->load("CP1").last_seq, 4);
    EXPECT_EQ(store->load("CP2").last_seq, 0);
}

TEST_F(StoreTest, DequeuingTheNewestFirstDoesNotLowerTheNumber) {
    const auto store = open();
    for (int seq = 1; seq <= 3; ++seq) store->enqueue("CP1", message(seq));
    for (const int seq : {3, 1, 2}) store->dequeue("CP1", seq);
    ASSERT_TRUE(store->commit());
    EXPECT_EQ(store->load("CP1").last_seq, 3);
}

TEST_F(StoreTest, DequeuingWhatIsGoneIsHarmless) {
    const auto store = open();
    store->enqueue("CP1", message(1));
    store->dequeue("CP1", 1);
    store->dequeue("CP1", 1);
    store->dequeue("CP1", 99);
    ASSERT_TRUE(store->commit());
    EXPECT_EQ(store->queue_length("CP1"), 0);
}

TEST_F(StoreTest, TenThousandMessagesComeInPagesInOrder) {
    constexpr int count = 10'000;
    {
        const auto store = open();
        for (int seq = 1; seq <= count; ++seq) {
            store->enqueue("CP1", message(seq, "StopTransaction"));
            store->enqueue("CP2", message(seq * 7, "StopTransaction"));
        }
        ASSERT_TRUE(store->commit());
    }
    const auto store = open();
    EXPECT_EQ(store->queue_length("CP1"), count);
    std::int64_t last = 0;
    for (auto page = store->queue("CP1", 0, 128); !page.empty(); page = store->queue("CP1", last, 128)) {
        ASSERT_LE(page.size(), 128U);
        for (const auto& found : page) ASSERT_EQ(found, message(++last, "StopTransaction"));
    }
    EXPECT_EQ(last, count);
}

TEST_F(StoreTest, TextIsKeptByteForByte) {
    const std::string odd("\0 \xc3\xa9 ' \" \n", 9);
    const auto store = open();
    store->put("CP'1\n", {odd, odd, odd});
    ASSERT_TRUE(store->commit());
    EXPECT_THAT(store->load("CP'1\n").records, ElementsAre(Record{odd, odd, odd}));
}

TEST_F(StoreTest, TheFileIsForItsOwnerOnly) {
    std::ofstream(file).close();
    chmod(file.c_str(), 0644);
    const auto store = open();
    store->put("CP1", {"a", "b", "c"});
    ASSERT_TRUE(store->commit());
    for (const auto& entry : fs::directory_iterator(folder)) {
        EXPECT_EQ(entry.status().permissions() & fs::perms::mask, fs::perms(0600)) << entry.path();
    }
}

TEST_F(StoreTest, ASecondOpenerIsTurnedAway) {
    const auto store = open();
    const auto second = Store::open(file, log);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::refused);
    EXPECT_THAT(events, IsEmpty());
}

TEST_F(StoreTest, APlaceThatCannotBeUsedIsAnError) {
    const auto store = Store::open("/proc/busbar.db", log);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::io);
    EXPECT_THAT(store.error().detail, testing::HasSubstr("/proc/busbar.db"));
    EXPECT_FALSE(Store::open(folder / "missing" / "busbar.db", log));
}

TEST_F(StoreTest, ANewerReleasesFileIsLeftAlone) {
    open();
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    const auto store = Store::open(file, log);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::unsupported);
    EXPECT_THAT(events, IsEmpty());
}

TEST_F(StoreTest, AFileThatIsNoDatabaseIsSetAside) {
    std::ofstream(file) << std::string(5000, 'x');
    const auto store = open();
    EXPECT_THAT(events, ElementsAre("store_corrupt"));
    EXPECT_EQ(fs::file_size(file + ".corrupt-1"), 5000U);
    store->put("CP1", {"a", "b", "c"});
    EXPECT_TRUE(store->commit());
}

TEST_F(StoreTest, ADamagedDatabaseIsSetAsideWithItsLog) {
    {
        const auto store = open();
        for (int seq = 1; seq <= 2000; ++seq) store->enqueue("CP1", message(seq));
        ASSERT_TRUE(store->commit());
    }
    in_a_process_that_dies([](Store& store) {
        store.put("CP1", {"a", "b", "c"});
        if (!store.commit()) _exit(1);
    });
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(20'000)
        << std::string(60'000, 'x');
    const auto store = open();
    EXPECT_THAT(events, ElementsAre("store_corrupt"));
    EXPECT_TRUE(fs::exists(file + ".corrupt-1"));
    EXPECT_TRUE(fs::exists(file + ".corrupt-1-wal"));
    EXPECT_EQ(store->load("CP1").last_seq, 0);
}

TEST_F(StoreTest, CorruptFilesAreNotCollectedForEver) {
    for (int i = 0; i < 12; ++i) {
        std::ofstream(file, std::ios::trunc) << std::string(5000, 'x');
        open();
        fs::remove(file);
    }
    EXPECT_TRUE(fs::exists(file + ".corrupt-9"));
    EXPECT_FALSE(fs::exists(file + ".corrupt-10"));
}

TEST_F(StoreTest, AFullDiskKeepsTheChangesUntilThereIsRoom) {
    const auto store = open();
    store->enqueue("CP1", message(1));
    ASSERT_TRUE(store->commit());
    {
        const FullDisk full(fs::file_size(file + "-wal"));
        store->enqueue("CP1", message(2));
        store->put("CP1", {"transaction", "1", std::string(5000, 'x')});
        const auto failed = store->commit();
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, Errc::io);
        EXPECT_THAT(failed.error().detail, testing::HasSubstr(file));
        EXPECT_TRUE(store->dirty());
        EXPECT_FALSE(store->commit());
        EXPECT_THAT(store->queue("CP1", 0, 10), ElementsAre(message(1)));
        EXPECT_EQ(store->queue_length("CP1"), 1);
    }
    ASSERT_TRUE(store->commit());
    EXPECT_THAT(store->queue("CP1", 0, 10), ElementsAre(message(1), message(2)));
    EXPECT_EQ(store->queue_length("CP1"), 2);
    EXPECT_EQ(store->load("CP1").records.size(), 1U);
}

TEST_F(StoreTest, ALongOutageOfTheDiskCostsTheOldestSamplesOnlyAndIsLoggedOnce) {
    const auto store = open();
    const FullDisk full(fs::file_size(file));
    store->enqueue("CP1", message(1, "StartTransaction"));
    for (int seq = 2; seq <= 2101; ++seq) store->enqueue("CP1", message(seq, "MeterValues"));
    store->enqueue("CP1", message(2102, "StopTransaction"));
    EXPECT_FALSE(store->commit());
    EXPECT_THAT(events, ElementsAre("store_samples_lost"));
}

TEST_F(StoreTest, NothingCollectedTouchesNoDisk) {
    const auto store = open();
    const auto size = fs::exists(file + "-wal") ? fs::file_size(file + "-wal") : 0;
    const FullDisk full(0);
    EXPECT_TRUE(store->commit());
    EXPECT_EQ(fs::exists(file + "-wal") ? fs::file_size(file + "-wal") : 0, size);
}

TEST(StoreInMemory, WorksLikeTheRealOne) {
    const auto store = *Store::open(":memory:", Log());
    store->put("CP1", {"a", "b", "c"});
    store->enqueue("CP1", message(1));
    ASSERT_TRUE(store->commit());
    EXPECT_EQ(store->load("CP1").last_seq, 1);
    EXPECT_EQ(store->queue_length("CP1"), 1);
}

}  // namespace
}  // namespace busbar::gateway
