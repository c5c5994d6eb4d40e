// SPDX-License-Identifier: Apache-2.0
// Runs a program of the system: fixed words, no shell, a clean environment, an end in sight.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::update {

struct Command {
    std::vector<std::string> words;  ///< the program's path first
    seconds patience{60};            ///< then SIGTERM, and SIGKILL 10 s later
    bool capture = false;            ///< its standard output is wanted; else it goes where ours goes
    std::string folder{};            ///< to run in; empty: /
};

struct Ran {
    int code = 0;        ///< 128 + the signal that ended it
    std::string output;  ///< at most 64 KiB
};

/// Error: Errc::io, it cannot be started; Errc::timeout.
Result<Ran> run_program(const Command& command);

/// Lets time pass.
void nap(milliseconds time);

}  // namespace busbar::update
