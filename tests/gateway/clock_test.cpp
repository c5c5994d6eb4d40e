// SPDX-License-Identifier: Apache-2.0
// What is kept of the time over a restart, and what a web server's answer tells of it.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "gateway/clock_floor.hpp"
#include "gateway/time_fetch.hpp"

namespace busbar::gateway {
namespace {

class ClockFloor : public testing::Test {
  protected:
    ~ClockFloor() override { unlink(path.c_str()); }
    std::string path = testing::TempDir() + "busbar-clock-" + std::to_string(getpid());
    ClockFloorFile file{path};
};

TEST_F(ClockFloor, IsReadAsItWasWritten) {
    EXPECT_FALSE(file.read());
    ASSERT_TRUE(file.write(UtcTime(1'790'000'000'500ms)));
    EXPECT_EQ(file.read(), UtcTime(1'790'000'000s));
}

TEST_F(ClockFloor, GarbageIsNoTime) {
    for (const char* garbage : {"", "soon", "1790000000 or so", "99999999999999999999"}) {
        std::ofstream(path) << garbage;
        EXPECT_FALSE(file.read()) << garbage;
    }
}

TEST_F(ClockFloor, ADirectoryThatIsGoneIsAnErrorInWords) {
    const auto written = ClockFloorFile("/nonexistent/clock").write(UtcTime(1s));
    ASSERT_FALSE(written);
    EXPECT_NE(written.error().detail.find("/nonexistent/clock"), std::string::npos);
}

TEST(DateOfAnAnswer, IsReadWhateverTheStatus) {
    const auto date =
        date_of("HTTP/1.1 426 Upgrade Required\r\nServer: x\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
    ASSERT_TRUE(date);
    EXPECT_EQ(*date, UtcTime(784'111'777s));
}

TEST(DateOfAnAnswer, IsMissedInWords) {
    for (const char* head : {"", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nDate: yesterday\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nX-Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n"})
        EXPECT_FALSE(date_of(head)) << head;
}

}  // namespace
}  // namespace busbar::gateway
