// SPDX-License-Identifier: Apache-2.0
#include "tests/ocpp/fake_csms.hpp"

#include <algorithm>

#include "ocpp/frame.hpp"
#include "ocpp/messages.hpp"

namespace busbar::ocpp::test {

/// The same for each repetition, whoever remembers: what follows the last '-' of the id, with the run.
int FakeCsms::transaction_id(const std::string& start_id) {
    int id = 17;
    for (const char c : start_id) id = (id * 31 + c) % 1'000'003;
    return id;
}

std::vector<FakeCsms::Heard> FakeCsms::heard(const std::string& action) const {
    std::vector<Heard> some;
    std::copy_if(heard_.begin(), heard_.end(), std::back_inserter(some),
                 [&](const Heard& one) { return one.action == action; });
    return some;
}

void FakeCsms::request(Bench& bench, const std::string& action, const Json& payload) {
    bench.receive(call_frame("csms-" + std::to_string(++requests_), action, to_text(payload)));
}

void FakeCsms::serve(Bench& bench) {
    while (!bench.seen.empty()) {
        const Seen seen = bench.seen.front();
        bench.seen.pop_front();
        if (std::holds_alternative<Restart>(seen.what)) on_restart();
        if (const auto* command = std::get_if<Command>(&seen.what)) {
            const auto* set = std::get_if<SetLimit>(command);
            if (set != nullptr) limits[set->connector] = set->limit.value();
        }
        if (const auto* text = std::get_if<std::string>(&seen.what)) {
            const Json frame = Json::parse(*text);
            if (frame.at(0) == 2) {
                hear(bench, frame, seen.at);
            } else {
                confirmations.push_back(frame.at(0) == 3 ? to_text(frame.at(2))
                                                         : frame.at(2).get<std::string>());
            }
        }
    }
}

void FakeCsms::hear(Bench& bench, const Json& frame, SteadyTime at) {
    const Heard call{frame.at(1), frame.at(2), frame.at(3)};
    if (!outstanding_.empty() && at < until_)
        complaints.push_back(call.action + " while " + outstanding_ + " is unanswered");
    if (!accepted_ && call.action != "BootNotification")
        complaints.push_back(call.action + " before Accepted");
    const auto same =
        std::find_if(heard_.begin(), heard_.end(), [&](const Heard& one) { return one.id == call.id; });
    if (same == heard_.end()) {
        heard_.push_back(call);
    } else if (same->action != call.action || same->payload != call.payload) {
        complaints.push_back("message id " + call.id + " came again with another content");
    }
    if (!answers(call)) {
        if (answered_.count(call.id) > 0) return;  // a late answer to its first copy freed the slot
        outstanding_ = call.id;
        until_ = at + (call.action == "BootNotification" ? Registration::answer_within : 30s);
        return;
    }
    outstanding_.clear();
    answered_.insert(call.id);
    if (call.action == "BootNotification") accepted_ = boot_status == "Accepted";
    bench.receive(result_frame(call.id, to_text(conf_of(call, bench))));
}

Json FakeCsms::conf_of(const Heard& call, Bench& bench) {
    const std::string time = to_iso8601(utc_at(bench.time()));
    if (call.action == "BootNotification") {
        return {{"status", boot_status}, {"currentTime", time}, {"interval", heartbeat_interval}};
    }
    if (call.action == "Heartbeat") return {{"currentTime", time}};
    const Json accepted{{"status", "Accepted"}};
    if (call.action == "Authorize") return {{"idTagInfo", accepted}};
    if (call.action == "StartTransaction") {
        return {{"idTagInfo", accepted}, {"transactionId", transaction_id(call.id)}};
    }
    return Json::object();
}

}  // namespace busbar::ocpp::test
