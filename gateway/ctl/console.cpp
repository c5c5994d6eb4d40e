// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/console.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace busbar::ctl {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

void note_stop(int /*signal*/) {
    stop_asked = 1;
}

}  // namespace

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

void complain(const std::string& text) {
    std::fprintf(stderr, "busbarctl: %s\n", text.c_str());
}

void remark(const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
}

int refuse(const std::string& text) {
    complain(text);
    return refused;
}

std::optional<std::string> text_in(const std::string& file) {
    std::ifstream in(file);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (!text.empty()) return text;
    complain(file + " cannot be read, or is empty");
    return std::nullopt;
}

void show_progress(const std::string& text) {
    if (isatty(STDERR_FILENO) == 0) return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());  // to the line's start, and the rest of it away
    std::fflush(stderr);
}

void watch_for_interrupt() {
    struct sigaction action {};
    action.sa_handler = note_stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
    return stop_asked != 0;
}

void wait_ms(int time) {
    if (!interrupted() && time > 0) poll(nullptr, 0, time);
}

}  // namespace busbar::ctl
