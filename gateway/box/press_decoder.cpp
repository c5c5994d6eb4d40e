// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/press_decoder.hpp"

namespace busbar::gateway {

bool Debounce::on_level(bool active, SteadyTime now) {
    if (active == active_) {
        other_since_.reset();
        return false;
    }
    if (!other_since_) other_since_ = now;
    if (now - *other_since_ < time_) return false;
    other_since_.reset();
    active_ = active;
    return true;
}

Press PressDecoder::on_level(bool active, SteadyTime now) {
    if (!active) released_once_ = true;
    if (!released_once_) return Press::none;
    const bool changed = contact_.on_level(active, now);
    if (changed && contact_.active()) {
        pressed_at_ = now;
        said_ = false;
        return Press::none;
    }
    if (!pressed_at_) return Press::none;
    const auto held = now - *pressed_at_;
    if (changed) {
        pressed_at_.reset();
        return held < longest_brief ? Press::brief : Press::none;
    }
    if (said_ || held < held_for) return Press::none;
    said_ = true;
    return Press::held;
}

bool PressDecoder::warns(SteadyTime now) const {
    return pressed_at_ && now - *pressed_at_ >= warning_after;
}

}  // namespace busbar::gateway
