// SPDX-License-Identifier: Apache-2.0
#include "gateway/turn.hpp"

#include <algorithm>
#include <utility>

namespace busbar::gateway {

void Turn::join(TurnMember& member) {
    if (std::find(members_.begin(), members_.end(), &member) == members_.end()) members_.push_back(&member);
    schedule_end();
}

void Turn::leave(const TurnMember& member) {
    members_.erase(std::remove(members_.begin(), members_.end(), &member), members_.end());
}

void Turn::schedule_end() {
    if (std::exchange(scheduled_, true)) return;
    at_end_([this] { end(); });
}

void Turn::end() {
    scheduled_ = false;
    for (auto* member : members_) member->before_commit();
    const bool committed = commit();
    const auto members = committed ? std::exchange(members_, {}) : members_;
    for (auto* member : members) member->end_turn(committed);
}

bool Turn::commit() {
    if (awaits_retry_) return false;
    const auto result = store_.commit();
    if (result) {
        retry_.reset();
        if (std::exchange(store_failing_, false)) log_.info("store_recovered", "The disk takes data again.");
        return true;
    }
    if (!std::exchange(store_failing_, true)) {
        log_.error(
            "store_failed",
            "Nothing can be saved: " + result.error().detail +
                ". Charging goes on; transaction messages are held back until the disk takes data again.");
    }
    awaits_retry_ = true;
    later_(retry_.next(random_()), [this] {
        awaits_retry_ = false;
        schedule_end();
    });
    return false;
}

}  // namespace busbar::gateway
