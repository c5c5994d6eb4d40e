// SPDX-License-Identifier: Apache-2.0
// Requests that take their time: UnlockConnector and Reset.
#include "ocpp/charge_point.hpp"
#include "ocpp/frame.hpp"

namespace busbar::ocpp {

void ChargePoint::follow_unlocking(const Now& now) {
    if (!unlocking_) return;
    if (now.steady >= unlocking_->since + unlock_patience) return answer_unlock(UnlockStatus::UnlockFailed);
    if (unlocking_->command || connector(unlocking_->connector)->in_transaction()) return;
    unlocking_->command = context_.new_effect_id();
    context_.run(*unlocking_->command, Unlock{unlocking_->connector});
}

void ChargePoint::answer_unlock(UnlockStatus status) {
    send(result_frame(unlocking_->call, to_text(encode(UnlockConnectorConf{status}))));
    unlocking_.reset();
}

void ChargePoint::begin_restart(bool hard, const Now& now) {
    if (restarting_) return;
    context_.restarting = true;
    context_.save({std::string(reset_record), "", ""});
    restarting_ = Restarting{hard && context_.capabilities.reboot, now.steady, std::nullopt,
                             context_.configuration.integer(Key::ResetRetries)};
    for (auto& one : connectors_) one.stop(hard ? Reason::HardReset : Reason::SoftReset, now);
}

void ChargePoint::reboot_charger() {
    restarting_->reboot = context_.new_effect_id();
    context_.run(*restarting_->reboot, Reboot{});
}

void ChargePoint::on_rebooted(const Result<void>& result) {
    if (result || restarting_->retries == 0) {
        restarting_->hard = false;
    } else {
        --restarting_->retries;
        reboot_charger();
    }
}

bool ChargePoint::finish_restart(const Now& now) {
    const bool busy = in_transaction();
    const bool unsent = context_.online() && !context_.calls.transactions().empty();
    if (busy || (unsent && now.steady < restarting_->since + reset_patience)) return false;
    if (restarting_->hard && now.steady < restarting_->since + reset_patience + reboot_patience) {
        if (!restarting_->reboot) reboot_charger();
        return true;
    }
    restarting_.reset();
    for (auto& one : connectors_) one.forget_finished();
    context_.effects.emplace_back(Restart{});
    return true;
}

}  // namespace busbar::ocpp
