// SPDX-License-Identifier: Apache-2.0
#include "ocpp/limiter.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp {

namespace {

Amperes below_ceiling(Amperes limit, const Context& context, ConnectorId connector) {
    const auto& ceilings = context.ceilings;
    const auto ceiling = ceilings.find(connector);
    return ceiling == ceilings.end() ? limit : std::min(limit, ceiling->second);
}

/// The smallest of several limits and whose it is; of equal ones the first that was said.
struct Smallest {
    Amperes limit;
    LimitedBy by;

    void lower(const std::optional<Amperes>& other, LimitedBy whose) {
        if (!other || *other >= limit) return;
        limit = *other;
        by = whose;
    }
};

/// Never raised to the charger's minimum: less than it can offer is a pause.
Amperes at_least_minimum(const Context& context, Amperes limit) {
    return limit < context.capabilities.min_current ? Amperes(0) : limit;
}

AllowedCurrent allowed_by_profiles(Context& context, ConnectorId connector, const Transaction& transaction,
                                   int drawn_on, const Now& now) {
    const Sharing sharing{context.ledger.count_open(), context.ledger.open_before(connector),
                          context.capabilities.min_current};
    Supply supply = context.supply();
    supply.drawn_on = drawn_on;
    return context.profiles.allowed(connector, {transaction.local_id, transaction.start}, supply, now,
                                    sharing);
}

}  // namespace

Limiter::Allowed Limiter::allowed(Context& context, const Transaction& transaction, int drawn_on,
                                  const Now& now) {
    const auto by_profiles = allowed_by_profiles(context, connector_, transaction, drawn_on, now);
    if (by_profiles.next_change && now.utc) next_change_ = now.steady + (*by_profiles.next_change - *now.utc);
    Smallest smallest{context.capabilities.max_current, LimitedBy::charger};
    smallest.lower(context.settings.max_current, LimitedBy::installation);
    smallest.lower(by_profiles.limit, LimitedBy::central_system);
    if (const auto& held = own_.held())
        smallest.lower(held->limit, held->off_peak ? LimitedBy::off_peak : LimitedBy::delay);
    smallest.lower(context.local_limits.most(connector_), LimitedBy::local);
    return {at_least_minimum(context, smallest.limit), by_profiles.phases, smallest.by};
}

/// Sets the demand too, and whether the phases have to be switched first.
Amperes Limiter::wanted_limit(Context& context, const Transaction& transaction, const Now& now) {
    const auto below_all = [&](Amperes limit) {
        return at_least_minimum(context, below_ceiling(limit, context, connector_));
    };
    follow_own_schedule(context, transaction, now);
    const Allowed goal = allowed(context, transaction, 1, now);
    demand_ = goal.limit;
    limited_by_ = below_all(demand_) < demand_ ? LimitedBy::group : goal.by;
    const bool can = context.capabilities.switch_phases;
    if (!can && !phases_.ever_told()) return below_all(demand_);
    const int phases = goal.phases == 1 ? 1 : 3;
    const bool differs = can && phases_.differs(phases) && below_all(demand_) > Amperes(0);
    if (differs && phases_.may_tell(phases, now.steady)) switch_to_ = phases;
    if (switch_to_ || phases_.switching()) return Amperes(0);
    if (!phases_.on_one()) demand_ = allowed(context, transaction, context.supply().phases, now).limit;
    if (differs)
        next_change_ = std::min(next_change_.value_or(SteadyTime::max()), phases_.may_tell_at(phases));
    return below_all(demand_);
}

/// It goes by what the phases will be, not by those the charger may still be on: to switch them is no change.
void Limiter::follow_own_schedule(Context& context, const Transaction& transaction, const Now& now) {
    const auto& times = context.settings.times;
    if (!times.any()) return;
    const auto by_profiles = allowed_by_profiles(context, connector_, transaction, 1, now);
    const Amperes most = context.settings.max_current;
    own_.update(times, transaction,
                {std::min(by_profiles.limit.value_or(most), most), by_profiles.of_transaction},
                context.settings.boot_id, now);
    save_own_schedule(context);
}

void Limiter::save_own_schedule(Context& context) {
    if (auto body = own_.take_record()) {
        context.save({std::string(OwnSchedule::record_kind), std::to_string(connector_), std::move(*body)});
    }
}

void Limiter::charge_now(Context& context, const Transaction& transaction) {
    own_.charge_now(transaction, context.settings.boot_id);
    save_own_schedule(context);
}

void Limiter::see_to_phases(Context& context, SteadyTime now) {
    switch_to_.reset();
    const auto outcome = phases_.follow_up(now);
    if (outcome && outcome->has_error()) {
        context.note(LogLevel::warning, "phases_not_switched",
                     "The charger did not switch its phases; charging goes on below the limit for all of "
                     "them, and it is tried again later: " +
                         outcome->error().detail,
                     {{"connector", std::to_string(connector_)}});
    }
    save_phases(context);
}

void Limiter::save_phases(Context& context) {
    if (auto body = phases_.take_record()) {
        context.save({std::string(PhaseChoice::record_kind), std::to_string(connector_), std::move(*body)});
    }
}

void Limiter::update(Context& context, const Transaction* transaction, bool hold_back, const Now& now) {
    next_change_.reset();
    see_to_phases(context, now.steady);
    demand_ = Amperes(0);
    const bool may_offer = transaction != nullptr && !hold_back;
    command(context, may_offer ? wanted_limit(context, *transaction, now) : Amperes(0));
    if (const auto change = own_.next_deadline(); may_offer && change)
        next_change_ = std::min(next_change_.value_or(*change), *change);
    if (!switch_to_) return;
    const EffectId id = context.new_effect_id();
    phases_.tell(*switch_to_, id);
    save_phases(context);
    context.run(id, SetPhases{connector_, *switch_to_});
}

void Limiter::command(Context& context, Amperes limit) {
    if (wanted_ == limit) return;
    if (!offers()) {
        wakes_ = 0;
        has_charged_ = false;
        asleep_since_.reset();
    }
    const bool raised = limit > wanted();
    wanted_ = limit;
    command_ = context.new_effect_id();
    confirmed_ = false;
    if (raised) return context.raise(command_, {connector_, limit});
    context.lower(command_, {connector_, limit});
}

void Limiter::observe(Context& context, const Reading& reading, bool flowing, SteadyTime now) {
    if (std::exchange(unheard_, false)) {
        command_ = context.new_effect_id();
        confirmed_ = false;
        context.run(command_, SetLimit{connector_, wanted()});
    }
    if (phases_.contradicted(reading, now)) {
        context.note(LogLevel::warning, "phases_unknown",
                     "The charger may not be on one phase any more; the limit for all of them holds.",
                     {{"connector", std::to_string(connector_)}});
    }
    has_charged_ = has_charged_ || flowing;
    const bool asleep = offers() && reading.state == CpState::B2 && !has_charged_;
    if (!asleep) {
        asleep_since_.reset();
        return;
    }
    if (!asleep_since_) asleep_since_ = now;
    const seconds patience = wakes_ == 0 ? wake_after : wake_again_after;
    if (!context.capabilities.wake_up || wakes_ >= 2 || now - *asleep_since_ < patience) return;
    ++wakes_;
    asleep_since_ = now;
    context.note(LogLevel::info, "car_woken",
                 "The car does not ask for the current it is offered; waking it.");
    context.run(context.new_effect_id(), WakeUp{connector_});
}

void Limiter::on_done(EffectId id, const Result<void>& result) {
    phases_.on_done(id, result);
    if (id != command_) return;
    confirmed_ = result.has_value();
    if (confirmed_) applied_ = wanted_;
    refusal_ = confirmed_ ? std::string() : result.error().detail;
    // A driver keeps a limit in force that it could not deliver, but nobody says when it has: that is asked
    // for.
    unheard_ =
        result.has_error() && (result.error().code == Errc::timeout || result.error().code == Errc::garbled ||
                               result.error().code == Errc::unreachable);
}

std::optional<SteadyTime> Limiter::limited_until() const {
    const bool own = limited_by_ == LimitedBy::off_peak || limited_by_ == LimitedBy::delay;
    return own && own_.held() ? own_.held()->until : next_change_;
}

}  // namespace busbar::ocpp
