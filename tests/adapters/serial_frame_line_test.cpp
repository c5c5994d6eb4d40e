// SPDX-License-Identifier: Apache-2.0
// A serial device through a pseudo terminal that the test holds by its other end. Nothing waits.
#include "adapters/serial_frame_line.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

namespace busbar::adapters {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SerialLine : public testing::Test {
  protected:
    SerialLine() : master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
        std::array<char, 128> name{};
        if (::grantpt(master) != 0 || ::unlockpt(master) != 0 ||
            ::ptsname_r(master, name.data(), name.size()) != 0)
            throw std::runtime_error("no pty");
        bus.id = "b";
        bus.kind = config::BusKind::serial;
        bus.device = name.data();
        bus.baud = 115200;
    }
    SerialLine(const SerialLine&) = delete;
    SerialLine& operator=(const SerialLine&) = delete;
    ~SerialLine() override { hang_up(); }

    void hang_up() {
        if (master >= 0) ::close(std::exchange(master, -1));
    }
    void type(std::string_view bytes) const {
        ASSERT_EQ(::write(master, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] std::string read() const {
        std::string bytes(256, '\0');
        bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(master, bytes.data(), 256), 0)));
        return bytes;
    }
    SerialFrameLine& line() {
        if (!made) {
            made.emplace(bus, TraceTap{},
                         Log([this](const LogRecord& record) { events.emplace_back(record.event); }));
        }
        return *made;
    }

    int master;
    config::Bus bus;
    std::vector<std::string> events;
    std::optional<SerialFrameLine> made;
};

TEST_F(SerialLine, APseudoTerminalIsOpenedWithoutParityAndSaysSoOnce) {
    EXPECT_TRUE(line().open());
    EXPECT_TRUE(line().open());
    EXPECT_THAT(events, ElementsAre("pty_without_parity"));
}

TEST_F(SerialLine, MessagesEndWithCrLfOrBothAndEmptyOnesAreDropped) {
    ASSERT_TRUE(line().open());
    type("one\rtwo\nthree\r\n\r\nfour\r\nfi");
    EXPECT_THAT(line().take_others(), ElementsAre("one", "two", "three", "four"));
    type("ve\r");
    EXPECT_THAT(line().take_others(), ElementsAre("five"));
}

TEST_F(SerialLine, BytesTravelAsTheyAre) {
    ASSERT_TRUE(line().open());
    const std::string raw("\x03\x04\x11\x13\x1A\r\n\xFF\x00z", 10);
    EXPECT_TRUE(line().tell(1, raw, {}));
    EXPECT_EQ(read(), raw);
}

TEST_F(SerialLine, WhatCameBeforeItWasOpenedIsThrownAway) {
    const int holder = ::open(bus.device.c_str(), O_RDWR | O_NOCTTY);
    type("stale\n");
    ASSERT_TRUE(line().open());
    EXPECT_THAT(line().take_others(), ElementsAre());
    ::close(holder);
}

TEST_F(SerialLine, NoiseWithoutAnEndIsGarbled) {
    ASSERT_TRUE(line().open());
    for (int i = 0; i < 3; ++i) type(std::string(1000, 'x'));
    const auto answer = line().converse(1, "a", [](std::string_view) { return true; }, {0ms, {}});
    EXPECT_FALSE(answer);
}

TEST_F(SerialLine, ADeviceThatVanishesIsUnreachableAndNotTriedAgainAtOnce) {
    ASSERT_TRUE(line().open());
    hang_up();
    EXPECT_THAT(line().take_others(), ElementsAre());
    const auto again = line().open();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::unreachable);
    EXPECT_EQ(line().tell(1, "a", {}).error().code, Errc::unreachable);
}

TEST_F(SerialLine, AMissingDeviceNamesItselfAndTheCure) {
    bus.device = "/dev/does-not-exist";
    const auto opened = line().open();
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().detail, HasSubstr("/dev/does-not-exist does not exist"));
    EXPECT_FALSE(line().open());
    EXPECT_THAT(events, ElementsAre("bus_open_failed"));
}

TEST_F(SerialLine, AFileThatIsNoTerminalIsRefused) {
    bus.device = "/dev/null";
    EXPECT_THAT(line().open().error().detail, HasSubstr("is it a serial device"));
}

TEST_F(SerialLine, AnInterruptEndsEveryWait) {
    ASSERT_TRUE(line().open());
    line().interrupt();
    EXPECT_EQ(line().open().error().code, Errc::cancelled);
    const auto answer = line().converse(1, "a", [](std::string_view) { return true; }, {10min, {}});
    EXPECT_EQ(answer.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace busbar::adapters
