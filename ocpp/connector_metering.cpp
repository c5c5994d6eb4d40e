// SPDX-License-Identifier: Apache-2.0
// What is told of a connector's meter: each interval of a transaction, on the grid of the clock, on demand,
// and with StopTransaction.
#include "ocpp/connector.hpp"
#include "ocpp/deferred.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

bool Connector::energy_is_fresh(SteadyTime now) const {
    return energy_.value() && now - energy_.value()->taken_at <= meter_freshness;
}

bool Connector::can_be_sampled() const {
    return reading_ && !lost_cause_;
}

MeterSnapshot Connector::snapshot(const Now& now) const {
    return take_snapshot(*reading_, energy_.value(), context_.settings.voltage, now.steady);
}

std::optional<MeterSnapshot> Connector::fresh_snapshot(const Now& now) const {
    if (!can_be_sampled() || !energy_is_fresh(now.steady)) return std::nullopt;
    return snapshot(now);
}

void Connector::refresh() {
    context_.run(context_.new_effect_id(), Refresh{id_});
}

/// Behind what is queued already (R29, R30).
void Connector::queue_values(const SentTime& timestamp, std::vector<SampledValue> values, const Now& now) {
    if (values.empty()) return;
    MeterValuesReq request;
    request.connectorId = id_;
    if (const Transaction* running = transaction())
        request.transactionId = transaction_token(running->local_id);
    request.meterValue.push_back({timestamp, std::move(values)});
    context_.calls.transactions().add({0, context_.new_message_id(), "MeterValues", to_text(encode(request))},
                                      TransactionQueue::Durability::soon, now.steady, context_.effects);
}

void Connector::sample_interval(const Now& now) {
    if (transaction() == nullptr || stop_ || !can_be_sampled()) return;
    const auto interval = context_.configuration.interval(Key::MeterValueSampleInterval);
    const auto read_at =
        energy_is_fresh(now.steady) ? std::optional(energy_.value()->taken_at) : std::nullopt;
    switch (sampler_.decide(now.steady, interval, read_at)) {
        case MeterSampler::Decision::nothing:
            return;
        case MeterSampler::Decision::refresh:
            return refresh();
        case MeterSampler::Decision::sample:
            break;
    }
    const MeterSnapshot meter = snapshot(now);
    const SentTime timestamp = time_token(stamp(meter.taken_at, now), context_.settings.run);
    collect(meter, Key::StopTxnSampledData, "Sample.Periodic", timestamp);
    queue_values(timestamp,
                 sample(meter, context_.configuration.list(Key::MeterValuesSampledData), "Sample.Periodic"),
                 now);
}

/// Each connector, in a transaction or not (section 3.16.2, R70, R71).
void Connector::sample_clock(const Now& now) {
    const auto interval = context_.configuration.interval(Key::ClockAlignedDataInterval);
    const bool fresh = can_be_sampled() && energy_is_fresh(now.steady);
    const auto decision = clock_sampler_.decide(now, interval, fresh);
    if (decision.refresh && can_be_sampled()) refresh();
    if (!decision.sample) return;
    const MeterSnapshot meter = snapshot(now);
    const SentTime timestamp = to_iso8601(*decision.sample);
    if (transaction() != nullptr) collect(meter, Key::StopTxnAlignedData, "Sample.Clock", timestamp);
    queue_values(timestamp,
                 sample(meter, context_.configuration.list(Key::MeterValuesAlignedData), "Sample.Clock"),
                 now);
}

void Connector::collect(const MeterSnapshot& meter, Key measurands, const std::string& context,
                        const SentTime& timestamp) {
    auto values = sample(meter, context_.configuration.list(measurands), context);
    if (values.empty()) return;
    const int most = context_.configuration.integer(Key::StopTransactionMaxMeterValues);
    data_.add({timestamp, std::move(values)}, static_cast<std::size_t>(most), context_.effects);
}

/// Begin and end stand in transactionData as soon as anything does.
void Connector::collect_boundary(const MeterSnapshot& meter, const std::string& context, const Now& now) {
    const bool sampled = !context_.configuration.list(Key::StopTxnSampledData).empty();
    collect(meter, sampled ? Key::StopTxnSampledData : Key::StopTxnAlignedData, context,
            time_token(stamp(meter.taken_at, now), context_.settings.run));
}

void Connector::send_meter_values(const Now& now) {
    values_wanted_ = now.steady;
    if (!energy_is_fresh(now.steady) && !lost_cause_) refresh();
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
