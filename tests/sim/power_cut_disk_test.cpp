// SPDX-License-Identifier: Apache-2.0
// The disk keeps what was synced, and the store on it what it committed, through thousands of power cuts.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <utility>

#include "gateway/store/store.hpp"
#include "tests/sim/power_cut_vfs.hpp"

namespace busbar::simulation {
namespace {

using gateway::Store;

Bytes filled(std::size_t size, unsigned char with) {
    return Bytes(size, with);
}

TEST(PowerCutDisk, KeepsWhatWasSynced) {
    Random random(1);
    DiskFile file;
    file.create();
    const Bytes synced = filled(2000, 'a');
    file.write(0, synced.data(), synced.size());
    file.sync();
    file.cut_power(random);
    EXPECT_EQ(file.content(), synced);
}

TEST(PowerCutDisk, DropsKeepsAndTearsSectorsThatWereNotSynced) {
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        DiskFile file;
        file.create();
        const Bytes before = filled(1024, 'a');
        file.write(0, before.data(), before.size());
        file.sync();
        const Bytes after = filled(1024, 'b');
        file.write(0, after.data(), after.size());
        file.cut_power(random);
        ASSERT_EQ(file.content().size(), 1024U);
        for (const std::size_t sector : {0U, 512U}) {
            const auto first = file.content().begin() + static_cast<std::ptrdiff_t>(sector);
            const auto kept = std::count(first, first + 512, 'b');
            ASSERT_TRUE(
                std::is_partitioned(first, first + 512, [](unsigned char byte) { return byte == 'b'; }));
            seen.insert((sector == 0 ? "first " : "second ") + std::string(kept == 0     ? "dropped"
                                                                           : kept == 512 ? "kept"
                                                                                         : "torn"));
        }
    }
    EXPECT_EQ(seen.size(), 6U);
}

TEST(PowerCutDisk, ForgetsAFileWhoseDirectoryWasNotSynced) {
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Random random(seed);
        DiskFile file;
        file.create();
        file.cut_power(random);
        lost += file.exists() ? 0 : 1;
    }
    EXPECT_GT(lost, 20);
    EXPECT_LT(lost, 80);
}

/// A store that is written to, cut off at a random change of the disk, and opened again.
class CutStore {
  public:
    explicit CutStore(std::uint64_t seed) : disk_(seed), random_(seed + 1) {
        disk_.may_change = [this] { return steps_left_ > 0 && steps_left_-- > 0; };
    }

    void live_and_die() {
        steps_left_ = random_.below(60);
        if (auto opened = open()) {
            check(**opened);
            write(**opened);
        }
        disk_.cut_power();
        ++cuts;
    }
    void open_in_peace() {
        steps_left_ = 1'000'000;
        auto opened = open();
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        check(**opened);
    }

    int cuts = 0;
    int corrupt = 0;

  private:
    Result<std::unique_ptr<Store>> open() {
        auto opened = Store::open("cut.db", Log(), PowerCutVfs::name);
        if (!opened && opened.error().code == Errc::garbled) ++corrupt;
        return opened;
    }

    void write(Store& store) {
        for (int turn = 0; turn < 20; ++turn) {
            const auto begun = next_ + 1;
            for (int i = 0; i < 3; ++i)
                store.enqueue("CP1", {++next_, "m" + std::to_string(next_), "StopTransaction", "{}"});
            if (!store.commit()) {
                next_ = begun - 1;
                return;
            }
            promised_ = next_;
        }
    }

    /// All that was promised, and of an interrupted commit all or nothing.
    void check(Store& store) {
        std::int64_t last = 0;
        for (const auto& message : store.queue("CP1", 0, 100'000)) {
            ASSERT_EQ(message.seq, last + 1);
            last = message.seq;
        }
        ASSERT_GE(last, promised_);
        ASSERT_EQ(last % 3, 0);
        next_ = last;
        if (const bool settled = store.commit().has_value(); settled)
            promised_ = std::max(promised_, std::int64_t{0});
    }

    PowerCutDisk disk_;
    PowerCutVfs vfs_{disk_};
    Random random_;
    std::int64_t steps_left_ = 0;
    std::int64_t next_ = 0;
    std::int64_t promised_ = 0;
};

TEST(PowerCutStore, OpensAndKeepsItsPromisesThroughThousandsOfPowerCuts) {
    int cuts = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        CutStore store(seed);
        for (int life = 0; life < 20; ++life) store.live_and_die();
        store.open_in_peace();
        ASSERT_EQ(store.corrupt, 0) << "seed " << seed;
        cuts += store.cuts;
    }
    EXPECT_EQ(cuts, 2000);
}

/// Six hundred messages wait; some leave, one commit each, and then the power goes.
class LeavingQueue {
  public:
    static constexpr int size = 600;

    explicit LeavingQueue(std::uint64_t seed) : disk_(seed), store_(open()) {
        for (int seq = 1; seq <= size; ++seq) enqueue(seq);
        EXPECT_TRUE(store_->commit());
    }
    void enqueue(std::int64_t seq) {
        store_->enqueue("CP1", {seq, "m" + std::to_string(seq), "MeterValues", "{}"});
    }
    void leave(int count) {
        for (int i = 0; i < count; ++i) {
            store_->dequeue("CP1", ++left_);
            ASSERT_TRUE(store_->commit());
        }
    }
    Store& store() { return *store_; }
    /// The numbers that wait after it: without a hole.
    std::pair<std::int64_t, std::int64_t> cut_power() {
        disk_.may_change = [] { return false; };
        store_.reset();
        disk_.cut_power();
        disk_.may_change = [] { return true; };
        store_ = open();
        const auto waiting = store_->queue("CP1", 0, 2 * size);
        const auto first = waiting.front().seq;
        EXPECT_EQ(waiting.back().seq - first + 1, static_cast<std::int64_t>(waiting.size()));
        return {first, waiting.back().seq};
    }

  private:
    static std::unique_ptr<Store> open() {
        return std::move(Store::open("cut.db", Log(), PowerCutVfs::name)).value();
    }

    PowerCutDisk disk_;
    PowerCutVfs vfs_{disk_};
    std::unique_ptr<Store> store_;
    std::int64_t left_ = 0;
};

TEST(PowerCutStore, MayGiveBackTheLastMessagesThatLeft) {
    int gave_back = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        LeavingQueue queue(seed);
        queue.leave(Store::most_unsynced + 150);
        const auto [first, last] = queue.cut_power();
        ASSERT_GT(first, Store::most_unsynced) << "seed " << seed;
        ASSERT_EQ(last, LeavingQueue::size);
        gave_back += first <= Store::most_unsynced + 150 ? 1 : 0;
    }
    EXPECT_GT(gave_back, 25) << "every commit is synced: a long queue leaves at the disk's pace";
}

TEST(PowerCutStore, KnowsWhatLeftBeforeSomethingWasSaved) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        LeavingQueue queue(seed);
        queue.leave(100);
        queue.enqueue(LeavingQueue::size + 1);
        ASSERT_TRUE(queue.store().commit());
        ASSERT_EQ(queue.cut_power(), std::pair(std::int64_t{101}, std::int64_t{LeavingQueue::size + 1}))
            << "seed " << seed;
    }
}

TEST(PowerCutStore, TakesUpAgainAfterAFullDisk) {
    PowerCutDisk disk(1);
    PowerCutVfs vfs(disk);
    auto store = Store::open("cut.db", Log(), PowerCutVfs::name);
    ASSERT_TRUE(store.has_value());
    disk.health = PowerCutDisk::Health::full;
    (*store)->put("CP1", {"transaction", "t1", "{}"});
    EXPECT_FALSE((*store)->commit().has_value());
    disk.health = PowerCutDisk::Health::good;
    EXPECT_TRUE((*store)->commit().has_value());
    EXPECT_EQ((*store)->load("CP1").records.size(), 1U);
}

}  // namespace
}  // namespace busbar::simulation
