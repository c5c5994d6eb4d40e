// SPDX-License-Identifier: Apache-2.0
// One blocking loop: read a request, wait until its last bit would be over, answer byte by byte.
#include "emulated_line.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace busbar::bench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
using Bytes = std::vector<std::uint8_t>;

std::int64_t now_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second_ns + time.tv_nsec;
}

void sleep_until(std::int64_t at) {
    const timespec time{at / second_ns, at % second_ns};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
    }
}

std::uint16_t crc(const Bytes& bytes) {
    std::uint16_t sum = 0xFFFF;
    for (const auto byte : bytes) {
        sum ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            sum = static_cast<std::uint16_t>((sum & 1) != 0 ? (sum >> 1) ^ 0xA001 : sum >> 1);
    }
    return sum;
}

int word(const Bytes& bytes, std::size_t at) {
    return bytes[at] << 8 | bytes[at + 1];
}

/// Holding and input registers by unit and address; whoever writes one reads it back.
class Chargers {
  public:
    Bytes answer(const Bytes& request, LineEvent& event) {
        event.unit = request[0];
        event.function = request[1];
        event.address = word(request, 2);
        Bytes reply(request.begin(), request.begin() + 2);
        if (event.function == 6) {
            event.count = 1;
            memory_[{event.unit, event.address}] = word(request, 4);
            reply.assign(request.begin(), request.begin() + 6);
        } else if (event.function == 16) {
            event.count = word(request, 4);
            for (int i = 0; i < event.count; ++i)
                memory_[{event.unit, event.address + i}] = word(request, static_cast<std::size_t>(7 + 2 * i));
            reply.assign(request.begin(), request.begin() + 6);
        } else {
            event.count = word(request, 4);
            reply.push_back(static_cast<std::uint8_t>(2 * event.count));
            for (int i = 0; i < event.count; ++i) append(reply, value(event.unit, event.address + i));
        }
        const auto sum = crc(reply);
        reply.push_back(static_cast<std::uint8_t>(sum & 0xFF));
        reply.push_back(static_cast<std::uint8_t>(sum >> 8));
        return reply;
    }

  private:
    static void append(Bytes& bytes, int value) {
        bytes.push_back(static_cast<std::uint8_t>(value >> 8));
        bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
    }
    int value(int unit, int address) const {
        static const std::map<int, int> box{{4, 0x0108}, {5, 2},    {10, 230}, {11, 230},    {12, 230},
                                            {13, 1},     {100, 16}, {101, 6},  {257, 15'000}};
        const auto written = memory_.find({unit, address});
        if (written != memory_.end()) return written->second;
        const auto usual = box.find(address);
        return usual == box.end() ? 0 : usual->second;
    }

    std::map<std::pair<int, int>, int> memory_;
};

std::size_t request_size(const Bytes& begun) {
    if (begun.size() < 7) return 8;
    return begun[1] == 16 ? 9U + begun[6] : 8U;
}

}  // namespace

struct EmulatedLine::Journal {
    std::size_t most;
    std::size_t count;
    LineEvent events[1];  // NOLINT: as many as the mapping has room for

    [[noreturn]] void serve(int port, int baud) {
        const std::int64_t character = baud == 0 ? 0 : 11 * second_ns / baud;
        Chargers chargers;
        for (;;) {
            LineEvent event{};
            const auto request = take_request(port, event);
            event.request_ended = std::max(
                now_ns(), event.request_began + static_cast<std::int64_t>(request.size()) * character);
            const auto reply = chargers.answer(request, event);
            send(port, reply, event.request_ended + character * 7 / 2, character);
            event.answer_ended = now_ns();
            if (count < most) events[count++] = event;
        }
    }

    static Bytes take_request(int port, LineEvent& event) {
        Bytes request;
        while (request.size() < request_size(request)) {
            std::array<std::uint8_t, 256> some{};
            const auto got = ::read(port, some.data(), request_size(request) - request.size());
            if (got <= 0) {
                sleep_until(now_ns() + second_ns / 100);  // nobody has opened the other end yet
                continue;
            }
            if (request.empty()) event.request_began = now_ns();
            request.insert(request.end(), some.begin(), some.begin() + got);
        }
        return request;
    }

    static void send(int port, const Bytes& reply, std::int64_t at, std::int64_t character) {
        if (character == 0) {
            [[maybe_unused]] const auto sent = ::write(port, reply.data(), reply.size());
            return;
        }
        for (const auto byte : reply) {
            at += character;
            sleep_until(at);
            [[maybe_unused]] const auto sent = ::write(port, &byte, 1);
        }
    }
};

EmulatedLine::EmulatedLine(int baud, std::size_t most_events)
    : journal_size_(sizeof(Journal) + most_events * sizeof(LineEvent)) {
    const int port = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (port < 0 || ::grantpt(port) != 0 || ::unlockpt(port) != 0)
        throw std::system_error(errno, std::generic_category(), "pseudo terminal");
    device_ = ::ptsname(port);
    termios settings{};
    ::tcgetattr(port, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(port, TCSANOW, &settings);
    void* shared = ::mmap(nullptr, journal_size_, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (shared == MAP_FAILED) throw std::bad_alloc();
    journal_ = static_cast<Journal*>(shared);
    journal_->most = most_events;
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::prctl(PR_SET_TIMERSLACK, 1);
        journal_->serve(port, baud);
    }
    ::close(port);
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
}

EmulatedLine::~EmulatedLine() {
    stop();
    ::munmap(journal_, journal_size_);
}

std::vector<LineEvent> EmulatedLine::stop() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(std::exchange(process_, -1), nullptr, 0);
    }
    return {journal_->events, journal_->events + journal_->count};
}

std::int64_t line_time_ns(const LineEvent& event, int baud) {
    const int bytes = event.function == 6    ? 16
                      : event.function == 16 ? 17 + 2 * event.count
                                             : 13 + 2 * event.count;
    return (bytes + 7) * 11 * second_ns / baud;
}

}  // namespace busbar::bench
