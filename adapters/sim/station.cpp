// SPDX-License-Identifier: Apache-2.0
// A box at its place on the line.
#include "adapters/sim/station.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace busbar::sim {

namespace {

/// Takes one from a count that is left; false: there was none.
bool use_up(int& count) {
    if (count == 0) {
        return false;
    }
    --count;
    return true;
}

}  // namespace

std::optional<Station::Answer> Station::request(const Bytes& payload, SteadyTime now) {
    ++requests_;
    last_request_ = now;
    if (faults_.silent || use_up(faults_.drop) || too_soon(now)) {
        return std::nullopt;
    }
    box_->advance(now);
    auto answer = box_->exchange(payload);
    if (!answer) {
        return std::nullopt;
    }
    SteadyTime due = std::max(now, last_answer_.value_or(now)) + box_->timing().answers_after;
    if (use_up(faults_.late)) {
        due += faults_.late_by;
    }
    last_answer_ = due;
    ++answers_;
    return Answer{std::move(*answer),      due,
                  use_up(faults_.garble),  use_up(faults_.dirty),
                  use_up(faults_.foreign), use_up(faults_.twice)};
}

void Station::broadcast(const Bytes& payload, SteadyTime now) {
    if (faults_.silent || !box_->hears_broadcasts()) {
        return;
    }
    box_->advance(now);
    box_->exchange(payload);
}

std::vector<Bytes> Station::take_notifications(SteadyTime now) {
    box_->advance(now);
    auto said = box_->take_notifications();
    if (faults_.silent) {
        said.clear();
    }
    return said;
}

bool Station::too_soon(SteadyTime now) {
    const Timing timing = box_->timing();
    if (!last_answer_ || timing.wants_gap == 0ms) {
        return false;
    }
    if (now < *last_answer_) {
        return timing.ignores_below > 0ms;  // still busy with the last one; no silence to measure yet
    }
    const auto gap = now - *last_answer_;
    if (gap < timing.wants_gap) {
        ++gap_violations_;
    }
    return gap < timing.ignores_below;
}

nlohmann::json Station::show(SteadyTime now) const {
    nlohmann::json shown = box_->show();
    shown["unit"] = unit_;
    shown["requests"] = requests_;
    shown["answers"] = answers_;
    shown["gap_violations"] = gap_violations_;
    shown["last_request_ms_ago"] = nullptr;
    if (last_request_) {
        shown["last_request_ms_ago"] = std::chrono::duration_cast<milliseconds>(now - *last_request_).count();
    }
    return shown;
}

}  // namespace busbar::sim
