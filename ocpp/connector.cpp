// SPDX-License-Identifier: Apache-2.0
// Facts, status, time.
#include "ocpp/connector.hpp"

#include <algorithm>

#include "ocpp/deferred.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

const Record* find_record(const std::vector<Record>& saved, std::string_view kind, ConnectorId id) {
    const auto found = std::find_if(saved.begin(), saved.end(), [&](const Record& record) {
        return record.kind == kind && record.key == std::to_string(id);
    });
    return found == saved.end() ? nullptr : &*found;
}

std::string open_transaction_on(ConnectorId id, TransactionLedger& ledger) {
    const Transaction* open = ledger.find_open(id);
    return open == nullptr ? std::string() : open->local_id;
}

std::string_view body_of(const Record* record) {
    return record == nullptr ? std::string_view() : record->body;
}

}  // namespace

Connector::Connector(ConnectorId id, Context& context, const std::vector<Record>& saved)
    : id_(id),
      context_(context),
      energy_(body_of(find_record(saved, energy_record_kind, id))),
      limiter_(id, body_of(find_record(saved, PhaseChoice::record_kind, id)),
               OwnSchedule(body_of(find_record(saved, OwnSchedule::record_kind, id)),
                           open_transaction_on(id, context.ledger))),
      data_(open_transaction_on(id, context.ledger), saved) {
    const Json body = Json::parse(body_of(find_record(saved, record_kind, id)), nullptr, false);
    finishing_ = field(body, "finishing", false);
}

void Connector::start(const Now& now) {
    heard_at_ = now.steady;
    sampler_.start(now.steady);
    resume_stop(now);
    settle(now);
}

void Connector::on_reading(const Reading& reading, const Now& now) {
    reading_ = reading;
    heard_at_ = now.steady;
    last_error_.clear();
    lost_cause_.reset();
    flow_.update(reading, now.steady);
    energy_.update(reading, power_of(reading, context_.settings.voltage), in_transaction());
    if (energy_.should_save()) save_energy();
    watch_card(reading, now);
    watch_cable(reading, now);
    cable_known_ = cable_known_ || plugged() || reading.state == CpState::A;
    settle(now);
    limiter_.observe(context_, reading, flow_.flow(now.steady) == Flow::flowing, now.steady);
}

void Connector::on_failure(const Error& error, const Now& now) {
    last_error_ = error.detail;
    settle(now);
}

void Connector::settle(const Now& now) {
    settled_at_ = now.steady;
    check_lost(now.steady);
    expire_authorization(now.steady);
    end_deauthorized(now);
    if (!busy()) context_.availability.release(id_, context_.effects);
    if (transaction() == nullptr) update_status(now);  // Preparing is told before the transaction changes it
    try_start(now);
    sample_interval(now);
    sample_clock(now);
    send_wanted_values(now);
    limiter_.update(context_, transaction(), held_back(), now);
    try_finish_stop(now);
    if (!busy()) context_.availability.release(id_, context_.effects);
    limiter_.update(context_, transaction(), held_back(), now);
    update_status(now);
}

void Connector::charge_now(const Now& now) {
    if (const Transaction* running = transaction()) limiter_.charge_now(context_, *running);
    settle(now);
}

void Connector::check_lost(SteadyTime now) {
    if (lost_cause_ || now < heard_at_ + context_.settings.lost_after) return;
    lost_cause_ = last_error_.empty() ? "the charger does not answer" : last_error_;
    context_.note(LogLevel::warning, "charger_lost",
                  "The charger has not answered for " + std::to_string(context_.settings.lost_after.count()) +
                      " s: " + *lost_cause_,
                  {{"connector", std::to_string(id_)}});
}

bool Connector::faulted() const {
    const auto& present = reporter_.present();
    return !reading_ || lost_cause_ || !present || present->status.status == ChargePointStatus::Faulted ||
           reading_->locked_out;
}

ConnectorFacts Connector::facts(SteadyTime now) const {
    ConnectorFacts facts;
    facts.reading = reading_;
    facts.lost_cause = lost_cause_;
    facts.transaction = transaction() != nullptr;
    facts.authorising = authorization_.has_value();
    facts.finishing = finishing_;
    facts.operative = operative();
    facts.reserved = context_.reservations.shows_reserved(id_, context_.statuses);
    facts.offered = limiter_.offers();
    facts.starting = starting_until_ && now < *starting_until_ && facts.offered;
    facts.flow = flow_.flow(now);
    facts.previous = before_fault_;
    return facts;
}

void Connector::update_status(const Now& now) {
    const bool known = reading_ || lost_cause_;
    if (known && !stop_) {
        const ConnectorStatus status = derive_status(facts(now.steady));
        if (status.status != ChargePointStatus::Faulted) before_fault_ = status.status;
        reporter_.update(status, stamp(now.steady, now));
        context_.statuses.at(static_cast<std::size_t>(id_) - 1) = status.status;
    }
    report_status(now);
}

void Connector::report_status(const Now& now) {
    if (status_wanted_ && reporter_.present()) {
        status_wanted_ = false;
        push_status(*reporter_.present(), true, now);
    }
    if (!context_.online()) return;
    const auto minimum = context_.configuration.interval(Key::MinimumStatusDuration);
    if (const auto report = reporter_.take_due(now.steady, minimum)) push_status(*report, false, now);
}

void Connector::push_status(const StatusReporter::Report& report, bool triggered, const Now& now) {
    StatusNotificationReq request;
    request.connectorId = id_;
    request.errorCode = report.status.error;
    request.status = report.status.status;
    if (!report.status.info.empty()) request.info = report.status.info;
    if (!report.status.vendor_error_code.empty()) request.vendorErrorCode = report.status.vendor_error_code;
    if (const auto since = utc_of(report.since, now)) request.timestamp = to_iso8601(*since);
    context_.calls.push(
        {context_.new_message_id(), "StatusNotification", to_text(encode(request)), triggered, id_, 0});
}

void Connector::send_status(const Now& now) {
    status_wanted_ = true;
    settle(now);
}

void Connector::on_link_lost(const Now& now) {
    reporter_.on_link_lost();
    status_wanted_ = false;
    if (question_) on_authorize_answer(std::string(question_->call), std::nullopt, now);
}

void Connector::set_finishing(bool finishing) {
    if (finishing_ == finishing) return;
    finishing_ = finishing;
    context_.save({std::string(record_kind), std::to_string(id_), to_text({{"finishing", finishing}})});
}

void Connector::save_energy() {
    context_.save({std::string(energy_record_kind), std::to_string(id_), energy_.record()});
    energy_.on_saved();
}

std::optional<SteadyTime> Connector::next_deadline() const {
    const auto& keys = context_.configuration;
    std::optional<SteadyTime> first;
    const auto consider = [&](const std::optional<SteadyTime>& deadline) {
        if (deadline && *deadline > settled_at_) first = first ? std::min(*first, *deadline) : *deadline;
    };
    consider(heard_at_ + context_.settings.lost_after);
    if (authorization_) consider(authorization_->since + keys.interval(Key::ConnectionTimeOut));
    if (start_refresh_) consider(*start_refresh_ + meter_freshness);
    if (values_wanted_) consider(*values_wanted_ + meter_freshness);
    if (stop_) consider(stop_->since + meter_freshness);
    if (can_be_sampled()) consider(clock_sampler_.next_deadline());
    if (transaction() != nullptr) {
        consider(sampler_.next_deadline(keys.interval(Key::MeterValueSampleInterval)));
        consider(flow_.next_deadline());
        consider(limiter_.next_deadline());
    }
    consider(starting_until_);
    consider(reporter_.next_deadline(keys.interval(Key::MinimumStatusDuration)));
    return first;
}

std::optional<LimitedBy> Connector::limited_by() const {
    const Transaction* running = transaction();
    if (running == nullptr || stop_) return std::nullopt;
    if (faulted()) return LimitedBy::charger;
    if (held_back()) return LimitedBy::central_system;
    const bool idle_car = reporter_.present()->status.status == ChargePointStatus::SuspendedEV;
    return idle_car ? LimitedBy::car : limiter_.limited_by();
}

ConnectorView Connector::view() const {
    ConnectorView view;
    view.id = id_;
    if (reporter_.present()) view.status = reporter_.present()->status;
    view.transaction = transaction();
    view.demand = limiter_.demand();
    view.minimum = context_.capabilities.min_current;
    view.lost = lost_cause_.has_value();
    view.limited_by = limited_by();
    if (view.limited_by) view.limit_until = limiter_.limited_until();
    view.charge_now = view.transaction != nullptr && limiter_.own_schedule().overridden(*view.transaction);
    view.local = context_.local_limits.of(id_);
    for (std::size_t phase = 0; reading_ && phase < view.currents.size(); ++phase) {
        const auto& measured = reading_->current[phase];
        if (!measured) continue;
        view.currents[phase] = measured->value;
        view.current = std::max(view.current.value_or(Amperes(0)), measured->value);
    }
    if (reading_ && reading_->state != CpState::unknown) view.plugged = plugged();
    view.wanted = limiter_.wanted();
    view.applied = limiter_.applied();
    view.confirmed = limiter_.confirmed();
    view.limit_refusal = limiter_.refusal();
    if (reading_) view.power = power_of(*reading_, context_.settings.voltage);
    if (energy_.value()) view.energy = energy_.value()->value;
    view.energy_origin = energy_.origin();
    return view;
}

}  // namespace busbar::ocpp
