// SPDX-License-Identifier: Apache-2.0
#include "ocpp/call_queue.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp {
namespace {

bool may_go(const OutgoingCall& call, Allowed allowed) {
    switch (allowed) {
        case Allowed::nothing:
            return false;
        case Allowed::boot:
            return call.action == "BootNotification";
        case Allowed::triggered:
            return call.action == "BootNotification" || call.triggered;
        case Allowed::everything:
            return true;
    }
    return false;
}

/// CONTRACT.md section 7: a MeterValues may be sent at once.
bool needs_disk(const QueuedMessage& message) {
    return message.action != "MeterValues";
}

OutgoingCall as_call(const QueuedMessage& message) {
    return {message.message_id, message.action, message.payload, false, 0, message.seq};
}

}  // namespace

void CallQueue::push(OutgoingCall call) {
    if (waiting_.size() >= most_waiting) {
        const auto repeatable = [](const Waiting& waiting) {
            return waiting.call.action == "StatusNotification" || waiting.call.action == "Heartbeat";
        };
        const auto oldest = std::find_if(waiting_.begin(), waiting_.end(), repeatable);
        waiting_.erase(oldest == waiting_.end() ? waiting_.begin() : oldest);
    }
    waiting_.push_back({std::move(call), transactions_.last_seq()});
}

bool CallQueue::overtakes(const Waiting& waiting, std::int64_t head_seq) const {
    return head_seq <= backlog_until_ || waiting.made_after < head_seq;
}

std::optional<OutgoingCall> CallQueue::next(SteadyTime now, Allowed allowed) const {
    if (outstanding_) return std::nullopt;
    const QueuedMessage* head = allowed == Allowed::everything ? transactions_.head(now) : nullptr;
    if (held_ && head != nullptr && needs_disk(*head)) head = nullptr;
    for (const auto& waiting : waiting_) {
        if (!may_go(waiting.call, allowed)) continue;
        if (head != nullptr && !overtakes(waiting, head->seq)) break;
        return waiting.call;
    }
    if (head == nullptr) return std::nullopt;
    return as_call(*head);
}

void CallQueue::sent(const OutgoingCall& call, SteadyTime deadline) {
    const auto same = [&](const Waiting& waiting) { return waiting.call.id == call.id; };
    waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), same), waiting_.end());
    outstanding_ = call;
    deadline_ = deadline;
}

void CallQueue::hold(bool open_one_held) {
    held_ = true;
    if (!open_one_held) return;
    outstanding_.reset();
    deadline_.reset();
}

std::optional<OutgoingCall> CallQueue::answered(const std::string& id) {
    if (!outstanding_ || outstanding_->id != id) return std::nullopt;
    deadline_.reset();
    return std::exchange(outstanding_, std::nullopt);
}

std::optional<OutgoingCall> CallQueue::expired(SteadyTime now) {
    if (!deadline_ || now < *deadline_) return std::nullopt;
    deadline_.reset();
    return std::exchange(outstanding_, std::nullopt);
}

std::optional<OutgoingCall> CallQueue::on_link_lost() {
    waiting_.clear();
    deadline_.reset();
    transactions_.forget_waits();
    return std::exchange(outstanding_, std::nullopt);
}

bool CallQueue::has(std::string_view action) const {
    const bool waits = std::any_of(waiting_.begin(), waiting_.end(),
                                   [&](const Waiting& waiting) { return waiting.call.action == action; });
    return waits || (outstanding_ && outstanding_->action == action);
}

}  // namespace busbar::ocpp
