// SPDX-License-Identifier: Apache-2.0
// busbar_simulation --seeds A..B | --seed N [--days N] [--verbose]: whole lives of a site, one a seed; with
// --days one of many chargers over so many days. Exit 1 where an invariant breaks, 2 for a command line that
// cannot be understood.
#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/sim/life.hpp"

namespace {

using busbar::simulation::live;
using busbar::simulation::live_long;
using busbar::simulation::Outcome;

struct Arguments {
    std::uint64_t first = 1;
    std::uint64_t last = 0;
    bool verbose = false;
    std::uint64_t days = 0;  ///< 0: lives as short as most
};

constexpr std::uint64_t most_days = 366;
constexpr int chargers_of_a_long_life = 32;

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool parse_range(std::string_view text, Arguments& arguments) {
    const auto dots = text.find("..");
    if (dots == std::string_view::npos) return false;
    const auto first = parse_number(text.substr(0, dots));
    const auto last = parse_number(text.substr(dots + 2));
    if (!first || !last || *first > *last) return false;
    arguments.first = *first;
    arguments.last = *last;
    return true;
}

std::optional<Arguments> parse(const std::vector<std::string_view>& words) {
    Arguments arguments;
    bool any = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view value = i + 1 < words.size() ? words[i + 1] : "";
        if (words[i] == "--verbose") {
            arguments.verbose = true;
        } else if (words[i] == "--seeds" && parse_range(value, arguments)) {
            any = true;
            ++i;
        } else if (const auto seed = parse_number(value); words[i] == "--seed" && seed) {
            arguments.first = arguments.last = *seed;
            any = true;
            ++i;
        } else if (const auto days = parse_number(value);
                   words[i] == "--days" && days && *days <= most_days) {
            arguments.days = *days;
            ++i;
        } else {
            return std::nullopt;
        }
    }
    const bool one_life = arguments.first == arguments.last;
    return any && (arguments.days == 0 || one_life) ? std::optional(arguments) : std::nullopt;
}

void print_life(std::uint64_t seed, const Outcome& life) {
    for (const auto& line : life.transcript) std::puts(line.c_str());
    fmt::print("transcript {:016x}\n", life.hash);
    if (life.broken) fmt::print("seed {} breaks: {}\n", seed, *life.broken);
}

int run(const Arguments& arguments) {
    std::uint64_t failed = 0;
    std::optional<std::uint64_t> first_failed;
    busbar::simulation::Counts sum;
    for (std::uint64_t seed = arguments.first; seed <= arguments.last; ++seed) {
        const Outcome life = live(seed, arguments.verbose);
        sum.transactions += life.counts.transactions;
        sum.power_cuts += life.counts.power_cuts;
        sum.kills += life.counts.kills;
        if (arguments.verbose) print_life(seed, life);
        if (life.broken) {
            ++failed;
            fmt::print("failed seed {}: {}\n", seed, *life.broken);
            std::fflush(stdout);
            if (!first_failed) first_failed = seed;
        }
        const std::uint64_t done = seed - arguments.first + 1;
        if (done % 10'000 == 0) fmt::print(stderr, "{}..{}: {} failed\n", arguments.first, seed, failed);
    }
    if (first_failed && !arguments.verbose) {
        fmt::print("\nThe conversation of seed {}:\n", *first_failed);
        print_life(*first_failed, live(*first_failed, true));
    }
    fmt::print("{} seeds: {} failed, {} transactions, {} power cuts, {} kills\n",
               arguments.last - arguments.first + 1, failed, sum.transactions, sum.power_cuts, sum.kills);
    return failed == 0 ? 0 : 1;
}

int run_long(const Arguments& arguments) {
    const auto on_day = [](int day) { fmt::print(stderr, "day {} is over\n", day); };
    const Outcome life = live_long(arguments.first, chargers_of_a_long_life,
                                   std::chrono::days(arguments.days), arguments.verbose, on_day);
    if (arguments.verbose) print_life(arguments.first, life);
    if (life.broken) fmt::print("failed seed {}: {}\n", arguments.first, *life.broken);
    fmt::print(
        "seed {}, {} days of {} chargers: {}, {} transactions, {} power cuts, {} kills, {} kB on the disk\n",
        arguments.first, arguments.days, chargers_of_a_long_life, life.broken ? "failed" : "all agree",
        life.counts.transactions, life.counts.power_cuts, life.counts.kills, life.disk_bytes / 1024);
    return life.broken ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = parse(std::vector<std::string_view>(argv + 1, argv + argc));
    if (!arguments) {
        fmt::print(stderr, "usage: busbar_simulation --seeds A..B | --seed N [--days N] [--verbose]\n");
        return 2;
    }
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return arguments->days > 0 ? run_long(*arguments) : run(*arguments);
}
