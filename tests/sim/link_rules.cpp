// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/link_rules.hpp"

namespace busbar::simulation {
namespace {

constexpr Moment boot_timeout{20'000'000};
constexpr Moment longest_timeout{35'000'000};

}  // namespace

void LinkRules::on_disk(bool good) {
    if (!good) disk_bad_at_ = scene_.now();
}

void LinkRules::on_fresh_start() {
    registration_.clear();
    on_connected();
}

void LinkRules::on_connected() {
    open_call_.reset();
    triggered_.clear();
    asked_.clear();
}

void LinkRules::on_sent(const Json& frame) {
    if (!frame.is_array() || frame.size() < 3) {
        return scene_.broken("frames are OCPP-J", ocpp::to_text(frame));
    }
    frame[0] == 2 ? on_call_sent(frame) : check_answer(frame);
}

void LinkRules::on_call_sent(const Json& frame) {
    const std::string id = frame[1];
    const std::string action = frame[2];
    const bool waits_long = disk_bad_at_ && scene_.now() < *disk_bad_at_ + longest_timeout;
    if (open_call_ && scene_.now() < open_call_->until && !waits_long) {
        scene_.broken("one open CALL", action + " while " + open_call_->action + " is unanswered");
    }
    check_registration(action);
    const auto timeout = std::stoi(scene_.plan.settings.configuration.at("MessageTimeout"));
    const bool is_boot = action == "BootNotification";
    open_call_ = OpenCall{id, action, scene_.now() + (is_boot ? boot_timeout : Moment(seconds(timeout)))};
}

void LinkRules::check_registration(const std::string& action) {
    if (accepted() || action == "BootNotification") return;
    if (registration_ == "Pending" && triggered_.count(action) > 0) return;
    scene_.broken("nothing but BootNotification before Accepted",
                  action + " while " + (registration_.empty() ? "unregistered" : registration_));
}

void LinkRules::check_answer(const Json& frame) {
    if (asked_.erase(frame[1].get<std::string>()) == 0) {
        scene_.broken("an answer belongs to a question", ocpp::to_text(frame));
    }
}

void LinkRules::on_received(const Json& frame) {
    if (frame[0] == 2) {
        asked_[frame[1]] = frame[2];
        if (frame[2] == "TriggerMessage") triggered_.insert(frame[3].value("requestedMessage", ""));
        return;
    }
    if (!open_call_ || frame[1] != open_call_->id) return;
    const bool in_time = scene_.now() < open_call_->until;
    if (frame[0] == 3 && open_call_->action == "BootNotification" && in_time) {
        registration_ = frame[2].value("status", "");
    }
    open_call_.reset();
}

void LinkRules::expect_all_answered() {
    for (const auto& [id, action] : asked_) scene_.broken("every request is answered", action + " " + id);
}

}  // namespace busbar::simulation
