// SPDX-License-Identifier: Apache-2.0
// Hearing who is there before anything is asked.
#include <algorithm>

#include "adapters/scan.hpp"

namespace busbar::adapters {
namespace {

constexpr milliseconds elsewhere_for{1000};  // a master asks more often than that

/// Nobody speaks unasked there, or what is said is not for us to judge.
bool listens_in_vain(config::BusKind kind) {
    return kind == config::BusKind::tcp || kind == config::BusKind::keba_udp;
}

}  // namespace

/// A line that cannot be opened is told by the first ask.
void Scan::listen(SteadyTime now) {
    if (listens_in_vain(bus_.kind)) return stop_listening();
    const bool elsewhere = heard_elsewhere_.has_value();
    const auto open = elsewhere ? line_at_(listen_at_->front()) : listening_line();
    const auto heard = open ? (*open)->listen(listen_slice) : open.error();
    auto& all = elsewhere ? *heard_elsewhere_ : findings_.heard;
    if (heard) all.add(*heard);
    findings_.doing = elsewhere ? "listening: " + to_text(listen_at_->front()) : "listening";
    if (heard && now - listens_from_ < (elsewhere ? elsewhere_for : listen_for)) return;
    if (elsewhere && all.talker() != Talker::unknown && all.talker() != Talker::nobody) {
        all.at = to_text(listen_at_->front());
        findings_.heard = all;
        return stop_listening();
    }
    if (findings_.heard.talker() == Talker::unknown && listens_elsewhere(now)) return;
    stop_listening();
}

/// The line as it is set; on one for messages several protocols are, and one in service has just its own.
Result<Line*> Scan::listening_line() {
    using config::Protocol;
    for (const auto protocol : {Protocol::modbus, Protocol::abl, Protocol::rapi, Protocol::evcc1}) {
        auto line = line_at_({bus_, protocol});
        if (line || line.error().code != Errc::unsupported) return line;
    }
    return Error{Errc::unsupported, "a line of this kind cannot be listened to"};
}

/// On to the next setting, if there is one.
bool Scan::listens_elsewhere(SteadyTime now) {
    if (options_.scope.own_setting_only) return false;
    if (!listen_at_) {
        const auto settings = listening_settings(bus_);
        listen_at_.emplace(settings.begin(), settings.end());
    } else if (!listen_at_->empty()) {
        listen_at_->pop_front();
    }
    heard_elsewhere_.reset();
    if (listen_at_->empty()) return false;
    heard_elsewhere_.emplace();
    listens_from_ = now;
    return true;
}

void Scan::stop_listening() {
    if (findings_.heard.somebody() && !options_.anyway) return end(ScanEnd::line_in_use);
    later_ = cost_of(plan_sweep(bus_, *profiles_, options_.scope));
    begin(ScanPhase::known_models, plan_known_models(bus_, *profiles_, options_.scope));
}

}  // namespace busbar::adapters
