// SPDX-License-Identifier: Apache-2.0
// The limit frame at once when it changes, then at its repeat time.
#include "adapters/frame_charger.hpp"

#include <algorithm>
#include <utility>

#include "adapters/frame_template.hpp"

namespace busbar::adapters {
namespace {

LimitBounds bounds(const config::Limit& limit) {
    return {Amperes(limit.min_a), Amperes(limit.max_a), Amperes(limit.step_a)};
}

}  // namespace

FrameCharger::FrameCharger(config::Profile profile, Placement placement, bool has_meter, FrameLine& line,
                           Log log)
    : profile_(std::move(profile)),
      placement_(std::move(placement)),
      has_meter_(has_meter),
      line_(line),
      log_(std::move(log)) {}

Capabilities FrameCharger::capabilities() const {
    Capabilities able;
    able.phases = std::min(profile_.phases, placement_.installation.phases);
    able.min_current = Amperes(profile_.limit->min_a);
    able.max_current = Amperes(profile_.limit->max_a);
    able.step = Amperes(profile_.limit->step_a);
    return able;
}

std::vector<Reading> FrameCharger::snapshot() const {
    if (!reading_) return {};
    return {*reading_};
}

Result<Next> FrameCharger::poll(SteadyTime now) {
    // After our own restart the box goes on with what it was told: nothing is said before a limit is known.
    if (!wanted_) {
        if (const auto opened = line_.open(); !opened) return opened.error();
        return Next{false, now + profile_.frames->repeat};
    }
    if (now < repeat_at_) return Next{false, repeat_at_};
    return tell({}, now);
}

Result<Next> FrameCharger::execute(const Command& command, const Cause& cause, SteadyTime now) {
    if (const auto* limit = std::get_if<SetLimit>(&command)) return set_limit(limit->limit, cause, now);
    if (std::holds_alternative<Refresh>(command) && wanted_) return tell_now(cause, now);
    return Error{Errc::unsupported, "this charger takes a current limit and nothing else"};
}

Result<Next> FrameCharger::set_limit(Amperes limit, const Cause& cause, SteadyTime now) {
    wanted_ = feasible(limit, bounds(*profile_.limit), placement_.installation.max_current);
    if (told_ == wanted_) return Next{true, now};
    return tell_now(cause, now);
}

Result<Next> FrameCharger::tell_now(const Cause& cause, SteadyTime now) {
    auto told = tell(cause, now);
    if (told && told->done) return Next{true, now};
    return told;
}

Result<Next> FrameCharger::tell(const Cause& cause, SteadyTime now) {
    const auto opened = line_.open();
    if (!opened) return opened.error();
    auto ready = *opened + profile_.pacing.delay_after_connect;
    if (const auto last = line_.last_answer(placement_.unit))
        ready = std::max(ready, last->at + profile_.pacing.gap);
    if (ready > now) return Next{false, ready};

    const auto current = *wanted_;
    const bool pauses = current <= Amperes(0);
    const auto frame = render_frame(profile_.frames->limit,
                                    pauses ? Amperes(profile_.limit->pause_value.value_or(0)) : current);
    if (!frame) return frame.error();
    const auto told = line_.tell(placement_.unit, *frame, {profile_.pacing.reply_timeout, cause});
    if (!told) {
        told_.reset();
        return Error{told.error().code, told.error().detail};
    }
    told_ = current;
    repeat_at_ = now + profile_.frames->repeat;
    Reading reading;
    reading.taken_at = now;
    reading.offered = current;
    reading.state = pauses ? CpState::B1 : has_meter_ ? CpState::C2 : CpState::B2;
    reading_ = reading;
    return Next{true, repeat_at_};
}

}  // namespace busbar::adapters
