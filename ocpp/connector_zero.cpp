// SPDX-License-Identifier: Apache-2.0
#include "ocpp/connector_zero.hpp"

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// Energy and power of all connectors together; empty unless each of them is fresh. A power that one
/// connector does not tell is not told of all.
std::optional<MeterSnapshot> sum_of(const std::deque<Connector>& connectors, const Now& now) {
    MeterSnapshot sum;
    sum.energy = WattHours(0);
    sum.power = Watts(0);
    for (const auto& one : connectors) {
        const auto meter = one.fresh_snapshot(now);
        if (!meter || !meter->energy) return std::nullopt;
        *sum.energy += *meter->energy;
        sum.power = sum.power && meter->power ? std::optional(*sum.power + *meter->power) : std::nullopt;
    }
    return sum;
}

}  // namespace

void ConnectorZero::settle(const std::deque<Connector>& connectors, const Now& now) {
    report_status(now);
    sample_clock(connectors, now);
}

void ConnectorZero::report_status(const Now& now) {
    ConnectorStatus status;
    if (!context_.availability.operative(0)) status.status = ChargePointStatus::Unavailable;
    reporter_.update(status, stamp(now.steady, now));
    if (context_.online() && reporter_.take_due(now.steady, seconds(0))) push_status(now, false);
}

/// Marked as triggered: the reporter waits for no answer to it.
void ConnectorZero::report_list_conflict(const Now& now) {
    if (context_.online()) push_status(now, true, ChargePointErrorCode::LocalListConflict);
}

void ConnectorZero::push_status(const Now& now, bool triggered, ChargePointErrorCode error) {
    StatusNotificationReq request;
    request.errorCode = error;
    request.status = reporter_.present()->status.status;
    if (now.utc) request.timestamp = to_iso8601(*now.utc);
    context_.calls.push(
        {context_.new_message_id(), "StatusNotification", to_text(encode(request)), triggered, 0, 0});
}

/// The connectors ask for fresh values themselves, at the same grid times.
void ConnectorZero::sample_clock(const std::deque<Connector>& connectors, const Now& now) {
    const auto interval = context_.configuration.interval(Key::ClockAlignedDataInterval);
    const auto meter = interval > 0s ? sum_of(connectors, now) : std::nullopt;
    const auto due = clock_sampler_.decide(now, interval, meter.has_value()).sample;
    if (!due) return;
    auto values = sample(*meter, context_.configuration.list(Key::MeterValuesAlignedData), "Sample.Clock");
    if (values.empty()) return;
    MeterValuesReq request;
    request.meterValue.push_back({to_iso8601(*due), std::move(values)});
    context_.calls.transactions().add({0, context_.new_message_id(), "MeterValues", to_text(encode(request))},
                                      TransactionQueue::Durability::soon, now.steady, context_.effects);
}

}  // namespace busbar::ocpp
