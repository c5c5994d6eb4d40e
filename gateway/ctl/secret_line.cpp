// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/secret_line.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/ctl/console.hpp"

namespace busbar::ctl {
namespace {

constexpr std::size_t longest = 1000;

/// While it lives a terminal shows nothing of what is typed but the end of the line.
class WithoutEcho {
  public:
    WithoutEcho() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent.c_lflag |= ECHONL;
        changed_ = tcsetattr(STDIN_FILENO, TCSADRAIN, &silent) == 0;
    }
    WithoutEcho(const WithoutEcho&) = delete;
    WithoutEcho& operator=(const WithoutEcho&) = delete;
    ~WithoutEcho() {
        if (changed_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
    }

  private:
    termios before_{};
    bool changed_ = false;
};

/// By read() itself, which a signal ends: the terminal is put right then, too.
std::optional<std::string> read_line() {
    std::string line;
    for (char next = 0; line.size() <= longest;) {
        const auto got = ::read(STDIN_FILENO, &next, 1);
        if (got < 0 || (got == 0 && line.empty())) return std::nullopt;
        if (got == 0 || next == '\n') return line;
        line += next;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> read_secret(const std::string& prompt) {
    if (isatty(STDIN_FILENO) == 0) return read_line();
    watch_for_interrupt();
    const WithoutEcho without_echo;
    std::fputs(prompt.c_str(), stderr);
    std::fflush(stderr);
    return read_line();
}

}  // namespace busbar::ctl
