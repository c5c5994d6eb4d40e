// SPDX-License-Identifier: Apache-2.0
// The rules of one connection: one open CALL, nothing but BootNotification before Accepted, every answer
// belongs to a question and every question is answered.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "ocpp/json_bridge.hpp"
#include "tests/sim/scene.hpp"

namespace busbar::simulation {

using ocpp::Json;

class LinkRules {
  public:
    explicit LinkRules(const Scene& scene) : scene_(scene) {}

    /// The process, or the charge point after a Reset, knows nothing of earlier answers.
    void on_fresh_start();
    void on_connected();
    /// A CALL that a bad disk held back is late; its time-out runs from when it was made.
    void on_disk(bool good);
    void on_sent(const Json& frame);
    void on_received(const Json& frame);

    [[nodiscard]] bool accepted() const { return registration_ == "Accepted"; }
    /// A CALL waits for its answer.
    [[nodiscard]] bool waits() const { return open_call_.has_value(); }
    /// For the end: everything asked on this connection was answered.
    void expect_all_answered();

  private:
    struct OpenCall {
        std::string id;
        std::string action;
        Moment until;
    };

    void on_call_sent(const Json& frame);
    void check_registration(const std::string& action);
    void check_answer(const Json& frame);

    Scene scene_;
    std::string registration_;
    std::optional<OpenCall> open_call_;
    std::set<std::string> triggered_;           ///< actions asked for by TriggerMessage on this connection
    std::map<std::string, std::string> asked_;  ///< requests without answer: id, action
    std::optional<Moment> disk_bad_at_;
};

}  // namespace busbar::simulation
