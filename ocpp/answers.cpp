// SPDX-License-Identifier: Apache-2.0
// What the central system answers to our calls, or that it does not.
#include "ocpp/charge_point.hpp"
#include "ocpp/deferred.hpp"
#include "ocpp/frame.hpp"

namespace busbar::ocpp {
namespace {

/// Shown and logged once a head of the queue (CONTRACT.md section 6).
constexpr int unanswered_worth_a_line = 10;

}  // namespace

void ChargePoint::on_result(const CallResult& result, const Now& now) {
    const auto call = context_.calls.answered(result.id);
    if (!call) return;
    if (call->action == "BootNotification") return on_boot_result(result, now);
    if (call->action == "StartTransaction") return on_start_result(*call, result, now);
    if (call->action == "StopTransaction") return on_stop_result(*call, result, now);
    if (call->action == "Authorize") return on_authorize_result(*call, result, now);
    if (call->action == "Heartbeat") {
        const auto conf = decode<HeartbeatConf>(result.payload);
        if (conf) context_.effects.emplace_back(OfferTime{conf->currentTime});
    }
    if (call->action == "StatusNotification") on_status_done(*call);
    if (call->action == "SignCertificate") certificates_.on_sign_result(result);
    maintenance_.on_answered(*call);
    security_events_.on_answered(*call);
    if (call->seq > 0) on_transaction_message_done(*call);
}

void ChargePoint::on_boot_result(const CallResult& result, const Now& now) {
    const auto conf = decode<BootNotificationConf>(result.payload);
    if (!conf) {
        context_.note(LogLevel::warning, "boot_answer_broken",
                      "BootNotification.conf cannot be understood: " + conf.error().detail);
        return context_.registration.on_boot_error(now.steady);
    }
    const bool was_accepted = context_.registration.accepted();
    context_.registration.on_boot_conf(*conf, now.steady);
    context_.effects.emplace_back(OfferTime{conf->currentTime});
    context_.note(
        LogLevel::info, "registration", "The central system answers BootNotification.",
        {{"status", std::string(name_of(conf->status))}, {"interval", std::to_string(conf->interval)}});
    if (!context_.registration.accepted()) return;
    if (conf->interval > 0) {
        const std::string interval = std::to_string(conf->interval);
        const bool is_new = context_.configuration.text(Key::HeartbeatInterval) != interval;
        context_.configuration.set(Key::HeartbeatInterval, interval);
        if (is_new) context_.save(context_.configuration.record(Key::HeartbeatInterval));
    }
    if (was_accepted) return;
    context_.calls.on_accepted();
    zero_.on_registered();
    for (auto& one : connectors_) one.on_registered();
}

void ChargePoint::on_start_result(const OutgoingCall& call, const CallResult& result, const Now& now) {
    const auto conf = decode<StartTransactionConf>(result.payload);
    if (!conf)
        return on_refused(call, "StartTransaction.conf cannot be understood: " + conf.error().detail, now);
    Transaction* transaction = context_.ledger.find(call.id);
    on_transaction_message_done(call);
    if (transaction == nullptr) return;
    transaction->id = conf->transactionId;
    if (conf->idTagInfo.parentIdTag) transaction->parent = conf->idTagInfo.parentIdTag;
    TransactionLedger::save(*transaction, context_.effects);
    Connector* one = connector(transaction->connector);
    learn(transaction->id_tag, conf->idTagInfo, now);
    const bool refused = conf->idTagInfo.status != AuthorizationStatus::Accepted;
    if (one != nullptr && transaction->open && refused) one->deauthorize(conf->idTagInfo.status, now);
}

/// What the central system says of a tag; where the local list says otherwise it is told so (section 3.5.2).
void ChargePoint::learn(const std::string& id_tag, const IdTagInfo& info, const Now& now) {
    const bool conflict =
        context_.authorizer.learn(id_tag, info, context_.authorization_rules(), now.utc, context_.effects);
    if (conflict) zero_.report_list_conflict(now);
}

void ChargePoint::on_stop_result(const OutgoingCall& call, const CallResult& result, const Now& now) {
    const auto conf = decode<StopTransactionConf>(result.payload);
    const Transaction* transaction = context_.ledger.find(transaction_of(call.payload));
    if (conf && conf->idTagInfo && transaction != nullptr) {
        const auto& tag = transaction->stopped_by.empty() ? transaction->id_tag : transaction->stopped_by;
        learn(tag, *conf->idTagInfo, now);
    }
    on_transaction_message_done(call);
}

void ChargePoint::on_authorize_result(const OutgoingCall& call, const CallResult& result, const Now& now) {
    Connector* one = connector(call.connector);
    if (one == nullptr) return;
    const auto conf = decode<AuthorizeConf>(result.payload);
    if (const auto tag = one->asked_about(call.id); conf && tag) learn(*tag, conf->idTagInfo, now);
    one->on_authorize_answer(call.id, conf ? std::optional(conf->idTagInfo) : std::nullopt, now);
}

/// A triggered one tells what was told before: the reporter does not wait for its answer.
void ChargePoint::on_status_done(const OutgoingCall& call) {
    if (call.triggered) return;
    Connector* one = connector(call.connector);
    one != nullptr ? one->on_status_answered() : zero_.on_status_answered();
}

void ChargePoint::on_error(const CallError& error, const Now& now) {
    const auto call = context_.calls.answered(error.id);
    if (!call) return;
    security_events_.on_refused(*call, error.code, now);
    on_refused(*call, error.code + " " + error.description, now);
}

void ChargePoint::on_refused(const OutgoingCall& call, const std::string& why, const Now& now) {
    context_.note(LogLevel::warning, "call_refused", call.action + " was answered with an error: " + why,
                  {{"action", call.action}});
    if (call.action == "BootNotification") return context_.registration.on_boot_error(now.steady);
    Connector* one = connector(call.connector);
    if (call.action == "Authorize" && one != nullptr) one->on_authorize_answer(call.id, std::nullopt, now);
    if (call.action == "StatusNotification") on_status_done(call);
    maintenance_.on_answered(call);
    if (call.seq == 0) return;
    // R33: only a CALLERROR uses up an attempt.
    const auto interval = context_.configuration.interval(Key::TransactionMessageRetryInterval);
    const int failures = context_.calls.transactions().head_failed(now.steady, interval);
    if (failures >= context_.configuration.integer(Key::TransactionMessageAttempts)) give_up(call, why);
}

void ChargePoint::give_up(const OutgoingCall& call, const std::string& why) {
    context_.note(LogLevel::error, "message_given_up",
                  call.action + " was refused TransactionMessageAttempts times and is dropped: " + why,
                  {{"action", call.action}, {"message_id", call.id}});
    Transaction* transaction = context_.ledger.find(call.id);
    if (transaction != nullptr) {  // R34: the transaction goes on without an id of its own
        transaction->id = -1;
        TransactionLedger::save(*transaction, context_.effects);
    }
    on_transaction_message_done(call);
}

void ChargePoint::on_transaction_message_done(const OutgoingCall& call) {
    context_.calls.transactions().pop(context_.effects);
    if (call.action == "StopTransaction")
        context_.ledger.forget(transaction_of(call.payload), context_.effects);
}

void ChargePoint::on_unanswered(const OutgoingCall& call, const Now& now) {
    context_.note(LogLevel::debug, "call_unanswered", call.action + " was not answered in time.",
                  {{"action", call.action}});
    if (call.action == "BootNotification") return context_.registration.on_boot_unanswered(now.steady);
    Connector* one = connector(call.connector);
    if (call.action == "Authorize" && one != nullptr)
        return one->on_authorize_answer(call.id, std::nullopt, now);
    if (call.action == "StatusNotification" && !call.triggered) {
        one != nullptr ? one->on_status_unanswered() : zero_.on_status_unanswered();
    }
    maintenance_.on_unanswered(call);
    security_events_.on_unanswered(call, now);
    if (call.seq == 0) return;
    const auto interval = context_.configuration.interval(Key::TransactionMessageRetryInterval);
    const int times = context_.calls.transactions().head_unanswered(now.steady, interval);
    if (times != unanswered_worth_a_line) return;
    context_.note(
        LogLevel::warning, "queue_head_unanswered",
        call.action + " has not been answered ten times while other calls are; it is kept and repeated.",
        {{"message_id", call.id}});
}

}  // namespace busbar::ocpp
