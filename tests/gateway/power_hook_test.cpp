// SPDX-License-Identifier: Apache-2.0
// The power hook is run as it is configured, and never longer than it may.
#include "gateway/uplink/power_hook.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

namespace busbar::gateway {
namespace {

using ::testing::HasSubstr;

class PowerHook : public ::testing::Test {
  protected:
    PowerHook() : script_(::testing::TempDir() + "power_hook_" + std::to_string(::getpid())) {}
    ~PowerHook() override {
        std::filesystem::remove(script_);
        std::filesystem::remove(script_ + ".out");
    }

    Result<void> run(const std::string& body, milliseconds limit = 10s) {
        std::ofstream(script_) << "#!/bin/sh\n" << body << '\n';
        std::filesystem::permissions(script_, std::filesystem::perms(0700));
        return run_program(script_, limit);
    }

    static Result<void> run_program(const std::string& program, milliseconds limit) {
        boost::asio::io_context loop;
        std::optional<Result<void>> result;
        run_power_hook(loop, program, "cycle", limit, [&](const Result<void>& done) { result = done; });
        EXPECT_FALSE(result) << "never within the call";
        loop.run();
        return result.value();
    }

    std::string script_;
};

TEST_F(PowerHook, GetsOneWordAndNothingOfOurs) {
    ASSERT_TRUE(run("echo \"$# $1 [$HOME]\" > \"$0.out\""));
    std::string line;
    std::getline(std::ifstream(script_ + ".out"), line);
    EXPECT_EQ(line, "1 cycle []");
}

TEST_F(PowerHook, TellsAStatusThatIsNotZero) {
    const auto done = run("exit 3");
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().detail, HasSubstr("ended with status 3"));
}

TEST_F(PowerHook, IsKilledWithItsChildrenWhenItDoesNotEnd) {
    const auto done = run("sleep 1000 & sleep 1000", 50ms);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::timeout);
}

TEST_F(PowerHook, ThatIsNotThereIsSaidInWords) {
    const auto done = run_program("/nonexistent/modem-power", 1s);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().detail, HasSubstr("/nonexistent/modem-power cannot be run"));
}

}  // namespace
}  // namespace busbar::gateway
