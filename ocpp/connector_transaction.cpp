// SPDX-License-Identifier: Apache-2.0
// The transaction on a connector: start, samples, stop.
#include <algorithm>
#include <cmath>

#include "ocpp/connector.hpp"
#include "ocpp/deferred.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

using Durability = TransactionQueue::Durability;

/// The status keeps saying Preparing this long while the first current is on its way.
constexpr seconds first_current_within{10};

int whole(WattHours energy) {
    return static_cast<int>(std::floor(energy.value()));
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
    const bool by_itself =
        context_.settings.mode == AuthorizationMode::free && !finishing_ && !authorization_;
    if (!plugged() || faulted() || transaction() != nullptr || context_.restarting) {
        start_refresh_.reset();
        return;
    }
    if (by_itself) authorization_ = Authorization{context_.settings.id_tag, true, now.steady, std::nullopt};
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

void Connector::start_transaction(const Now& now) {
    Authorization authorization = std::move(*authorization_);
    authorization_.reset();
    start_refresh_.reset();
    stop_data_.clear();
    set_finishing(false);

    const Transaction& begun =
        context_.ledger.add({context_.new_message_id(), id_, authorization.id_tag, stamp(now.steady, now),
                             energy_.value()->value, std::nullopt, true, false, context_.settings.boot_id},
                            context_.effects);
    StartTransactionReq request;
    request.connectorId = id_;
    request.idTag = begun.id_tag;
    request.meterStart = whole(begun.meter_start);
    request.timestamp = time_token(begun.start, context_.settings.run);
    context_.calls.transactions().add({0, begun.local_id, "StartTransaction", to_text(encode(request))},
                                      Durability::at_once, now.steady, context_.effects);
    if (authorization.profile) {
        context_.profiles.install(id_, std::move(*authorization.profile), begun.local_id,
                                  now.utc.value_or(UtcTime()), context_.effects);
    }
    save_energy();
    sampler_.start(now.steady);
    starting_until_ = now.steady + first_current_within;
    collect_stop_data(snapshot(now), "Transaction.Begin", now);
    context_.note(
        LogLevel::info, "transaction_started", "A transaction started.",
        {{"connector", std::to_string(id_)}, {"meter_start_wh", std::to_string(request.meterStart)}});
}

void Connector::on_start_answer(const IdTagInfo& info, const Now& now) {
    Transaction* running = transaction();
    if (running == nullptr || info.status == AuthorizationStatus::Accepted) return;
    context_.note(LogLevel::warning, "transaction_refused",
                  "The central system does not accept the tag of the running transaction: " +
                      std::string(name_of(info.status)),
                  {{"connector", std::to_string(id_)}});
    if (context_.configuration.boolean(Key::StopTransactionOnInvalidId))
        return stop(Reason::DeAuthorized, now);
    running->deauthorized = true;
    TransactionLedger::save(*running, context_.effects);
    settle(now);
}

void Connector::stop(Reason reason, const Now& now, bool cable_was_out) {
    if (stop_ || transaction() == nullptr) return;
    stop_ = Stopping{reason, now.steady, false, cable_was_out};
    settle(now);
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
    if (reading_) collect_stop_data(snapshot(now), "Transaction.End", now);

    StopTransactionReq request;
    request.idTag = running.id_tag;
    request.meterStop = meter_stop(running);
    request.timestamp = time_token(stamp(now.steady, now), context_.settings.run);
    request.transactionId = transaction_token(running.local_id);
    request.reason = reason;
    if (!stop_data_.empty()) request.transactionData = std::move(stop_data_);
    stop_data_.clear();

    running.open = false;
    TransactionLedger::save(running, context_.effects);
    context_.profiles.forget_transaction(running.local_id, context_.effects);
    context_.calls.transactions().add(
        {0, context_.new_message_id(), "StopTransaction", to_text(encode(request))}, Durability::at_once,
        now.steady, context_.effects);
    save_energy();
    // A broken pilot does not mean that the car left; a car that left and came back is another visit.
    set_finishing(!cable_was_out && (!reading_ || reading_->state != CpState::A));
    context_.note(LogLevel::info, "transaction_stopped",
                  "A transaction ended: " + std::string(name_of(reason)),
                  {{"connector", std::to_string(id_)}, {"meter_stop_wh", std::to_string(request.meterStop)}});
}

void Connector::sample_meter(const Now& now) {
    const Transaction* running = transaction();
    if (running == nullptr || stop_ || !reading_ || lost_cause_) return;
    const auto interval = context_.configuration.interval(Key::MeterValueSampleInterval);
    switch (sampler_.decide(now.steady, interval, energy_is_fresh(now.steady))) {
        case MeterSampler::Decision::nothing:
            return;
        case MeterSampler::Decision::refresh:
            return context_.run(context_.new_effect_id(), Refresh{id_});
        case MeterSampler::Decision::sample:
            break;
    }
    const MeterSnapshot meter = snapshot(now);
    collect_stop_data(meter, "Sample.Periodic", now);
    auto values = sample(meter, context_.configuration.list(Key::MeterValuesSampledData), "Sample.Periodic");
    if (values.empty()) return;
    MeterValuesReq request;
    request.connectorId = id_;
    request.transactionId = transaction_token(running->local_id);
    request.meterValue.push_back(
        {time_token(stamp(meter.taken_at, now), context_.settings.run), std::move(values)});
    context_.calls.transactions().add({0, context_.new_message_id(), "MeterValues", to_text(encode(request))},
                                      Durability::soon, now.steady, context_.effects);
}

void Connector::collect_stop_data(const MeterSnapshot& meter, const std::string& context, const Now& now) {
    auto values = sample(meter, context_.configuration.list(Key::StopTxnSampledData), context);
    if (values.empty()) return;
    const auto most =
        static_cast<std::size_t>(context_.configuration.integer(Key::StopTransactionMaxMeterValues));
    if (stop_data_.size() >= most) {
        // R44: every second one of those between begin and end goes.
        std::size_t index = 0;
        const auto gone = std::remove_if(stop_data_.begin() + 1, stop_data_.end(),
                                         [&](const MeterValue&) { return index++ % 2 == 0; });
        stop_data_.erase(gone, stop_data_.end());
    }
    stop_data_.push_back({time_token(stamp(meter.taken_at, now), context_.settings.run), std::move(values)});
}

void Connector::send_meter_values(const Now& now) {
    values_wanted_ = now.steady;
    if (!energy_is_fresh(now.steady) && !lost_cause_) context_.run(context_.new_effect_id(), Refresh{id_});
    settle(now);
}

void Connector::send_wanted_values(const Now& now) {
    if (!values_wanted_ || !reading_) return;
    const bool waited = now.steady >= *values_wanted_ + meter_freshness;
    if (!energy_is_fresh(now.steady) && !waited) return;
    values_wanted_.reset();
    auto values = sample(snapshot(now), context_.configuration.list(Key::MeterValuesSampledData), "Trigger");
    if (values.empty()) return;
    MeterValuesReq request;
    request.connectorId = id_;
    const Transaction* running = transaction();
    if (running != nullptr && running->id) request.transactionId = transaction_token(running->local_id);
    request.meterValue.push_back(
        {time_token(stamp(reading_->taken_at, now), context_.settings.run), std::move(values)});
    context_.calls.push({context_.new_message_id(), "MeterValues", to_text(encode(request)), true, id_, 0});
}

}  // namespace busbar::ocpp
