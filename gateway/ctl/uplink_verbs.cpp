// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/uplink_verbs.hpp"

#include <nlohmann/json.hpp>

#include "gateway/ctl/console.hpp"
#include "gateway/ctl/reports.hpp"
#include "gateway/ctl/uplink_reports.hpp"

namespace busbar::ctl {
namespace {

constexpr seconds longest_test{60};

/// Prints a good answer; explains another.
int tell(const Result<ApiAnswer>& answer, bool as_json, Result<std::string> (*report)(std::string_view)) {
    if (!answer) {
        complain(answer.error().detail);
        return unreachable;
    }
    if (!answer->ok()) {
        if (as_json) print(answer->body + '\n');
        return refuse(problem_text(answer->body));
    }
    const auto text = as_json ? Result<std::string>(answer->body + '\n') : report(answer->body);
    if (!text) return refuse(text.error().detail);
    print(*text);
    return done;
}

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
