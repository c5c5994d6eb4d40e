// SPDX-License-Identifier: Apache-2.0
#include "ocpp/meter_sampler.hpp"

namespace busbar::ocpp {

MeterSampler::Decision MeterSampler::decide(SteadyTime now, seconds interval,
                                            std::optional<SteadyTime> reading) {
    const SteadyTime due = last_ + interval;
    if (interval == 0s || now < due) return Decision::nothing;
    const bool fresh = reading && reading != sampled_;
    const bool too_late = now >= due + give_up_after;
    if (fresh || too_late) {
        // The grid is kept unless it was missed by whole intervals (or the interval was shortened).
        last_ = now < due + interval ? due : now;
        refreshing_ = false;
        if (fresh) sampled_ = reading;
        return fresh ? Decision::sample : Decision::nothing;
    }
    if (refreshing_) return Decision::nothing;
    refreshing_ = true;
    return Decision::refresh;
}

std::optional<SteadyTime> MeterSampler::next_deadline(seconds interval) const {
    if (interval == 0s) return std::nullopt;
    return last_ + interval + (refreshing_ ? SteadyEpoch::duration(give_up_after) : SteadyEpoch::duration(0));
}

}  // namespace busbar::ocpp
