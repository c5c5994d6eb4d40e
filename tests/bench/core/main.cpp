// SPDX-License-Identifier: Apache-2.0
// busbar_bench_core rates SECONDS | commits FOLDER SECONDS | fill STATE_DIR CHARGE_POINT COUNT
#include <fmt/format.h>

#include <string>
#include <vector>

#include "disk.hpp"
#include "rates.hpp"

int main(int count, char** arguments) {
    using namespace busbar::bench;
    const std::vector<std::string> words(arguments + 1, arguments + count);
    const auto is = [&](const char* verb, std::size_t size) {
        return words.size() == size && words[0] == verb;
    };
    if (is("rates", 2)) {
        fmt::print("{{{}}}\n", core_rates(std::stod(words[1])));
    } else if (is("commits", 3)) {
        fmt::print("{{{}}}\n", commit_rates(words[1], std::stod(words[2])));
    } else if (is("fill", 4)) {
        fill_queue(words[1], words[2], std::stoi(words[3]));
        fmt::print("{{}}\n");
    } else {
        fmt::print(stderr,
                   "usage: busbar_bench_core rates SECONDS | commits FOLDER SECONDS | fill STATE_DIR "
                   "CHARGE_POINT COUNT\n");
        return 2;
    }
}
