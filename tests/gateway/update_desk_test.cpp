// SPDX-License-Identifier: Apache-2.0
// The hour of an update, what must work again after it, and the desk with a spool and keys in the test's own
// folder.
#include "gateway/update_desk.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/fitness.hpp"
#include "gateway/update/hand_over.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;

const UtcTime noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(12)};

TEST(UpdatePlan, WaitsForCarsOnlyWhereItIsToldSo) {
    EXPECT_TRUE(is_due({"a", InstallWhen::idle}, noon, false));
    EXPECT_TRUE(is_due({"a", InstallWhen::idle}, std::nullopt, false));
    EXPECT_FALSE(is_due({"a", InstallWhen::idle}, noon, true));
    EXPECT_TRUE(is_due({"a", InstallWhen::now}, noon, true));
    EXPECT_TRUE(is_due({"a", InstallWhen::at, noon}, noon, true));
    EXPECT_FALSE(is_due({"a", InstallWhen::at, noon + 1ms}, noon, false));
    EXPECT_FALSE(is_due({"a", InstallWhen::at, noon}, std::nullopt, false)) << "nobody knows the time";
    EXPECT_FALSE(is_due({"a", InstallWhen::now, {}, noon + 1h}, noon, false));
    EXPECT_TRUE(is_due({"a", InstallWhen::now, {}, noon}, noon, false));
}

TEST(UpdatePlan, IsReadBack) {
    const UpdatePlan plan{"ab12", InstallWhen::at, noon, noon + 24h};
    EXPECT_EQ(read_plan(to_text(plan)), plan);
    EXPECT_EQ(read_plan(to_text({"ab12", InstallWhen::idle})), (UpdatePlan{"ab12", InstallWhen::idle}));
    EXPECT_FALSE(read_plan("when=idle\n"));
    EXPECT_FALSE(read_plan("id=a\nwhen=soon\n"));
}

ChargePointReport charge_point(const std::string& id, bool connected, bool lost) {
    ChargePointReport report;
    report.id = id;
    report.link.state = connected ? LinkState::connected : LinkState::stopped;
    report.view.registration = ocpp::RegistrationStatus::Accepted;
    ocpp::ConnectorView connector;
    connector.status.emplace();
    connector.lost = lost;
    report.view.connectors.push_back(connector);
    return report;
}

TEST(Fitness, AsksForWhatWorkedBeforeAndForNoMore) {
    const auto before = fitness_of({charge_point("A", true, false), charge_point("B", false, true)});
    EXPECT_EQ(before, (Fitness{{"A"}, {"A"}}));
    EXPECT_EQ(missing(before, fitness_of({charge_point("A", true, false)})), "");
    EXPECT_EQ(missing(before, fitness_of({charge_point("A", true, false), charge_point("B", true, false)})),
              "");
    EXPECT_EQ(missing(before, fitness_of({charge_point("A", false, false)})), "the link of A");
    EXPECT_EQ(missing(before, fitness_of({charge_point("A", true, true)})), "the charger of A");
    EXPECT_EQ(missing(before, {}), "the charger of A, the link of A");
    EXPECT_EQ(missing({}, {}), "") << "an empty gateway is well";
}

TEST(Fitness, AConnectionCountsOnceItIsAccepted) {
    auto one = charge_point("A", true, false);
    one.view.registration = ocpp::RegistrationStatus::Pending;
    EXPECT_TRUE(fitness_of({one}).connected.empty());
}

TEST(Fitness, IsReadBackAndGarbageAsksForNothing) {
    const Fitness fitness{{"A", "B\""}, {"C"}};
    EXPECT_EQ(read_fitness(to_json(fitness)), fitness);
    EXPECT_EQ(read_fitness("{"), Fitness{});
    EXPECT_EQ(read_fitness(R"({"connected": [1, "A"], "reading": "x"})"), (Fitness{{"A"}, {}}));
}

/// A desk whose helper is a file that does nothing.
class Desk : public testing::Test {
  protected:
    Desk() {
        fs::create_directories(dir_ / "spool");
        fs::create_directories(dir_ / "usr/libexec/busbar");
        fs::create_directories(dir_ / "var/lib/busbar-update");
        std::ofstream(dir_ / "usr/libexec/busbar/busbar-update") << "";
        begin();
    }
    ~Desk() override {
        desk_.reset();
        fs::remove_all(dir_);
    }

    void begin() {
        desk_.emplace(UpdateDesk::Ports{loop_,
                                        (dir_ / "spool").string(),
                                        {dir_.string()},
                                        [this] {
                                            return Now{SteadyTime{}, utc_};
                                        },
                                        [this] { return charge_points_; },
                                        {}});
        desk_->start();
    }
    /// As an upload would bring it; the code of its refusal.
    std::string bring(const std::string& bytes) {
        auto incoming = desk_->receive(bytes.size());
        if (!incoming) return incoming.error().code;
        for (std::size_t at = 0; at < bytes.size(); at += 1000)
            (*incoming)->take(std::string_view(bytes).substr(at, 1000));
        std::optional<std::string> code;
        desk_->take(*std::move(incoming),
                    [&](const auto& looked) { code = looked ? "" : looked.error().code; });
        while (!code) loop_.run_one_for(std::chrono::seconds(5));
        return *code;
    }
    [[nodiscard]] bool exists(const char* name) const { return fs::exists(dir_ / "spool" / name); }
    void helper_says(const update::Status& status) {
        std::ofstream(dir_ / "var/lib/busbar-update/status.json") << update::to_json(status);
    }
    /// The daemon starts again, and with that looks at once.
    void look() { begin(); }

    fs::path dir_ = fs::temp_directory_path() / ("busbar-desk-" + std::to_string(::getpid()));
    boost::asio::io_context loop_;
    std::optional<UtcTime> utc_ = noon;
    std::vector<ChargePointReport> charge_points_;
    std::optional<UpdateDesk> desk_;
};

TEST_F(Desk, TakesNothingWithoutKeysAndLeavesNoTraceOfIt) {
    EXPECT_EQ(bring(std::string(5000, 'x')), "no_keys");
    EXPECT_FALSE(exists("incoming"));
    EXPECT_FALSE(exists("bundle"));
    EXPECT_EQ(desk_->install({}).error().code, "no_bundle");
    EXPECT_EQ(desk_->postpone(1h).error().code, "no_plan");
    EXPECT_EQ(desk_->report().state, "none");
}

TEST_F(Desk, TellsWhetherThereIsACopyToGoBackTo) {
    EXPECT_TRUE(desk_->report().has_helper);
    EXPECT_FALSE(desk_->report().has_rollback_copy);
    std::ofstream(dir_ / "var/lib/busbar-update/current.deb") << "";
    EXPECT_TRUE(desk_->report().has_rollback_copy);
}

TEST_F(Desk, TakesOneUploadAtATime) {
    const auto first = desk_->receive(10);
    ASSERT_TRUE(first);
    EXPECT_EQ(desk_->receive(10).error().code, "upload_running");
}

TEST_F(Desk, SaysHowItIsWhileItIsAskedAndNotOtherwise) {
    helper_says({"ab12", "watching", "", "", "", "0.0.1", "0.1.0", "ab12-watch-1"});
    std::ofstream(dir_ / "spool/baseline.json") << to_json(Fitness{{}, {"A"}});
    look();
    auto word =
        update::read_health_word(update::small_file((dir_ / "spool/health").string(), 2048).value_or(""));
    EXPECT_EQ(word, (update::HealthWord{"ab12-watch-1", false, "the charger of A"}));
    EXPECT_EQ(desk_->report().state, "watching");
    EXPECT_EQ(desk_->cancel().error().code, "update_running");
    EXPECT_EQ(desk_->receive(1).error().code, "update_running");
    charge_points_.push_back(charge_point("A", false, false));
    look();
    word = update::read_health_word(update::small_file((dir_ / "spool/health").string(), 2048).value_or(""));
    EXPECT_EQ(word, (update::HealthWord{"ab12-watch-1", true, ""}));
}

}  // namespace
}  // namespace busbar::gateway
