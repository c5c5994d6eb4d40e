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

/// Never raised to the charger's minimum: less than it can offer is a pause.
Amperes at_least_minimum(const Context& context, Amperes limit) {
    return limit < context.capabilities.min_current ? Amperes(0) : limit;
}

}  // namespace

Amperes Limiter::allowed(Context& context, const Transaction& transaction, const Now& now) {
    const Sharing sharing{context.ledger.count_open(), context.ledger.open_before(connector_),
                          context.capabilities.min_current};
    const auto by_profiles = context.profiles.allowed(connector_, {transaction.local_id, transaction.start},
                                                      context.supply(), now, sharing);
    if (by_profiles.next_change && now.utc) next_change_ = now.steady + (*by_profiles.next_change - *now.utc);
    const Amperes own = context.max_current();
    return at_least_minimum(context, std::min(own, by_profiles.limit.value_or(own)));
}

void Limiter::update(Context& context, const Transaction* transaction, bool hold_back, const Now& now) {
    next_change_.reset();
    const bool may_offer = transaction != nullptr && !hold_back;
    demand_ = may_offer ? allowed(context, *transaction, now) : Amperes(0);
    const Amperes limit = at_least_minimum(context, below_ceiling(demand_, context, connector_));
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

std::optional<SteadyTime> Limiter::next_deadline() const {
    return next_change_;
}

}  // namespace busbar::ocpp
