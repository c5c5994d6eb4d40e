// SPDX-License-Identifier: Apache-2.0
#include "ocpp/security_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ocpp/deferred.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

constexpr std::string_view our_action = "SecurityEventNotification";

/// Keys that sort as the numbers do.
std::string key_of(std::uint64_t number) {
    return fmt::format("{:016}", number);
}

}  // namespace

bool is_critical(SecurityEventType type) {
    static constexpr std::array critical{
        SecurityEventType::FirmwareUpdated,         SecurityEventType::SettingSystemTime,
        SecurityEventType::StartupOfTheDevice,      SecurityEventType::ResetOrReboot,
        SecurityEventType::SecurityLogWasCleared,   SecurityEventType::MemoryExhaustion,
        SecurityEventType::TamperDetectionActivated};
    return std::find(critical.begin(), critical.end(), type) != critical.end();
}

SecurityEvents::SecurityEvents(Context& context, const std::vector<Record>& saved) : context_(context) {
    for (const auto& record : saved) {
        if (record.kind == record_kind) restore(record);
    }
    std::sort(waiting_.begin(), waiting_.end(), [](auto& a, auto& b) { return a.number < b.number; });
    if (!waiting_.empty()) last_number_ = waiting_.back().number;
}

void SecurityEvents::restore(const Record& record) {
    Waiting one{0, {}, {}, true};
    std::from_chars(record.key.data(), record.key.data() + record.key.size(), one.number);
    const Json body = Json::parse(record.body, nullptr, false);
    if (!body.is_object()) return;
    one.id = field(body, "id", std::string());
    one.payload = field(body, "payload", std::string());
    waiting_.push_back(std::move(one));
}

bool SecurityEvents::is_repetition(const SecurityEvent& event, const Now& now) {
    std::erase_if(told_at_, [&](const auto& one) { return now.steady - one.second >= once_within; });
    return !told_at_.try_emplace({event.type, event.tech_info}, now.steady).second;
}

void SecurityEvents::take(const SecurityEvent& event, const Now& now) {
    if (is_repetition(event, now)) return;
    context_.effects.emplace_back(LogSecurityEvent{event});
    if (!context_.settings.security_events || unwanted_) return;
    make_room();
    SecurityEventNotificationReq request{
        name_of(event.type), time_token(stamp(now.steady, now), context_.settings.run), {}};
    if (!event.tech_info.empty()) request.techInfo = event.tech_info;
    Waiting one{++last_number_, context_.new_message_id(), to_text(encode(request)), is_critical(event.type)};
    if (one.critical) {
        context_.save({std::string(record_kind), key_of(one.number),
                       to_text(Json{{"id", one.id}, {"payload", one.payload}})});
    }
    waiting_.push_back(std::move(one));
}

void SecurityEvents::make_room() {
    if (waiting_.size() < most_waiting) return;
    const std::size_t begin = under_way_.empty() ? 0 : 1;
    const auto from = waiting_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto idle = std::find_if(from, waiting_.end(), [](const Waiting& one) { return !one.critical; });
    drop(static_cast<std::size_t>((idle == waiting_.end() ? from : idle) - waiting_.begin()));
}

void SecurityEvents::drop(std::size_t index) {
    const auto& one = waiting_.at(index);
    if (one.critical)
        context_.effects.emplace_back(EraseRecord{std::string(record_kind), key_of(one.number)});
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
}

void SecurityEvents::drop_under_way() {
    under_way_.clear();
    refusals_ = 0;
    retry_at_.reset();
    if (!waiting_.empty()) drop(0);
}

void SecurityEvents::settle(const Now& now) {
    for (const auto& event : std::exchange(context_.security_events, {})) take(event, now);
    if (!context_.calls.has(our_action)) under_way_.clear();  // a full queue dropped it
    const bool may_go = under_way_.empty() && !waiting_.empty() && context_.online() && context_.calls.idle();
    if (!may_go || (retry_at_ && now.steady < *retry_at_)) return;
    const auto& first = waiting_.front();
    const auto payload = resolve(first.payload, {{}, context_.settings.run, now});
    if (!payload) return;
    retry_at_.reset();
    under_way_ = first.id;
    context_.calls.push({first.id, std::string(our_action), *payload, false, 0, 0});
}

void SecurityEvents::on_connected() {
    unwanted_ = false;
    refusals_ = 0;
    retry_at_.reset();
}

void SecurityEvents::on_answered(const OutgoingCall& call) {
    if (call.id == under_way_) drop_under_way();
}

void SecurityEvents::on_refused(const OutgoingCall& call, std::string_view code, const Now& now) {
    if (call.id != under_way_) return;
    unwanted_ = code == "NotImplemented" || code == "NotSupported";
    if (unwanted_) {
        while (!waiting_.empty()) drop_under_way();
    } else if (++refusals_ >= most_refusals) {
        drop_under_way();
    } else {
        on_unanswered(call, now);
    }
}

void SecurityEvents::on_unanswered(const OutgoingCall& call, const Now& now) {
    if (call.id != under_way_) return;
    under_way_.clear();
    retry_at_ = now.steady + retry_after;
}

}  // namespace busbar::ocpp
