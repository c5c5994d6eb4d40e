// SPDX-License-Identifier: Apache-2.0
// A configuration key that was Accepted keeps its value, whatever dies meanwhile.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "ocpp/json_bridge.hpp"
#include "tests/sim/scene.hpp"

namespace busbar::simulation {

using ocpp::Json;

class KeyRules {
  public:
    explicit KeyRules(const Scene& scene) : scene_(scene) {}

    /// Changes that were not answered may have been made or not.
    void on_link_or_process_lost() {
        for (const auto& [id, request] : asked_) accepted_.erase(request.value("key", ""));
        asked_.clear();
    }

    void on_received(const Json& frame) {
        if (frame[0] == 2 && frame[2] == "ChangeConfiguration") asked_[frame[1]] = frame[3];
    }

    void on_sent(const Json& frame) {
        if (frame[0] != 3) return;
        const auto found = asked_.find(frame[1].get<std::string>());
        if (found != asked_.end()) {
            const Json request = found->second;
            asked_.erase(found);
            // BootNotification.conf sets the HeartbeatInterval too.
            const bool ours_alone = request["key"] != "HeartbeatInterval";
            if (ours_alone && frame[2].value("status", "") == "Accepted")
                accepted_[request["key"]] = request["value"];
        }
        if (!frame[2].contains("configurationKey")) return;
        for (const auto& entry : frame[2]["configurationKey"]) {
            const auto known = accepted_.find(entry.value("key", ""));
            if (known == accepted_.end() || known->second == entry.value("value", "")) continue;
            if (is_asked(known->first)) continue;  // in force, and not confirmed before the disk has it
            scene_.broken("an Accepted key keeps its value",
                          known->first + " is " + entry.value("value", "") + ", was set to " + known->second);
        }
    }

  private:
    [[nodiscard]] bool is_asked(const std::string& key) const {
        return std::any_of(asked_.begin(), asked_.end(),
                           [&](const auto& one) { return one.second.value("key", "") == key; });
    }

    Scene scene_;
    std::map<std::string, Json> asked_;
    std::map<std::string, std::string> accepted_;
};

}  // namespace busbar::simulation
