// SPDX-License-Identifier: Apache-2.0
#include "gateway/log_sink.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <csignal>

#include <csignal>
#include <string>

#include "gateway/wall_clock.hpp"

namespace busbar::gateway {
namespace {

class Pipe {
  public:
    Pipe() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC), 0); }
    ~Pipe() {
        close_reader();
        close(ends_[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    [[nodiscard]] int writer() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) close(ends_[0]);
        ends_[0] = -1;
    }
    [[nodiscard]] std::string read_some() const {
        std::string text(100'000, '\0');
        fcntl(ends_[0], F_SETFL, O_NONBLOCK);
        const auto size = read(ends_[0], text.data(), text.size());
        return text.substr(0, size > 0 ? static_cast<std::size_t>(size) : 0);
    }

  private:
    int ends_[2] = {-1, -1};
};

TEST(LogSink, WritesOneLineARecordUpToItsLevel) {
    const Pipe pipe;
    const Log log(make_line_sink(pipe.writer(), LogLevel::info));
    log.info("link_connected", "Connected.", {{"charge_point", "CP1"}});
    log.debug("noise", "Not wanted.");
    log.error("bad", "Line\nbreak.");
    EXPECT_EQ(pipe.read_some(),
              "info event=link_connected charge_point=CP1 text=Connected.\n"
              "error event=bad text=\"Line\\x0abreak.\"\n");
}

TEST(LogSink, AReaderThatStandsStillHoldsNobodyUp) {
    const Pipe pipe;
    const Log log(make_line_sink(pipe.writer(), LogLevel::info));
    for (int i = 0; i < 10'000; ++i) log.info("event", "A sentence of some length to fill the pipe.");
    const std::string heard = pipe.read_some();
    EXPECT_GT(heard.size(), 50'000U);
    EXPECT_EQ(heard.back(), '\n');
}

TEST(LogSink, AReaderThatLeftEndsNoProcess) {
    std::signal(SIGPIPE, SIG_IGN);  // as busbard does
    Pipe pipe;
    pipe.close_reader();
    Log(make_line_sink(pipe.writer(), LogLevel::info)).info("event", "Nobody listens.");
}

TEST(WallClock, KnowsTheDateOfTheReleaseAndAsksTheKernelOnlyWhereItMay) {
    EXPECT_GE(release_date().time_since_epoch(), std::chrono::hours(24 * 365 * 56));
    EXPECT_FALSE(system_clock(false).synchronised);
}

}  // namespace
}  // namespace busbar::gateway
