// SPDX-License-Identifier: Apache-2.0
#include "ocpp/charge_point.hpp"

#include <algorithm>
#include <utility>

#include "ocpp/deferred.hpp"
#include "ocpp/frame.hpp"

namespace busbar::ocpp {
namespace {

bool changes_store(const Effect& effect) {
    return std::holds_alternative<SaveRecord>(effect) || std::holds_alternative<EraseRecord>(effect) ||
           std::holds_alternative<SaveMessage>(effect) || std::holds_alternative<EraseMessage>(effect);
}

/// Optional fields stay away where nothing is known: they must not be empty.
template <class Field>
void tell(std::optional<Field>& field, const std::string& text) {
    if (!text.empty()) field = Field(text);
}

}  // namespace

ChargePoint::ChargePoint(Settings settings, const Saved& saved)
    : context_(std::move(settings), saved),
      zero_(context_),
      maintenance_(context_, saved.records),
      security_events_(context_, saved.records),
      security_profiles_(context_, saved.records),
      certificates_(context_, security_profiles_) {
    context_.configuration.set(Key::NumberOfConnectors, std::to_string(context_.settings.connectors));
    context_.configuration.set(Key::SupportedFileTransferProtocols,
                               context_.settings.file_transfer_protocols);
    context_.configuration.set(Key::AdditionalRootCertificateCheck,
                               context_.settings.additional_root_check ? "true" : "false");
    for (ConnectorId id = 1; id <= context_.settings.connectors; ++id) {
        connectors_.emplace_back(id, context_, saved.records);
    }
    note_start(saved.records);
}

void ChargePoint::start(const Now& now) {
    context_.effects.emplace_back(
        SetPingInterval{context_.configuration.interval(Key::WebSocketPingInterval)});
    const std::string& key = context_.configuration.text(Key::AuthorizationKey);
    if (!key.empty()) context_.effects.emplace_back(UsePassword{Secret(key), false});
    security_profiles_.use(false);
    for (auto& one : connectors_) one.start(now);
    context_.release_raises();
    settled_at_ = now.steady;
}

Connector* ChargePoint::connector(ConnectorId id) {
    const auto found =
        std::find_if(connectors_.begin(), connectors_.end(), [&](auto& one) { return one.id() == id; });
    return found == connectors_.end() ? nullptr : &*found;
}

void ChargePoint::on_connected(const Now& now) {
    context_.registration.on_connected(now.steady);
    security_events_.on_connected();
    security_profiles_.on_connected(certificates_.link().profile);
    last_sent_ = now.steady;
    context_.calls.on_accepted();
    settle(now);
}

void ChargePoint::on_disconnected(const Now& now) {
    const bool was_accepted = context_.registration.accepted();
    context_.registration.on_disconnected();
    context_.calls.on_link_lost();
    zero_.on_link_lost();
    security_events_.on_link_lost();
    certificates_.on_link_lost();
    unlocking_.reset();
    for (auto& one : connectors_) one.on_link_lost(now);
    if (was_accepted) context_.note(LogLevel::debug, "offline", "Messages wait until the link is back.");
    settle(now);
}

void ChargePoint::on_frame(std::string_view text, const Now& now) {
    if (!context_.registration.connected() || context_.registration.silent(now.steady)) return;
    const Frame frame = parse_frame(text);
    if (const auto* call = std::get_if<Call>(&frame)) {
        on_request(*call, now);
    } else if (const auto* result = std::get_if<CallResult>(&frame)) {
        on_result(*result, now);
    } else if (const auto* error = std::get_if<CallError>(&frame)) {
        on_error(*error, now);
    } else {
        const auto& bad = std::get<BadFrame>(frame);
        if (const auto count = bad_frames_.count(bad.code, now.steady); count > 0) {
            if (count == 1) context_.raise_event(SecurityEventType::InvalidMessages, bad.detail);
            context_.note(LogLevel::warning, "bad_frame",
                          "The central system sent no OCPP-J frame: " + bad.detail,
                          {{"count", std::to_string(count)}});
        }
        if (bad.answer) send(error_frame(bad.id, bad.code, bad.detail));
    }
    settle(now);
    context_.cause = {};
}

void ChargePoint::on_device(const Capabilities& capabilities, const DeviceIdentity& identity,
                            const Now& now) {
    if (capabilities == context_.capabilities && identity == context_.identity) return;
    context_.capabilities = capabilities;
    context_.identity = identity;
    context_.configuration.set(Key::ConnectorSwitch3to1PhaseSupported,
                               capabilities.switch_phases ? "true" : "false");
    settle(now);
}

void ChargePoint::on_reading(ConnectorId id, const Result<Reading>& reading, const Now& now) {
    Connector* one = connector(id);
    if (one == nullptr) return;
    if (reading) {
        one->on_reading(*reading, now);
    } else {
        one->on_failure(reading.error(), now);
    }
    settle(now);
}

void ChargePoint::on_ceiling(ConnectorId connector, Amperes ceiling, const Now& now) {
    context_.ceilings[connector] = ceiling;
    settle(now);
}

void ChargePoint::on_local_limit(ConnectorId connector, const LocalLimit& limit, const Now& now) {
    context_.local_limits.set(connector, limit, context_.effects);
    settle(now);
}

void ChargePoint::on_charge_now(ConnectorId id, const Now& now) {
    if (Connector* one = connector(id)) one->charge_now(now);
    settle(now);
}

void ChargePoint::on_trial_limit(ConnectorId connector, std::optional<Amperes> limit, const Now& now) {
    context_.local_limits.try_out(connector, limit);
    settle(now);
}

void ChargePoint::on_done(EffectId id, const Result<void>& result, const Now& now) {
    for (auto& one : connectors_) one.on_done(id, result);
    if (restarting_ && restarting_->reboot == id) on_rebooted(result);
    if (unlocking_ && unlocking_->command == id) {
        answer_unlock(result ? UnlockStatus::Unlocked : UnlockStatus::UnlockFailed);
    }
    settle(now);
}

void ChargePoint::on_messages(std::vector<QueuedMessage> page, std::size_t limit, const Now& now) {
    context_.calls.transactions().on_page(std::move(page), limit, context_.effects);
    pump(now);
}

void ChargePoint::on_uploaded(int attempt, const Result<void>& result, const Now& now) {
    maintenance_.on_uploaded(attempt, result, now);
    settle(now);
}

void ChargePoint::on_downloaded(int attempt, const Result<void>& result, const Now& now) {
    maintenance_.on_downloaded(attempt, result, now);
    settle(now);
}

void ChargePoint::on_log_uploaded(int attempt, const Result<void>& result, const Now& now) {
    maintenance_.on_log_uploaded(attempt, result, now);
    settle(now);
}

void ChargePoint::on_verified(const Result<void>& result, const Now& now) {
    maintenance_.on_verified(result);
    settle(now);
}

void ChargePoint::hold_installation(bool held, const Now& now) {
    maintenance_.hold_installation(held);
    settle(now);
}

void ChargePoint::on_installed(const Result<void>& result, const Now& now) {
    maintenance_.on_installed(result);
    settle(now);
}

void ChargePoint::on_not_saved(bool open_one_held, const Now& now) {
    if (context_.calls.held() && !open_one_held) return;
    if (!context_.calls.held())
        context_.raise_event(SecurityEventType::MemoryExhaustion, "what is to be kept cannot be saved");
    context_.calls.hold(open_one_held);
    settle(now);
}

void ChargePoint::on_saved(const Now& now) {
    if (!context_.calls.held()) return;
    context_.calls.release();
    settle(now);
}

void ChargePoint::on_stop() {
    context_.calls.transactions().flush(context_.effects);
}

void ChargePoint::on_tick(const Now& now) {
    settle(now);
}

void ChargePoint::settle(const Now& now) {
    settled_at_ = now.steady;
    if (now.utc) context_.profiles.date(*now.utc, context_.effects);
    watch_clock(now);
    if (const auto call = context_.calls.expired(now.steady)) on_unanswered(*call, now);
    context_.reservations.settle(context_.statuses, now, context_.effects);
    zero_.report_status(now);
    const int sharers = context_.ledger.count_open();
    for (auto& one : connectors_) one.settle(now);
    if (sharers != context_.ledger.count_open()) {  // they share the ChargePointMaxProfile anew
        for (auto& one : connectors_) one.settle(now);
    }
    context_.release_raises();
    zero_.settle(connectors_, now);
    follow_unlocking(now);
    maintenance_.settle(!in_transaction(), now);
    certificates_.settle(now);
    security_events_.settle(now);
    context_.calls.transactions().on_tick(now.steady, context_.effects);
    if (restarting_ && finish_restart(now)) return;
    pump(now);
}

void ChargePoint::push_boot(bool triggered) {
    const auto& [serial, firmware, meter_serial, meter_type] = context_.identity;
    BootNotificationReq request;
    request.chargePointVendor = context_.settings.vendor;
    request.chargePointModel = context_.settings.model;
    tell(request.chargePointSerialNumber, serial);
    request.firmwareVersion = context_.settings.version + (firmware.empty() ? "" : " " + firmware);
    tell(request.iccid, sim_.iccid);
    tell(request.imsi, sim_.imsi);
    tell(request.meterSerialNumber, meter_serial);
    tell(request.meterType, meter_type);
    context_.calls.push(
        {context_.new_message_id(), "BootNotification", to_text(encode(request)), triggered, 0, 0});
}

std::optional<SteadyTime> ChargePoint::heartbeat_at() const {
    if (!context_.online()) return std::nullopt;
    const auto interval = context_.configuration.interval(Key::HeartbeatInterval);
    constexpr seconds a_day{86'400};  // R18: once a day whatever the interval
    return last_sent_ + (interval > 0s ? std::min(interval, a_day) : a_day);
}

void ChargePoint::push_due_calls(const Now& now) {
    auto& calls = context_.calls;
    if (context_.registration.boot_due(now.steady)) {
        context_.registration.on_boot_sent();
        if (!calls.has("BootNotification")) push_boot(false);
    }
    const auto heartbeat = heartbeat_at();
    if (heartbeat && now.steady >= *heartbeat && !calls.outstanding() && !calls.has("Heartbeat")) {
        calls.push({context_.new_message_id(), "Heartbeat", "{}", false, 0, 0});
    }
}

std::optional<std::string> ChargePoint::payload_to_send(const OutgoingCall& call, const Now& now) const {
    if (call.seq == 0 && call.action != "MeterValues") return call.payload;
    const auto transaction_id = [this](std::string_view local_id) -> std::optional<int> {
        const Transaction* transaction = context_.ledger.find(local_id);
        return transaction == nullptr ? -1 : transaction->id;
    };
    return resolve(call.payload, {transaction_id, context_.settings.run, now});
}

void ChargePoint::pump(const Now& now) {
    push_due_calls(now);
    const auto call = context_.calls.next(now.steady, context_.registration.allowed(now.steady));
    if (!call) return;
    const auto payload = payload_to_send(*call, now);
    if (!payload) return;
    const bool is_boot = call->action == "BootNotification";
    const auto timeout = context_.configuration.interval(Key::MessageTimeout);
    context_.calls.sent(*call, now.steady + (is_boot ? Registration::answer_within : timeout));
    last_sent_ = now.steady;
    const bool needs_disk = call->seq > 0 && call->action != "MeterValues";
    context_.effects.emplace_back(SendFrame{call_frame(call->id, call->action, *payload), needs_disk});
}

void ChargePoint::send(std::string text) {
    const bool depends = std::any_of(context_.effects.begin(), context_.effects.end(), changes_store);
    context_.effects.emplace_back(SendFrame{std::move(text), depends});
}

bool ChargePoint::in_transaction() const {
    return std::any_of(connectors_.begin(), connectors_.end(),
                       [](const Connector& one) { return one.in_transaction(); });
}

std::optional<SteadyTime> ChargePoint::next_deadline() const {
    std::optional<SteadyTime> first;
    const auto consider = [&](const std::optional<SteadyTime>& deadline) {
        if (deadline && *deadline > settled_at_) first = first ? std::min(*first, *deadline) : *deadline;
    };
    for (const auto& one : connectors_) consider(one.next_deadline());
    consider(zero_.next_deadline());
    consider(maintenance_.next_deadline());
    consider(certificates_.next_deadline());
    if (context_.online()) consider(security_events_.next_deadline());
    consider(context_.reservations.next_deadline());
    if (unlocking_) consider(unlocking_->since + unlock_patience);
    consider(context_.calls.transactions().save_deadline());
    consider(context_.calls.answer_deadline());
    consider(context_.registration.next_deadline());
    if (restarting_) {
        consider(restarting_->since + reset_patience);
        consider(restarting_->since + reset_patience + reboot_patience);
    }
    if (context_.online()) consider(context_.calls.transactions().retry_at());
    consider(heartbeat_at());
    return first;
}

Effects ChargePoint::take_effects() {
    return std::exchange(context_.effects, {});
}

ChargePointView ChargePoint::view() const {
    ChargePointView view{context_.registration.status(),
                         {},
                         context_.calls.outstanding().has_value(),
                         context_.identity,
                         context_.capabilities,
                         context_.max_current()};
    for (const auto& one : connectors_) view.connectors.push_back(one.view());
    return view;
}

}  // namespace busbar::ocpp
