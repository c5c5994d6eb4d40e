// SPDX-License-Identifier: Apache-2.0
// A key typed at a terminal, and one that is piped in.
#include "gateway/ctl/secret_line.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <future>

#include "gateway/base/time.hpp"

namespace busbar::ctl {
namespace {

/// Another file is the standard input while it lives.
class Input {
  public:
    explicit Input(int file) : before_(dup(STDIN_FILENO)) { dup2(file, STDIN_FILENO); }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input() {
        dup2(before_, STDIN_FILENO);
        close(before_);
    }

  private:
    int before_;
};

void write_all(int file, std::string_view text) {
    ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

bool echoes(int terminal) {
    termios state{};
    return tcgetattr(terminal, &state) == 0 && (state.c_lflag & ECHO) != 0;
}

/// Until `condition`, 10 s at most.
template <class Condition>
bool becomes(const Condition& condition) {
    const auto deadline = steady_now() + 10s;
    while (!condition() && steady_now() < deadline) poll(nullptr, 0, 1);
    return condition();
}

TEST(SecretLine, IsTypedAtATerminalThatDoesNotShowIt) {
    int keyboard = -1;
    int terminal = -1;
    ASSERT_EQ(openpty(&keyboard, &terminal, nullptr, nullptr, nullptr), 0);
    const Input input(terminal);
    testing::internal::CaptureStderr();
    auto line = std::async(std::launch::async, [] { return read_secret("Key: "); });
    ASSERT_TRUE(becomes([&] { return !echoes(terminal); }));
    write_all(keyboard, "open sesame\n");
    EXPECT_EQ(line.get(), "open sesame");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "Key: ");
    EXPECT_TRUE(echoes(terminal)) << "as it was before";
    std::string shown(64, '\0');
    shown.resize(static_cast<std::size_t>(::read(keyboard, shown.data(), shown.size())));
    EXPECT_EQ(shown, "\r\n");
    close(keyboard);
    close(terminal);
}

TEST(SecretLine, IsTheFirstLineOfWhatIsPipedInWithoutAQuestion) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    const Input input(ends[0]);
    write_all(ends[1], "first\nsecond without an end");
    close(ends[1]);
    testing::internal::CaptureStderr();
    EXPECT_EQ(read_secret("Key: "), "first");
    EXPECT_EQ(read_secret("Key: "), "second without an end");
    EXPECT_EQ(read_secret("Key: "), std::nullopt);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    close(ends[0]);
}

}  // namespace
}  // namespace busbar::ctl
