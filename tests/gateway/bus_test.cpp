// SPDX-License-Identifier: Apache-2.0
// A bus with its thread, over fake registers: what goes in on the loop comes out on the loop.
#include "gateway/bus.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <mutex>
#include <thread>

#include "adapters/interrupt.hpp"
#include "adapters/profile_charger.hpp"
#include "tests/adapters/fake_registers.hpp"
#include "tests/adapters/profiles.hpp"

namespace busbar::gateway {
namespace {

using adapters::test::FakeRegisters;
using ::testing::ElementsAre;

/// A line on which nobody ever answers.
class DeadLine final : public adapters::Registers {
  public:
    DeadLine() : Registers("dead", {}) {}
    Result<SteadyTime> open() override { return SteadyTime{}; }
    void interrupt() override { interrupt_.raise(); }
    [[nodiscard]] bool numbers_requests() const override { return true; }

  private:
    adapters::Exchange<adapters::Words> transfer_read(const adapters::Span& /*span*/,
                                                      milliseconds /*timeout*/) override {
        const bool interrupted =
            interrupt_.wait(-1, 0, steady_now() + 60s) == adapters::Interrupt::Woken::interrupted;
        return adapters::ExchangeError{{interrupted ? Errc::cancelled : Errc::timeout, "dead"}};
    }
    adapters::Exchange<void> transfer_write(const adapters::Span& /*span*/, const adapters::Words& /*words*/,
                                            config::WriteFunction /*function*/,
                                            milliseconds /*timeout*/) override {
        return adapters::ExchangeError{{Errc::timeout, "dead"}};
    }

    adapters::Interrupt interrupt_;
};

class BusTest : public ::testing::Test {
  protected:
    static std::unique_ptr<adapters::Charger> make_box(adapters::Line& line) {
        auto profile = adapters::test::box();
        profile.pacing.gap = 0ms;
        adapters::Placement placement;
        placement.poll_interval = 5ms;
        return std::make_unique<adapters::ProfileCharger>(std::move(profile), placement, *line.registers(),
                                                          Log());
    }

    Bus make_bus(const Bus::MakeLine& line) {
        return Bus("bus-1", line, {{"CP1", &make_box}}, loop.get_executor(),
                   {[this](const DeviceReport& report) { on_report(report); },
                    [this](const DeviceFailure& failure) { failures.push_back(failure); }},
                   Log([this](const LogRecord& record) {
                       if (record.event == "charger_silent") ++silences;
                   }));
    }

    std::unique_ptr<adapters::Registers> make_fake() {
        auto made = std::make_unique<FakeRegisters>(fake_clock);
        adapters::test::power_up(*made);
        made->silent = silent;
        return made;
    }

    void on_report(const DeviceReport& report) {
        EXPECT_EQ(std::this_thread::get_id(), main_thread);
        reports.push_back(report);
    }

    /// Runs the loop until `condition`, 10 s at most.
    template <class Condition>
    void run_until(const Condition& condition) {
        const auto deadline = steady_now() + 10s;
        while (!condition()) {
            ASSERT_LT(steady_now(), deadline);
            loop.restart();
            loop.run_one_for(std::chrono::seconds(1));
        }
    }

    bool silent = false;
    SteadyTime fake_clock{};
    boost::asio::io_context loop;
    std::thread::id main_thread = std::this_thread::get_id();
    std::vector<DeviceReport> reports;
    std::vector<DeviceFailure> failures;
    int silences = 0;  ///< counted on the bus's thread, read after stop()
};

TEST_F(BusTest, ReportsEachCycleWithItsCounters) {
    auto bus = make_bus([&] { return make_fake(); });
    bus.start();
    run_until([&] { return reports.size() >= 3; });
    const auto& report = reports.back();
    EXPECT_EQ(report.id, "CP1");
    ASSERT_EQ(report.readings.size(), 1U);
    EXPECT_EQ(report.readings[0].state, CpState::A);
    EXPECT_EQ(report.identity.firmware, "264");
    EXPECT_GT(report.counters.at(1).exchanges, 5U);
    EXPECT_EQ(report.health.failures, 0);
}

TEST_F(BusTest, HasTheFirstLimitInForceBeforeTheFirstReport) {
    auto bus = make_bus([&] { return make_fake(); });
    bool done_before_report = false;
    bus.execute(0, SetLimit{1, Amperes(0)}, {}, [&](const Result<void>& result) {
        EXPECT_TRUE(result);
        done_before_report = reports.empty();
    });
    bus.start();
    run_until([&] { return !reports.empty(); });
    EXPECT_TRUE(done_before_report);
}

TEST_F(BusTest, CancelsAnOlderLimitAndReportsARefreshBeforeItIsDone) {
    auto bus = make_bus([&] { return make_fake(); });
    std::vector<std::string> order;
    const auto note = [&](const char* name) {
        return [&order, name](const Result<void>& result) {
            order.push_back(std::string(name) + (result ? " done" : " " + result.error().detail));
        };
    };
    bus.execute(0, SetLimit{1, Amperes(16)}, {}, note("old"));
    bus.execute(0, SetLimit{1, Amperes(0)}, {}, note("new"));
    bool reported = false;
    bus.execute(0, Refresh{1}, {},
                [&](const Result<void>& result) { reported = result && !reports.empty(); });
    bus.start();
    run_until([&] { return reported; });
    EXPECT_THAT(order, ElementsAre("old a newer limit took its place", "new done"));
}

TEST_F(BusTest, OwesASignOfLifeUntilItsThreadAnswersAndIsAskedOnceMeanwhile) {
    auto bus = make_bus([&] { return make_fake(); });
    std::mutex held;
    std::unique_lock busy(held);
    bus.invite([&held](adapters::Line&, SteadyTime) {
        const std::lock_guard waits(held);
        return adapters::Next{true, {}};
    });
    bus.start();
    EXPECT_EQ(bus.owes_sign_since(), std::nullopt);
    bus.ask_for_sign(SteadyTime(1s));
    bus.ask_for_sign(SteadyTime(2s));
    loop.poll();
    EXPECT_EQ(bus.owes_sign_since(), SteadyTime(1s));
    busy.unlock();
    run_until([&] { return !bus.owes_sign_since(); });
    bus.ask_for_sign(SteadyTime(3s));
    EXPECT_EQ(bus.owes_sign_since(), SteadyTime(3s));
}

TEST_F(BusTest, TellsFailuresWithTheirCauseAndSilenceOnce) {
    silent = true;
    auto bus = make_bus([&] { return make_fake(); });
    bus.start();
    run_until([&] { return failures.size() >= 3; });
    bus.stop();
    EXPECT_EQ(failures.back().error.code, Errc::timeout);
    EXPECT_EQ(failures.back().health.failures, 3);
    EXPECT_GE(failures.back().counters.at(1).timeouts, 3U);
    EXPECT_EQ(silences, 1);
}

TEST_F(BusTest, RefusesTheThirtyThirdWaitingCommand) {
    auto bus = make_bus([] { return std::make_unique<DeadLine>(); });
    std::vector<Errc> results;
    for (int i = 0; i < 33; ++i) {
        bus.execute(0, Refresh{1}, {},
                    [&](const Result<void>& result) { results.push_back(result.error().code); });
    }
    run_until([&] { return !results.empty(); });
    EXPECT_THAT(results, ElementsAre(Errc::io));
}

TEST_F(BusTest, AGuestGetsItsTurnsBesideThePollsUntilItIsDone) {
    auto bus = make_bus([&] { return make_fake(); });
    bus.start();
    const auto guest = std::make_shared<int>(0);
    bus.invite([guest](adapters::Line& line, SteadyTime now) {
        EXPECT_TRUE(line.registers()->read({9, config::Table::holding, 0, 1}, {}).has_error());
        return adapters::Next{++*guest == 3, now + 1ms};
    });
    run_until([&] { return guest.use_count() == 1 && reports.size() >= 3; });
    EXPECT_EQ(*guest, 3);
    bus.stop();
}

TEST_F(BusTest, ACommandGoesBeforeAGuestThatAlwaysWantsATurn) {
    auto bus = make_bus([&] { return make_fake(); });
    bus.invite([](adapters::Line& /*line*/, SteadyTime now) { return adapters::Next{false, now}; });
    bus.start();
    bool done = false;
    bus.execute(0, SetLimit{1, Amperes(6)}, {},
                [&](const Result<void>& result) { done = result.has_value(); });
    run_until([&] { return done && reports.size() >= 3; });
    bus.stop();
}

TEST_F(BusTest, AGuestIsDismissedByAnEmptyOneAlsoWhereThereIsNoCharger) {
    Bus bus(
        "bus-1", [&] { return make_fake(); }, {}, loop.get_executor(), {}, Log());
    bus.start();
    const auto alive = std::make_shared<int>(0);
    bus.invite([alive](adapters::Line& /*line*/, SteadyTime now) {
        return adapters::Next{false, now + 1ms};
    });
    bus.invite({});
    const auto deadline = steady_now() + 10s;
    while (alive.use_count() > 1 && steady_now() < deadline) std::this_thread::yield();
    EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(BusTest, StopsOnADeadLineAtOnceAndCancelsWhatWaits) {
    auto bus = make_bus([] { return std::make_unique<DeadLine>(); });
    Errc result = Errc::io;
    bus.execute(0, SetLimit{1, Amperes(6)}, {},
                [&](const Result<void>& done) { result = done.error().code; });
    bus.start();
    const auto began = steady_now();
    bus.stop();
    EXPECT_LT(steady_now() - began, 2s);
    run_until([&] { return result != Errc::io; });
    EXPECT_EQ(result, Errc::cancelled);
    EXPECT_TRUE(reports.empty());
}

}  // namespace
}  // namespace busbar::gateway
