// SPDX-License-Identifier: Apache-2.0
// The course of an installation on a machine of the mind, whose power is cut before and after every deed.
#include "gateway/update/course.hpp"

#include <gtest/gtest.h>

namespace busbar::update {
namespace {

struct PowerCut {};

/// What the new release is like.
struct Release {
    bool installs = true;
    bool starts = true;
    bool well = true;
    bool migrates = false;  ///< the old release cannot read the state any more
};

/// The machine: what is on the disk, and what runs. Every deed has a moment before it at which the power may
/// go.
class World final : public Machine {
  public:
    World(Release release, std::vector<int> cuts) : release_(release), cuts_(std::move(cuts)) {}

    /// From the helper's start to the end, with a restart of the machine after each cut.
    void live() {
        while (told_ == Outcome::none || !page_.empty()) {
            try {
                boot();
                const auto page = read_journal(page_);
                // Without a page the request still waits, and is taken anew.
                ASSERT_TRUE(run(page ? after_cut(*page) : Journal{"ab12", "1", "2"}, *this));
            } catch (const PowerCut&) {
                runs_ = false;
            }
        }
        cuts_.clear();
        if (!runs_) boot();
    }

    Judged<void> save(const Journal& journal) override {
        moment();
        page_ = to_text(journal);
        moment();
        return {};
    }

    Judged<void> carry_out(const Journal& journal) override {
        switch (journal.step) {
            case Step::stop:
                return stop();
            case Step::copy_state:
                moment();
                copied_ = state_;
                return {};
            case Step::install:
                return install(2);
            case Step::keep:
                moment();
                kept_ = 2;
                return {};
            case Step::roll_back:
                return install(1);
            case Step::restore:
                stop();
                moment();
                state_ = *copied_;
                return {};
            case Step::resume_old:
                return start();
            default:
                return watch(journal.step == Step::watch);
        }
    }

    void finish(const Journal& journal) override {
        moment();
        told_ = journal.outcome;
        told_code_ = journal.cause.code;
        moment();
        page_.clear();
        moment();
    }

    [[nodiscard]] bool works() const {
        return runs_ && whole_ && state_ <= package_ && page_.empty() && !held_;
    }
    [[nodiscard]] int package() const { return package_; }
    [[nodiscard]] int kept() const { return kept_; }
    [[nodiscard]] int state() const { return state_; }
    [[nodiscard]] Outcome told() const { return told_; }
    [[nodiscard]] const std::string& told_code() const { return told_code_; }
    [[nodiscard]] int moments() const { return moments_; }

  private:
    void moment() {
        ++moments_;
        if (cuts_.empty() || moments_ < cuts_.front()) return;
        cuts_.erase(cuts_.begin());
        moments_ = 0;
        throw PowerCut{};
    }

    /// systemd starts the service by itself, unless it is held.
    void boot() {
        if (!held_) (void)start();
    }

    Judged<void> stop() {
        moment();
        held_ = true;
        moment();
        runs_ = false;
        return {};
    }

    Judged<void> install(int version) {
        (void)stop();
        moment();
        whole_ = false;
        moment();
        package_ = version;
        if (version == 2 && !release_.installs) return Refusal{"install_failed", ""};
        moment();
        whole_ = true;
        return {};
    }

    Judged<void> start() {
        moment();
        held_ = false;
        moment();
        const bool can = whole_ && state_ <= package_ && (package_ == 1 || release_.starts);
        if (can && package_ == 2 && release_.migrates) state_ = 2;
        runs_ = can;
        return can ? Judged<void>() : Refusal{"not_started", ""};
    }

    Judged<void> watch(bool must_be_well) {
        if (const auto started = start(); !started) return started;
        moment();
        if (must_be_well && !release_.well) return Refusal{"not_well", ""};
        return {};
    }

    Release release_;
    std::vector<int> cuts_;
    int moments_ = 0;
    std::string page_;
    bool held_ = false;
    bool runs_ = true;
    bool whole_ = true;
    int package_ = 1;
    int kept_ = 1;
    int state_ = 1;
    std::optional<int> copied_;
    Outcome told_ = Outcome::none;
    std::string told_code_;
};

/// Every kind of release that there is.
std::vector<Release> releases() {
    std::vector<Release> all;
    for (int bits = 0; bits < 16; ++bits)
        all.push_back({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0});
    return all;
}

bool is_good(const Release& release) {
    return release.installs && release.starts && release.well;
}

void expect_working_version(const World& world, const std::string& when) {
    EXPECT_TRUE(world.works()) << when;
    const bool is_new = world.told() == Outcome::installed;
    EXPECT_EQ(world.package(), is_new ? 2 : 1) << when;
    EXPECT_EQ(world.kept(), is_new ? 2 : 1) << when << ": what one would go back to next time";
    EXPECT_NE(world.told(), Outcome::none) << when;
    EXPECT_NE(world.told(), Outcome::broken) << when;
    EXPECT_TRUE(is_new || world.state() == 1) << when;
}

TEST(Course, InstallsAGoodReleaseAndTakesTheOldOneBackFromABadOne) {
    for (const auto& release : releases()) {
        World world(release, {});
        world.live();
        expect_working_version(world, "without a cut");
        EXPECT_EQ(world.told() == Outcome::installed, is_good(release));
        EXPECT_EQ(world.told_code().empty(), is_good(release));
    }
}

TEST(Course, EndsInAWorkingVersionWhereverThePowerIsCut) {
    for (const auto& release : releases()) {
        World uncut(release, {});
        uncut.live();
        for (int cut = 1; cut <= uncut.moments(); ++cut) {
            World world(release, {cut});
            world.live();
            expect_working_version(world, "cut at " + std::to_string(cut));
            EXPECT_TRUE(is_good(release) || world.told() != Outcome::installed);
        }
    }
}

TEST(Course, EndsInAWorkingVersionWhenThePowerIsCutThreeTimes) {
    for (const auto& release : releases()) {
        for (int first = 1; first <= 40; first += 2) {
            for (const int second : {1, 2, 3, 5, 8, 13}) {
                for (const int third : {1, 4}) {
                    World world(release, {first, second, third});
                    world.live();
                    expect_working_version(world, "cuts");
                }
            }
        }
    }
}

TEST(Course, GivesUpAReleaseDuringWhichThePowerGoesAgainAndAgain) {
    // The new release resets the machine each time it starts: cut in the step `watch`.
    Journal journal{"ab12", "1", "2", Step::watch};
    int beginnings = 1;
    while (journal.step == Step::watch && beginnings < 10) {
        journal = after_cut(journal);
        ++beginnings;
    }
    EXPECT_EQ(journal.step, Step::roll_back);
    EXPECT_EQ(beginnings, 4);
    EXPECT_EQ(journal.cause.code, "power_cut");
}

TEST(Course, BeforeAnythingWasChangedACutGivesUp) {
    for (const auto step : {Step::stop, Step::copy_state}) {
        EXPECT_EQ(after_cut({"ab12", "1", "2", step}).step, Step::resume_old);
    }
    EXPECT_EQ(after_cut({"ab12", "1", "2", Step::install}).step, Step::install);
    EXPECT_EQ(after_cut({"ab12", "1", "2", Step::install, 2}).step, Step::roll_back);
}

TEST(Course, TheFirstReasonStays) {
    Journal journal{"ab12", "1", "2", Step::watch};
    journal = after(journal, Refusal{"not_well", "It waits for CP1."});
    journal = after(journal, Refusal{"install_failed", ""});
    EXPECT_EQ(journal.step, Step::watch_old);
    EXPECT_EQ(journal.cause.code, "not_well");
}

TEST(Course, TouchesNothingWithoutItsFirstPage) {
    class FullDisk final : public Machine {
      public:
        Judged<void> save(const Journal&) override { return Refusal{"journal_unwritable", ""}; }
        Judged<void> carry_out(const Journal&) override {
            ++deeds;
            return {};
        }
        void finish(const Journal&) override { ++deeds; }
        int deeds = 0;
    } machine;
    EXPECT_FALSE(run({"ab12", "1", "2"}, machine));
    EXPECT_EQ(machine.deeds, 0);
}

TEST(Journal, IsReadBack) {
    const Journal journal{
        "ab12", "1", "2", Step::watch_old, 3, Outcome::none, {"not_well", "It waits for\nCP1."}};
    auto same = journal;
    same.cause.detail = "It waits for CP1.";
    EXPECT_EQ(read_journal(to_text(journal)), same);
    EXPECT_FALSE(read_journal(""));
    EXPECT_FALSE(read_journal("format=busbar-journal-2\nstep=stop\ntries=1\noutcome=none\n"));
    EXPECT_FALSE(read_journal("format=busbar-journal-1\nstep=dance\ntries=1\noutcome=none\n"));
}

}  // namespace
}  // namespace busbar::update
