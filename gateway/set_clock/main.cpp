// SPDX-License-Identifier: Apache-2.0
// busbar-set-clock: the one program that may set the system's clock. It reads one line, the seconds since
// 1970, from its standard input (a socket that systemd accepted for it) and sets the clock if nobody keeps it
// yet. Exit code 0: set; 1: refused, with the reason on standard error.
#include <sys/timex.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

namespace {

constexpr long long release = BUSBAR_RELEASE_TIME;
constexpr long long ten_years = 10LL * 366 * 86'400;
constexpr std::size_t longest_line = 20;

int refuse(const char* reason) {
    std::fprintf(stderr, "busbar-set-clock: %s\n", reason);
    return 1;
}

std::string read_line() {
    std::string line;
    char letter = 0;
    while (line.size() < longest_line && read(STDIN_FILENO, &letter, 1) == 1 && letter != '\n')
        line += letter;
    return line;
}

bool is_kept_by_somebody() {
    timex reading{};
    const int state = adjtimex(&reading);
    return state != -1 && state != TIME_ERROR && (reading.status & STA_UNSYNC) == 0;
}

}  // namespace

int main() {
    alarm(5);  // a peer that says nothing
    const std::string line = read_line();
    long long seconds = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), seconds);
    if (error != std::errc() || end != line.data() + line.size()) return refuse("no number of seconds");
    if (seconds < release || seconds > release + ten_years) return refuse("a time that cannot be");
    if (is_kept_by_somebody()) return refuse("the clock is synchronised already");
    const timespec time{static_cast<time_t>(seconds), 0};
    if (clock_settime(CLOCK_REALTIME, &time) != 0)
        return refuse("the kernel does not let this program set the clock");
    return 0;
}
