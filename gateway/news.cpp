// SPDX-License-Identifier: Apache-2.0
#include "gateway/news.hpp"

#include <fmt/format.h>

#include <utility>

namespace busbar::gateway {

News::News(boost::asio::io_context& loop, EventStream& events, Sources sources)
    : events_(events), sources_(std::move(sources)), rounds_(loop), changes_(loop) {}

void News::stop() {
    rounds_.cancel();
    changes_.cancel();
}

void News::on_change() {
    if (!events_.is_heard("status")) return;
    const auto due = pace_.on_change(steady_now());
    if (!due) return;
    changes_.expires_at(std::chrono::steady_clock::time_point(due->time_since_epoch()));
    changes_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) tell_change();
    });
}

/// A reading that says what the one before said is no news.
void News::tell_change() {
    const bool is_news = events_.is_heard("status") && sources_.charge_points() != told_charge_points_;
    pace_.on_looked(steady_now(), is_news ? between_changes : between_looks);
    if (is_news) tell_status();
}

void News::tell_status() {
    told_charge_points_ = sources_.charge_points();
    events_.publish("status", sources_.status());
}

void News::tell_last(const char* topic, std::int64_t last, std::int64_t& told) {
    if (last == told || !events_.is_heard(topic)) return;
    told = last;
    events_.publish(topic, fmt::format(R"({{"last":{}}})", last));
}

void News::tell_round() {
    if (events_.is_heard("status")) tell_status();
    tell_last("trace", sources_.last_trace(), told_trace_);
    tell_last("logs", sources_.last_log(), told_log_);
    rounds_.expires_after(between_rounds);
    rounds_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) tell_round();
    });
}

}  // namespace busbar::gateway
