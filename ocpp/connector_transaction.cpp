// SPDX-License-Identifier: Apache-2.0
// The transaction on a connector: start, samples, stop.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ocpp/connector.hpp"
#include "ocpp/deferred.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Durability = TransactionQueue::Durability;

/// Whoever ends a transaction so wants the cable back (sections 4.10, 5.12; R60).
bool frees_cable(Reason reason) {
    return reason == Reason::Local || reason == Reason::Remote || reason == Reason::EVDisconnected;
}

/// The status keeps saying Preparing this long while the first current is on its way.
constexpr seconds first_current_within{10};

/// As OCPP's integer. A register may hold more than its 32 bits, were it only for a moment of nonsense.
int whole(WattHours energy) {
    constexpr double most = std::numeric_limits<int>::max();
    return static_cast<int>(std::fmax(0.0, std::fmin(std::floor(energy.value()), most)));
}

}  // namespace

void Connector::watch_cable(const Reading& reading, const Now& now) {
    if (reading.state != CpState::A) return;
    set_finishing(false);
    if (stop_) stop_->cable_was_out = true;
    const Transaction* running = transaction();
    const bool ends_it = context_.configuration.boolean(Key::StopTransactionOnEVSideDisconnect);
    if (running == nullptr || !ends_it) return;
    const bool power_was_lost = !cable_known_ && running->boot_id != context_.settings.boot_id;
    stop(power_was_lost ? Reason::PowerLoss : Reason::EVDisconnected, now, true);
}

void Connector::try_start(const Now& now) {
    if (!plugged() || faulted() || !operative() || transaction() != nullptr || context_.restarting) {
        start_refresh_.reset();
        return;
    }
    if (starts_by_itself())
        authorization_ =
            Authorization{context_.settings.id_tag, std::nullopt, now.steady, true, std::nullopt};
    if (!authorization_ || !authorization_->granted || !energy_.value()) return;
    if (!energy_is_fresh(now.steady)) {
        if (!start_refresh_) {
            start_refresh_ = now.steady;
            context_.run(context_.new_effect_id(), Refresh{id_});
        }
        if (now.steady < *start_refresh_ + meter_freshness) return;
    }
    start_transaction(now);
}

/// Mode free: a car that came by itself, unless the connector is kept for somebody else.
bool Connector::starts_by_itself() const {
    return context_.settings.mode == AuthorizationMode::free && !finishing_ && !authorization_ &&
           admission(presented(context_.settings.id_tag, std::nullopt)) == Admission::accept;
}

void Connector::start_transaction(const Now& now) {
    Authorization authorization = std::move(*authorization_);
    authorization_.reset();
    start_refresh_.reset();
    set_finishing(false);

    const Transaction& begun = context_.ledger.add({context_.new_message_id(),
                                                    id_,
                                                    authorization.id_tag,
                                                    stamp(now.steady, now),
                                                    energy_.value()->value,
                                                    std::nullopt,
                                                    true,
                                                    false,
                                                    context_.settings.boot_id,
                                                    authorization.parent,
                                                    std::nullopt,
                                                    std::nullopt,
                                                    {},
                                                    authorization.remote},
                                                   context_.effects);
    data_.begin(begun.local_id);
    StartTransactionReq request;
    request.connectorId = id_;
    request.idTag = begun.id_tag;
    request.meterStart = whole(begun.meter_start);
    request.reservationId =
        context_.reservations.use(id_, presented(begun.id_tag, begun.parent), context_.effects);
    request.timestamp = time_token(begun.start, context_.settings.run);
    context_.calls.transactions().add({0, begun.local_id, "StartTransaction", to_text(encode(request))},
                                      Durability::at_once, now.steady, context_.effects);
    if (authorization.profile) {
        context_.profiles.install(id_, std::move(*authorization.profile), begun.local_id, now.utc,
                                  context_.effects);
    }
    save_energy();
    sampler_.start(now.steady);
    starting_until_ = now.steady + first_current_within;
    collect_boundary(snapshot(now), "Transaction.Begin", now);
    context_.note(
        LogLevel::info, "transaction_started", "A transaction started.",
        {{"connector", std::to_string(id_)}, {"meter_start_wh", std::to_string(request.meterStart)}});
}

/// The tag was refused after the fact (R38): no more energy than MaxEnergyOnInvalidId.
void Connector::deauthorize(AuthorizationStatus status, const Now& now) {
    Transaction* running = transaction();
    context_.note(LogLevel::warning, "transaction_refused",
                  "The central system does not accept the tag of the running transaction: " +
                      std::string(name_of(status)),
                  {{"connector", std::to_string(id_)}});
    const WattHours grace(context_.configuration.integer(Key::MaxEnergyOnInvalidId));
    running->deauthorized = true;
    if (grace > WattHours(0) && energy_.value()) running->energy_until = energy_.value()->value + grace;
    TransactionLedger::save(*running, context_.effects);
    end_deauthorized(now);
    settle(now);
}

void Connector::end_deauthorized(const Now& now) {
    Transaction* running = transaction();
    if (running == nullptr || !running->deauthorized || stop_) return;
    if (running->energy_until && energy_.value() && energy_.value()->value < *running->energy_until) return;
    running->energy_until.reset();
    if (context_.configuration.boolean(Key::StopTransactionOnInvalidId))
        begin_stop(Reason::DeAuthorized, now, false);
}

bool Connector::held_back() const {
    const Transaction* running = transaction();
    return stop_ || (running != nullptr && running->deauthorized && !running->energy_until);
}

void Connector::stop(Reason reason, const Now& now, bool cable_was_out) {
    if (stop_ || transaction() == nullptr) return;
    begin_stop(reason, now, cable_was_out);
    settle(now);
}

/// The decision is kept: who was told that the transaction ends is not told wrong by a loss of power.
void Connector::begin_stop(Reason reason, const Now& now, bool cable_was_out) {
    Transaction* running = transaction();
    stop_ = Stopping{reason, now.steady, false, cable_was_out};
    running->stopping = reason;
    TransactionLedger::save(*running, context_.effects);
}

void Connector::resume_stop(const Now& now) {
    const Transaction* running = transaction();
    if (running == nullptr || !running->stopping) return;
    const Reason reason = *running->stopping;
    const bool cable_was_out = reason == Reason::EVDisconnected || reason == Reason::PowerLoss;
    stop_ = Stopping{reason, now.steady, false, cable_was_out};
}

/// The last Wh are read after the current has ended, so that what was delivered is what is billed.
void Connector::try_finish_stop(const Now& now) {
    if (!stop_) return;
    if (!stop_->refreshed) {
        stop_->refreshed = true;
        if (!lost_cause_) context_.run(context_.new_effect_id(), Refresh{id_});
    }
    const bool read_since = energy_.value() && energy_.value()->taken_at >= stop_->since;
    const bool at_rest = reading_ && flow_.at_rest();
    const bool has_heard = reading_ || lost_cause_;
    const bool waited = has_heard && now.steady >= stop_->since + meter_freshness;
    if ((read_since && at_rest) || waited) stop_transaction(now);
}

int Connector::meter_stop(const Transaction& running) const {
    const WattHours last = energy_.value() ? energy_.value()->value : running.meter_start;
    return whole(std::max(last, running.meter_start));
}

void Connector::stop_transaction(const Now& now) {
    Transaction& running = *transaction();
    const Reason reason = stop_->reason;
    const bool cable_was_out = stop_->cable_was_out;
    stop_.reset();
    starting_until_.reset();
    if (reading_) collect_boundary(snapshot(now), "Transaction.End", now);

    StopTransactionReq request;
    request.idTag = running.stopped_by.empty() ? running.id_tag : running.stopped_by;
    request.meterStop = meter_stop(running);
    request.timestamp = time_token(stamp(now.steady, now), context_.settings.run);
    request.transactionId = transaction_token(running.local_id);
    request.reason = reason;
    auto values = data_.take(context_.effects);
    if (!values.empty()) request.transactionData = std::move(values);

    running.open = false;
    running.stopping.reset();
    TransactionLedger::save(running, context_.effects);
    context_.profiles.forget_transaction(running.local_id, context_.effects);
    context_.calls.transactions().add(
        {0, context_.new_message_id(), "StopTransaction", to_text(encode(request))}, Durability::at_once,
        now.steady, context_.effects);
    save_energy();
    if (frees_cable(reason)) free_cable(reason);
    // A broken pilot does not mean that the car left; a car that left and came back is another visit.
    set_finishing(!cable_was_out && (!reading_ || reading_->state != CpState::A));
    context_.effects.emplace_back(
        TransactionEnded{id_, running.local_id, running.id, running.id_tag, utc_of(running.start, now),
                         now.utc, whole(running.meter_start), request.meterStop, name_of(reason)});
    context_.note(LogLevel::info, "transaction_stopped",
                  "A transaction ended: " + std::string(name_of(reason)),
                  {{"connector", std::to_string(id_)}, {"meter_stop_wh", std::to_string(request.meterStop)}});
}

void Connector::free_cable(Reason reason) {
    const bool wanted = reason != Reason::EVDisconnected ||
                        context_.configuration.boolean(Key::UnlockConnectorOnEVSideDisconnect);
    if (wanted && context_.capabilities.unlock) context_.run(context_.new_effect_id(), Unlock{id_});
}

}  // namespace busbar::ocpp
