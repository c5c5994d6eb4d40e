// SPDX-License-Identifier: Apache-2.0
#include "ocpp/registration.hpp"

namespace busbar::ocpp {

void Registration::on_connected(SteadyTime now) {
    connected_ = true;
    if (!accepted() && !boot_at_) boot_at_ = now;
}

void Registration::on_disconnected() {
    connected_ = false;
    if (accepted()) boot_at_.reset();  // an interval still to wait holds across connections
}

void Registration::on_boot_conf(const BootNotificationConf& conf, SteadyTime now) {
    status_ = conf.status;
    silent_until_.reset();
    boot_at_.reset();
    if (accepted()) return;
    const seconds interval = conf.interval > 0 ? seconds(conf.interval) : own_interval;
    boot_at_ = now + interval;
    if (conf.status == RegistrationStatus::Rejected) silent_until_ = boot_at_;
}

bool Registration::silent(SteadyTime now) const {
    return silent_until_ && now < *silent_until_;
}

Allowed Registration::allowed(SteadyTime now) const {
    if (!connected_ || silent(now)) return Allowed::nothing;
    if (accepted()) return Allowed::everything;
    return pending() ? Allowed::triggered : Allowed::boot;
}

std::optional<SteadyTime> Registration::next_deadline() const {
    return connected_ ? boot_at_ : std::nullopt;
}

}  // namespace busbar::ocpp
