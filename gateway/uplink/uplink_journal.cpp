// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/uplink_journal.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "gateway/atomic_file.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr seconds between_writes{1};
constexpr std::size_t most_switches = 50;

/// The time for people may differ by what a clock is slewed: that is no news.
bool say_the_same(const std::vector<UplinkLine>& a, const std::vector<UplinkLine>& b) {
    const auto facts = [](const UplinkLine& line) {
        return std::tuple(line.id, line.state, line.reason, line.failing_since, line.since.empty());
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const UplinkLine& x, const UplinkLine& y) { return facts(x) == facts(y); });
}

std::string reason_of(const UplinkLine& line) {
    return line.since.empty() ? line.reason : line.reason + " since " + line.since;
}

std::string text_at(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

UplinkJournal::UplinkJournal(boost::asio::io_context& loop, std::string file, Log log)
    : file_(std::move(file)), log_(std::move(log)), timer_(loop) {
    load();
}

void UplinkJournal::flush() {
    timer_.cancel();
    if (waiting_) write();
}

void UplinkJournal::load() {
    const auto kept = Json::parse(file_content(file_), nullptr, false);
    if (!kept.is_object() || !kept.contains("switches") || !kept["switches"].is_array()) return;
    for (const auto& one : kept["switches"]) {
        if (one.is_object())
            switches_.push_back({text_at(one, "t"), text_at(one, "to"), text_at(one, "reason")});
    }
    while (switches_.size() > most_switches) switches_.pop_front();
}

void UplinkJournal::switched(UplinkSwitch one) {
    ++switch_count_;
    switches_.push_back(std::move(one));
    if (switches_.size() > most_switches) switches_.pop_front();
    write_soon();
}

void UplinkJournal::show(std::string active, std::vector<UplinkLine> lines) {
    const bool news = active != active_ || !say_the_same(lines, lines_);
    active_ = std::move(active);
    lines_ = std::move(lines);
    if (news) write_soon();
}

void UplinkJournal::write_soon() {
    if (std::exchange(waiting_, true)) return;
    timer_.expires_after(written_at_ ? *written_at_ + between_writes - steady_now() : milliseconds(0));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) write();
    });
}

void UplinkJournal::write() {
    waiting_ = false;
    written_at_ = steady_now();
    Json json{{"active", active_}, {"uplinks", Json::array()}, {"switches", Json::array()}};
    for (const auto& line : lines_)
        json["uplinks"].push_back({{"id", line.id}, {"state", line.state}, {"reason", reason_of(line)}});
    for (const auto& one : switches_) {
        const Json t = one.t.empty() ? Json(nullptr) : Json(one.t);
        json["switches"].push_back({{"t", t}, {"to", one.to}, {"reason", one.reason}});
    }
    // Not durable: after a power cut it would tell of another life, and each start writes it anew.
    const auto text = json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    if (const auto written = replace_file(file_, text, Durable::no); !written)
        log_.warning("uplinks_not_written", written.error().detail);
}

}  // namespace busbar::gateway
