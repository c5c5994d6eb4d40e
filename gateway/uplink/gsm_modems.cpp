// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/gsm_modems.hpp"

#include <algorithm>

namespace busbar::gateway {

ModemEvidence evidence_of(const Failover& failover, const std::string& uplink) {
    const auto& all = failover.uplinks();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one->settings().id == uplink; });
    if (found == all.end()) return {};  // of role local: nobody probes it
    const UplinkState state = (*found)->health().state();
    const bool offline = state == UplinkState::offline;
    return {.failing = offline || state <= UplinkState::no_address,
            .needed = failover.selection().active == uplink || all.size() == 1,
            .probe_failed = offline,
            .neutral_answers = state == UplinkState::server_silent};
}

bool wants_modems(const config::Config& config) {
    return config.network_manager &&
           std::any_of(config.uplinks.begin(), config.uplinks.end(),
                       [](const auto& uplink) { return uplink.kind == config::UplinkKind::gsm; });
}

GsmModems::GsmModems(const std::vector<config::Uplink>& uplinks, const Surroundings& around)
    : manager_(around.loop,
               {[this, changed = around.changed] {
                    for (const auto& care : cares_) care->on_modems();
                    changed();
                },
                around.network_time},
               around.log) {
    for (const auto& uplink : uplinks) {
        if (uplink.kind != config::UplinkKind::gsm) continue;
        const auto evidence = [ask = around.evidence, id = uplink.id] { return ask(id); };
        cares_.push_back(std::make_unique<ModemCare>(around.loop, manager_, uplink, around.pin_file, evidence,
                                                     around.log, around.power));
    }
}

void GsmModems::add_to(InterfacesFacts& interfaces) const {
    for (const auto& care : cares_) {
        auto hindrance = care->hindrance();
        if (!hindrance.empty()) interfaces[care->interface()].hindrance = std::move(hindrance);
    }
}

SimIdentity GsmModems::sim() const {
    for (const auto& care : cares_) {
        const auto* modem = care->modem();
        if (modem != nullptr && !modem->iccid.empty()) return {modem->iccid, modem->imsi};
    }
    return {};
}

const ModemCare* GsmModems::find(const std::string& uplink) const {
    const auto found = std::find_if(cares_.begin(), cares_.end(),
                                    [&](const auto& care) { return care->uplink() == uplink; });
    return found == cares_.end() ? nullptr : found->get();
}

}  // namespace busbar::gateway
