// SPDX-License-Identifier: Apache-2.0
#include "ocpp/status_reporter.hpp"

namespace busbar::ocpp {

void StatusReporter::update(const ConnectorStatus& status, const Stamp& since) {
    if (!present_ || present_->status != status) present_ = Report{status, since};
}

bool StatusReporter::is_news() const {
    return present_ && sent_ != present_->status;
}

std::optional<StatusReporter::Report> StatusReporter::take_due(SteadyTime now, seconds minimum_duration) {
    const auto due = next_deadline(minimum_duration);
    if (!due || now < *due) return std::nullopt;
    sent_ = present_->status;
    if (under_way_.size() == most_under_way) under_way_.pop_front();
    under_way_.push_back(*sent_);
    return present_;
}

std::optional<SteadyTime> StatusReporter::next_deadline(seconds minimum_duration) const {
    if (!is_news()) return std::nullopt;
    return sent_ ? present_->since.steady + minimum_duration : present_->since.steady;
}

void StatusReporter::on_answered() {
    if (under_way_.empty()) return;
    answered_ = under_way_.front();
    under_way_.pop_front();
}

void StatusReporter::on_unanswered() {
    if (under_way_.empty()) return;
    answered_.reset();
    under_way_.pop_front();
}

void StatusReporter::on_link_lost() {
    if (!under_way_.empty()) answered_.reset();
    under_way_.clear();
    sent_ = answered_;
}

void StatusReporter::on_registered() {
    answered_.reset();
    on_link_lost();
}

}  // namespace busbar::ocpp
