// SPDX-License-Identifier: Apache-2.0
#include "book.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>

namespace busbar::bench {
namespace {

std::int64_t clock_ns(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

std::string now_text() {
    return fmt::format("{:%FT%TZ}", fmt::gmtime(::time(nullptr)));
}

/// The text between the next two quotation marks from `at` on, which moves behind them.
std::string_view quoted(std::string_view text, std::size_t& at) {
    const auto from = text.find('"', at);
    if (from == std::string_view::npos) return {};
    const auto to = text.find('"', from + 1);
    if (to == std::string_view::npos) return {};
    at = to + 1;
    return text.substr(from + 1, to - from - 1);
}

}  // namespace

std::int64_t monotonic_ns() {
    return clock_ns(CLOCK_MONOTONIC);
}
std::int64_t wall_ns() {
    return clock_ns(CLOCK_REALTIME);
}

FrameHead head_of(std::string_view text) {
    FrameHead head;
    if (text.size() < 5 || text.front() != '[') return head;
    head.type = text[1];
    std::size_t at = 2;
    head.id = quoted(text, at);
    if (head.type != '2') return head;
    head.action = quoted(text, at);
    const auto brace = text.find('{', at);
    if (brace != std::string_view::npos) head.payload = text.substr(brace);
    return head;
}

std::string_view member(std::string_view json, std::string_view name) {
    const auto key = json.find(fmt::format("\"{}\":", name));
    if (key == std::string_view::npos) return {};
    std::size_t at = key + name.size() + 3;
    return quoted(json, at);
}

void Book::connected(const std::string& charge_point) {
    auto& page = pages_[charge_point];
    page.connected = true;
    page.connected_at = monotonic_ns();
    page.accepted = false;
}

void Book::disconnected(const std::string& charge_point) {
    pages_[charge_point].connected = false;
}

std::string Book::answer(const std::string& charge_point, const FrameHead& call) {
    ++messages_[std::string(call.action)];
    bytes_ += call.payload.size();
    return fmt::format(R"([3,"{}",{}])", call.id, confirmation(pages_[charge_point], call));
}

std::string Book::confirmation(ChargePointPage& page, const FrameHead& call) {
    if (call.action == "BootNotification") {
        page.accepted = true;
        page.accepted_at = monotonic_ns();
        return fmt::format(R"({{"status":"Accepted","currentTime":"{}","interval":300}})", now_text());
    }
    if (call.action == "Heartbeat") return fmt::format(R"({{"currentTime":"{}"}})", now_text());
    if (call.action == "Authorize") return R"({"idTagInfo":{"status":"Accepted"}})";
    if (call.action == "StartTransaction") {
        ++page.open_transactions;
        return fmt::format(R"({{"transactionId":{},"idTagInfo":{{"status":"Accepted"}}}})",
                           ++last_transaction_);
    }
    if (call.action == "StopTransaction") --page.open_transactions;
    if (call.action == "DataTransfer") return R"({"status":"Accepted"})";
    if (call.action == "StatusNotification" &&
        call.payload.find("\"connectorId\":1") != std::string_view::npos) {
        page.status = member(call.payload, "status");
        page.status_at = wall_ns();
    }
    return "{}";
}

void Book::mark(std::int64_t monotonic) {
    marked_at_ = monotonic;
    messages_.clear();
    bytes_ = 0;
}

const ChargePointPage* Book::find(const std::string& charge_point) const {
    const auto found = pages_.find(charge_point);
    return found == pages_.end() ? nullptr : &found->second;
}

std::string Book::summary() const {
    int connected = 0;
    int accepted = 0;
    int transactions = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t last_connected = 0;
    for (const auto& [id, page] : pages_) {
        connected += page.connected ? 1 : 0;
        last_connected = std::max(last_connected, page.connected_at);
        transactions += page.open_transactions;
        if (!page.connected || !page.accepted) continue;
        ++accepted;
        first = first == 0 ? page.accepted_at : std::min(first, page.accepted_at);
        last = std::max(last, page.accepted_at);
    }
    std::string actions;
    for (const auto& [action, count] : messages_)
        actions += fmt::format("{}\"{}\":{}", actions.empty() ? "" : ",", action, count);
    const auto since_mark_ms = [this](std::int64_t at) { return static_cast<double>(at - marked_at_) / 1e6; };
    return fmt::format(
        R"({{"connected":{},"last_connected_ms":{:.3f},"accepted":{},"first_accepted_ms":{:.3f},"last_accepted_ms":{:.3f},)"
        R"("transactions":{},"payload_bytes":{},"messages":{{{}}}}})",
        connected, since_mark_ms(last_connected), accepted, since_mark_ms(first), since_mark_ms(last),
        transactions, bytes_, actions);
}

}  // namespace busbar::bench
