// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/uplink_verbs.hpp"

#include <nlohmann/json.hpp>

#include "gateway/ctl/answers.hpp"
#include "gateway/ctl/console.hpp"
#include "gateway/ctl/uplink_reports.hpp"

namespace busbar::ctl {
namespace {

constexpr seconds longest_test{60};

}  // namespace

int uplink_status(ApiClient& daemon, bool json) {
    return tell(daemon.get("/api/v1/uplinks"), json, uplinks_report);
}

int uplink_test(ApiClient& daemon, const std::string& uplink, bool json) {
    const auto answer = daemon.send("POST", "/api/v1/uplinks/" + uplink + "/test", "", longest_test);
    const int told = tell(answer, json, uplink_test_report);
    return told == done && !uplink_passed(answer->body) ? refused : told;
}

int uplink_prefer(ApiClient& daemon, const std::string& uplink, bool json) {
    const nlohmann::json wish{{"id", uplink.empty() ? nlohmann::json(nullptr) : nlohmann::json(uplink)}};
    return tell(daemon.send("POST", "/api/v1/uplinks/prefer", wish.dump()), json, uplinks_report);
}

}  // namespace busbar::ctl
