// SPDX-License-Identifier: Apache-2.0
// A central system that accepts everything and knows a repeated message by its id. It also watches that the
// charge point keeps the rules of the link.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ocpp/json_bridge.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp::test {

class FakeCsms {
  public:
    struct Heard {
        std::string id;
        std::string action;
        Json payload;
    };

    /// Which calls get an answer; by default all.
    std::function<bool(const Heard&)> answers = [](const Heard&) { return true; };
    int heartbeat_interval = 300;
    std::string boot_status = "Accepted";

    /// Takes everything the bench has seen and answers what is to be answered, until it is quiet.
    void serve(Bench& bench);
    /// Sends a request of ours. The answer is in `confirmations` once serve() has run.
    void request(Bench& bench, const std::string& action, const Json& payload);

    /// Every message once, in the order they first came.
    [[nodiscard]] const std::vector<Heard>& heard() const { return heard_; }
    [[nodiscard]] std::vector<Heard> heard(const std::string& action) const;
    [[nodiscard]] static int transaction_id(const std::string& start_id);
    [[nodiscard]] bool accepted() const { return accepted_; }

    std::vector<std::string> confirmations;  ///< payloads, or the code of a CALLERROR
    std::vector<std::string> complaints;     ///< rules that were broken
    std::map<int, double> limits;            ///< last limit commanded, by connector

    /// The link is new: nothing is outstanding.
    void on_link_lost() { outstanding_.clear(); }
    /// The charge point is new: it must boot first.
    void on_restart() {
        on_link_lost();
        accepted_ = false;
    }

  private:
    void hear(Bench& bench, const Json& call, SteadyTime at);
    [[nodiscard]] Json conf_of(const Heard& call, Bench& bench);

    std::vector<Heard> heard_;
    std::string outstanding_;  ///< the call that we have not answered ...
    SteadyTime until_;         ///< ... and that is given up at this time
    std::set<std::string> answered_;
    bool accepted_ = false;
    int requests_ = 0;
};

}  // namespace busbar::ocpp::test
