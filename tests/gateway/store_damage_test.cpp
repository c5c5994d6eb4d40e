// SPDX-License-Identifier: Apache-2.0
// The store when its file goes bad while it is in use, or cannot be begun at all.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "full_disk.hpp"
#include "gateway/store/store.hpp"

namespace busbar::gateway {
namespace {

using ocpp::QueuedMessage;
using ocpp::Record;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
namespace fs = std::filesystem;

const Record open_transaction{"transaction", "1", R"({"id":42})"};

QueuedMessage message(std::int64_t seq) {
    return {seq, fmt::format("id-{}", seq), "StopTransaction", std::string(900, 'm')};
}

class StoreDamageTest : public testing::Test {
  protected:
    StoreDamageTest() { fs::create_directories(folder); }
    ~StoreDamageTest() override { fs::remove_all(folder); }

    std::unique_ptr<Store> open() {
        auto store = Store::open(file, log);
        EXPECT_TRUE(store) << store.error().detail;
        return *std::move(store);
    }
    /// More than the page cache holds.
    std::unique_ptr<Store> open_full() {
        auto store = open();
        store->put("CP1", open_transaction);
        store->put("CP2", {"configuration", "HeartbeatInterval", "60"});
        for (int seq = 1; seq <= 3000; ++seq) store->enqueue("CP1", message(seq));
        EXPECT_TRUE(store->commit());
        return store;
    }
    /// From `begin` on nothing in the log is what it was.
    void damage(std::uintmax_t begin) const {
        const std::string log_file = file + "-wal";
        std::fstream out(log_file, std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(static_cast<std::streamoff>(begin)) << std::string(fs::file_size(log_file) - begin, 'x');
    }

    fs::path folder = fs::path(testing::TempDir()) / fmt::format("busbar-damage-{}", getpid());
    std::string file = folder / "busbar.db";
    std::vector<std::string> events;
    Log log{[this](const LogRecord& record) { events.emplace_back(record.event); }};
};

TEST_F(StoreDamageTest, ACommitThatFindsTheFileDamagedGoesOnInANewOneWithAllRecords) {
    auto store = open_full();
    damage(0);
    store->put("CP2", {"configuration", "HeartbeatInterval", "90"});
    for (int seq = 1; seq <= 3000; ++seq) store->dequeue("CP1", seq);
    store->enqueue("CP1", message(3001));
    EXPECT_TRUE(store->commit());
    EXPECT_THAT(events, Contains("store_corrupt"));
    EXPECT_THAT(events, Contains("store_messages_lost"));
    EXPECT_TRUE(fs::exists(file + ".corrupt-1-wal"));
    EXPECT_THAT(store->warnings(), ElementsAre(HasSubstr(file + ".corrupt-1")));

    store.reset();
    events.clear();
    store = open();
    EXPECT_THAT(events, IsEmpty());
    EXPECT_THAT(store->load("CP1").records, ElementsAre(open_transaction));
    EXPECT_THAT(store->load("CP2").records, ElementsAre(Record{"configuration", "HeartbeatInterval", "90"}));
    EXPECT_EQ(store->load("CP1").last_seq, 3001);
    EXPECT_THAT(store->queue("CP1", 0, 10), ElementsAre(message(3001)));
    EXPECT_EQ(store->queue_length("CP1"), 1);
}

TEST_F(StoreDamageTest, AReadThatFindsTheFileDamagedRescuesTheMessagesBeforeTheDamage) {
    const auto store = open_full();
    damage(fs::file_size(file + "-wal") / 2);
    const auto first = store->queue("CP1", 0, 10);
    ASSERT_THAT(first, SizeIs(10));
    EXPECT_THAT(events, IsEmpty());
    for (std::int64_t after = 0; after < 3000 && events.empty(); after += 100)
        (void)store->queue("CP1", after, 100);
    EXPECT_THAT(events, Contains("store_corrupt"));
    EXPECT_EQ(store->queue("CP1", 0, 10), first);
    EXPECT_GT(store->queue_length("CP1"), 1000);
    EXPECT_LT(store->queue_length("CP1"), 3000);
    EXPECT_THAT(store->load("CP1").records, ElementsAre(open_transaction));
    EXPECT_FALSE(store->dirty());
}

TEST_F(StoreDamageTest, WhereTheDiskTakesNoDatabaseYetAllWaitsInMemoryAndIsSavedOnceThereIsRoom) {
    for (const rlim_t room : {rlim_t{0}, rlim_t{3000}}) {
        const auto store = [&] {
            const FullDisk full(room);
            auto made = open();
            made->put("CP1", open_transaction);
            made->enqueue("CP1", message(1));
            const auto saved = made->commit();
            EXPECT_FALSE(saved);
            EXPECT_THAT(saved.error().detail, HasSubstr(file));
            EXPECT_THAT(made->warnings(), ElementsAre(HasSubstr("Nothing can be saved")));
            EXPECT_THAT(made->load("CP1").records, IsEmpty());
            EXPECT_THAT(made->queue("CP1", 0, 10), IsEmpty());
            return made;
        }();
        EXPECT_TRUE(store->commit());
        EXPECT_THAT(store->warnings(), IsEmpty());
        EXPECT_THAT(store->load("CP1").records, ElementsAre(open_transaction));
        EXPECT_THAT(store->queue("CP1", 0, 10), ElementsAre(message(1)));
        EXPECT_THAT(events, IsEmpty());
        fs::remove(file);
        fs::remove(file + "-wal");
    }
}

}  // namespace
}  // namespace busbar::gateway
