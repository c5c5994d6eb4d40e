// SPDX-License-Identifier: Apache-2.0
#include "gateway/clock.hpp"

#include <fmt/format.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <utility>

#include "gateway/wall_clock.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// A step of the clock is noticed within this.
constexpr seconds look_each{5};
/// NTP slews by 500 ppm at most: between two looks the clocks drift apart by far less.
constexpr seconds smallest_step{2};
constexpr seconds keep_each{600};
constexpr const char* cure =
    "NTP or whoever sets the system's clock ends that; see that UDP port 123 is open.";

}  // namespace

Clock::Clock(asio::io_context& loop, config::TimeSync settings, const std::string& floor_file,
             std::string helper, const Log& log)
    : loop_(loop),
      settings_(settings),
      file_(floor_file),
      helper_(std::move(helper)),
      log_(log),
      keeper_(release_date(), file_.read()),
      timer_(loop),
      started_(steady_now()),
      last_look_(started_),
      last_utc_(wall_now()),
      last_source_(source()) {}

SystemClock Clock::system() const {
    return system_clock(settings_.ask_kernel);
}

Now Clock::now() const {
    return keeper_.now(steady_now(), system());
}

UtcTime Clock::verification_time() const {
    return keeper_.verification_time(steady_now(), system());
}

TimeSource Clock::source() const {
    return keeper_.source(system());
}

void Clock::start(std::function<void()> changed) {
    changed_ = std::move(changed);
    waited_ = should_wait();
    log_.info("clock", fmt::format("The time comes from: {}.", to_string(last_source_)));
    keep();
    arm();
}

void Clock::stop() {
    timer_.cancel();
    kept_at_.reset();
    keep();
}

bool Clock::should_wait() const {
    return settings_.ask_kernel && source() < TimeSource::rtc &&
           steady_now() - started_ < settings_.wait_for_sync;
}

void Clock::offer(UtcTime utc, TimeSource from) {
    const bool was_known = now().utc.has_value();
    if (!keeper_.offer(utc, from, steady_now())) return;
    if (source() == from && std::chrono::abs(utc - wall_now()) >= smallest_step) set_system_clock(utc);
    if (!was_known) look();
}

void Clock::not_told(const std::string& why) {
    if (std::exchange(why_not_told_, why) == why) return;
    log_.warning(
        "time_not_told",
        fmt::format("The central system's server does not tell the time ({}), and certificates look out of "
                    "their dates: {}",
                    why, cure));
}

std::string Clock::complaint() const {
    if (now().utc) return {};
    return fmt::format(
        "The time is not known: no certificate can be judged by it, so the central system may not be "
        "reached, and nothing is sent that needs a time. {}{}",
        why_not_told_.empty() ? "" : "Its server does not tell it (" + why_not_told_ + "). ", cure);
}

void Clock::look() {
    const SteadyTime steady = steady_now();
    const UtcTime utc = wall_now();
    const auto step = (utc - last_utc_) - std::chrono::duration_cast<milliseconds>(steady - last_look_);
    const TimeSource from = source();
    last_look_ = steady;
    last_utc_ = utc;
    const bool stepped = std::chrono::abs(step) >= smallest_step;
    if (stepped)
        log_.info("clock_stepped", fmt::format("The system's clock was set by {:+} s.",
                                               std::chrono::duration_cast<seconds>(step).count()));
    const bool known_now = last_source_ < TimeSource::rtc && from >= TimeSource::rtc;
    if (from != last_source_)
        log_.info("clock", fmt::format("The time comes from: {} (before: {}).", to_string(from),
                                       to_string(last_source_)));
    last_source_ = from;
    keep();
    const bool wait_over = std::exchange(waited_, should_wait()) && !waited_;
    if (changed_ && (stepped || known_now || wait_over)) changed_();
}

void Clock::arm() {
    timer_.expires_after(look_each);
    timer_.async_wait([this](const error_code& cancelled) {
        if (cancelled) return;
        look();
        arm();
    });
}

void Clock::keep() {
    const SteadyTime steady = steady_now();
    if (kept_at_ && steady - *kept_at_ < keep_each) return;
    const auto utc = keeper_.next_floor(steady, system());
    if (!utc) return;
    kept_at_ = steady;
    if (const auto kept = file_.write(*utc); !kept) log_.warning("clock_floor", kept.error().detail);
}

/// The helper sets the clock only where nothing better keeps it; what it thinks of it shows in the next look.
void Clock::set_system_clock(UtcTime utc) const {
    if (helper_.empty()) return;
    const auto socket = std::make_shared<asio::local::stream_protocol::socket>(loop_);
    const auto line = std::make_shared<std::string>(
        std::to_string(std::chrono::floor<seconds>(utc).time_since_epoch().count()) + '\n');
    socket->async_connect(helper_, [socket, line](const error_code& error) {
        if (error) return;
        asio::async_write(*socket, asio::buffer(*line), [socket, line](const error_code&, std::size_t) {});
    });
}

}  // namespace busbar::gateway
