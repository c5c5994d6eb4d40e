// SPDX-License-Identifier: Apache-2.0
// What the bus costs beside what the line itself costs: cycle, limit changes, software overhead, many buses.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "adapters/make_charger.hpp"
#include "config/profile.hpp"
#include "emulated_line.hpp"
#include "gateway/bus.hpp"

namespace busbar::bench {
namespace {

namespace asio = boost::asio;
using gateway::Bus;
using std::chrono::nanoseconds;

constexpr int limit_register = 261;

config::Profile heidelberg() {
    std::ifstream file(BUSBAR_SOURCE_DIR "/config/chargers/heidelberg-energy-control.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return config::parse_profile(text).value;
}

/// Chargers on one emulated line, driven as in the daemon.
class Bed {
  public:
    Bed(int line_baud, int baud, int chargers, milliseconds poll_interval, const config::Profile& profile,
        std::size_t most_events = 1'000'000)
        : line_(line_baud, most_events) {
        config::Bus settings;
        settings.id = "bench";
        settings.device = line_.device();
        settings.baud = baud;
        std::vector<Bus::Device> devices;
        for (int unit = 1; unit <= chargers; ++unit) {
            config::Charger charger;
            charger.id = fmt::format("CP{}", unit);
            charger.unit_id = unit;
            charger.poll_interval = poll_interval;
            devices.push_back({charger.id, [charger, profile](adapters::Line& line) {
                                   return adapters::make_charger(charger, profile, line, Log());
                               }});
        }
        const auto line = [settings] {
            return adapters::make_line(settings, config::Protocol::modbus, {}, Log()).value();
        };
        bus_ = std::make_unique<Bus>(
            "bench", line, devices, loop().get_executor(),
            Bus::Events{[](const auto& /*report*/) {}, [](const auto& /*failure*/) {}}, Log());
        bus_->start();
    }

    static asio::io_context& loop() {
        static asio::io_context context;
        return context;
    }
    static void run_for(nanoseconds time) {
        const auto open = asio::make_work_guard(loop());
        loop().restart();
        loop().run_for(time);
    }

    void set_limit(int unit, double amperes) {
        bus_->execute(static_cast<std::size_t>(unit - 1), SetLimit{1, Amperes(amperes)}, {},
                      [](const Result<void>&) {});
    }
    std::vector<LineEvent> finish() {
        auto events = line_.stop();
        bus_->stop();
        return events;
    }

  private:
    EmulatedLine line_;
    std::unique_ptr<Bus> bus_;
};

std::int64_t now_ns() {
    return nanoseconds(steady_now().time_since_epoch()).count();
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

double ms(double ns) {
    return ns / 1e6;
}

void cycle(seconds time, seconds warm_up) {
    constexpr int baud = 9600;
    Bed bed(baud, baud, 16, milliseconds(50), heidelberg());
    Bed::run_for(warm_up);
    const auto from = now_ns();
    Bed::run_for(time);
    double needed = 0;
    std::vector<LineEvent> events;
    for (const auto& event : bed.finish()) {
        if (event.request_began < from) continue;
        needed += static_cast<double>(line_time_ns(event, baud));
        events.push_back(event);
    }
    // From one answer's end to another's there is a whole number of exchanges with their silences.
    needed -= static_cast<double>(line_time_ns(events.front(), baud));
    const auto took = static_cast<double>(events.back().answer_ended - events.front().answer_ended);
    fmt::print(
        "full cycle, 16 chargers, 9600 8E1     {:8.3f} x the line's own time   (wanted: 1.05; {} "
        "exchanges)\n",
        took / needed, events.size());
}

/// Each change of a limit until its last byte has reached the charger, in ns.
std::vector<double> limit_changes(milliseconds poll_interval, int changes, seconds warm_up, double& longest) {
    constexpr int baud = 9600;
    Bed bed(baud, baud, 16, poll_interval, heidelberg());
    Bed::run_for(warm_up);
    std::mt19937 random(1);  // NOLINT: the same at each run
    struct Change {
        int unit;
        std::int64_t at;
    };
    std::vector<Change> asked;
    for (int i = 0; i < changes; ++i) {
        const int unit = 1 + static_cast<int>(random() % 16);
        asked.push_back({unit, now_ns()});
        bed.set_limit(unit, 6 + 0.1 * (i % 90));
        Bed::run_for(milliseconds(150 + random() % 200));
    }
    const auto events = bed.finish();
    std::vector<double> latencies;
    for (const auto& change : asked) {
        const auto written = std::find_if(events.begin(), events.end(), [&](const LineEvent& event) {
            return event.unit == change.unit && event.function == 6 && event.address == limit_register &&
                   event.request_began >= change.at;
        });
        if (written != events.end())
            latencies.push_back(static_cast<double>(written->request_ended - change.at));
    }
    for (const auto& event : events)
        longest = std::max(longest, static_cast<double>(line_time_ns(event, baud)));
    return latencies;
}

void limits(int changes, seconds warm_up) {
    double longest = 0;
    double ignored = 0;
    const auto loaded = limit_changes(milliseconds(50), changes, warm_up, longest);
    const auto idle = limit_changes(milliseconds(60'000), changes, warm_up, ignored);
    const double gap_ms = static_cast<double>(heidelberg().pacing.gap.count());
    const double write_ms = ms(8 * 11 * 1e9 / 9600);
    const double bound = ms(longest) + gap_ms + write_ms + 5;
    fmt::print(
        "limit to register, full bus, p99      {:8.1f} ms; bound {:.1f} = exchange {:.1f} + gap {:.0f} + "
        "the write {:.1f} + 5   (p50 {:.1f}; {} changes)\n",
        ms(quantile(loaded, 0.99)), bound, ms(longest), gap_ms, write_ms, ms(quantile(loaded, 0.5)),
        loaded.size());
    fmt::print(
        "  beside the same bed without load    {:8.2f} x at the median, {:.2f} x at p99   ({:.1f} ms, {:.1f} "
        "ms)\n",
        quantile(loaded, 0.5) / quantile(idle, 0.5), quantile(loaded, 0.99) / quantile(idle, 0.99),
        ms(quantile(idle, 0.5)), ms(quantile(idle, 0.99)));
}

/// Of this process so far.
double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds_of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

void overhead(seconds time) {
    auto profile = heidelberg();
    profile.pacing.gap = milliseconds(0);
    Bed bed(0, 115'200, 8, milliseconds(50), profile);
    Bed::run_for(seconds(2));
    const auto from = now_ns();
    const double before = cpu_seconds();
    Bed::run_for(time);
    const double cpu = cpu_seconds() - before;
    const auto events = bed.finish();
    constexpr double silence = 1.75e6;  // above 19200 baud
    std::vector<double> over;
    for (std::size_t i = 1; i < events.size(); ++i) {
        const auto& last = events[i - 1];
        const double pause = static_cast<double>(events[i].request_began - last.answer_ended) - silence;
        // A pause longer than this is the bus waiting for the next poll, not working.
        if (last.request_began > from && pause < 1e6) over.push_back(pause);
    }
    fmt::print(
        "software overhead an exchange         {:8.0f} us at the median, {:.0f} at p90   (wanted: 150; CPU "
        "{:.0f} us; {} "
        "exchanges)\n",
        quantile(over, 0.5) / 1e3, quantile(over, 0.9) / 1e3,
        1e6 * cpu / static_cast<double>(std::max<std::size_t>(over.size(), 1)), over.size());
}

void many(seconds time) {
    std::vector<std::unique_ptr<Bed>> beds;
    const auto profile = heidelberg();
    for (int i = 0; i < 32; ++i)
        beds.push_back(std::make_unique<Bed>(0, 115'200, 8, milliseconds(1000), profile, 10'000));
    Bed::run_for(seconds(4));
    const double before = cpu_seconds();
    const auto from = now_ns();
    Bed::run_for(time);
    const double lasted = static_cast<double>(now_ns() - from) / 1e9;
    const double cpu = cpu_seconds() - before;
    std::size_t exchanges = 0;
    for (auto& bed : beds) exchanges += bed->finish().size();
    fmt::print("32 buses, 8 chargers each, 1 s        {:8.1f} % of one core   (wanted: 20; {} exchanges)\n",
               100 * cpu / lasted, exchanges);
}

}  // namespace
}  // namespace busbar::bench

int main(int count, char** arguments) {
    using namespace busbar;
    const bool is_short = count > 1 && std::string(arguments[1]) == "--short";
    if (count > 2 || (count > 1 && !is_short)) {
        fmt::print(stderr, "usage: busbar_bus_bench [--short]\n");
        return 2;
    }
    const seconds warm_up(is_short ? 6 : 12);  // every charger has told who it is
    bench::cycle(seconds(is_short ? 3 : 30), warm_up);
    bench::limits(is_short ? 10 : 200, warm_up);
    bench::overhead(seconds(is_short ? 1 : 10));
    bench::many(seconds(is_short ? 1 : 10));
}
