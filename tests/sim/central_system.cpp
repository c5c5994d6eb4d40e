// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/central_system.hpp"

#include <array>

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

constexpr Moment patience{20'000'000};  ///< for an answer to a request of ours
constexpr int most_refusals = 2;        ///< fewer than TransactionMessageAttempts

bool is_transaction_message(const Json& frame) {
    const auto& action = frame[2].get_ref<const std::string&>();
    if (action == "MeterValues") {
        const auto& first = frame[3]["meterValue"][0]["sampledValue"][0];
        return first.value("context", "") != "Trigger";
    }
    return action == "StartTransaction" || action == "StopTransaction";
}

}  // namespace

void CentralSystem::on_connected(ConnectionPtr connection) {
    if (connection_) connection_->server_open = false;
    connection_ = std::move(connection);
    accepted_ = false;
    open_request_.clear();
}

void CentralSystem::on_frame(const ConnectionPtr& connection, const Json& frame) {
    if (frame[0] == 2) return hear(connection, frame);
    if (frame[1] == open_request_) open_request_.clear();
}

void CentralSystem::hear(const ConnectionPtr& connection, const Json& frame) {
    const std::string id = frame[1];
    const std::string action = frame[2];
    world_.transcript.add(id_, "arrives", id);
    // Whoever was Accepted before need not boot again on a new connection.
    if (connection == connection_ && action != "BootNotification") accepted_ = boot_status_ == "Accepted";
    Known* message = nullptr;
    if (is_transaction_message(frame)) {
        message = &know(id, action);
        witness({id, action, &frame[3], message->transaction, message->refused_for_ever});
    }
    if (action == "StatusNotification") witness_status(frame[3]);
    const Manner manner = draw_manner(message);
    if (manner != Manner::never) answer(connection, frame, manner, message);
}

CentralSystem::Known& CentralSystem::know(const std::string& id, const std::string& action) {
    const auto [at, is_new] = known_.try_emplace(id);
    auto& message = at->second;
    if (!is_new) return message;
    message.refused_for_ever = troubled_ && world_.random.chance(40);
    const bool is_start = action == "StartTransaction";
    if (is_start && refuses_tags_) message.tag_status = "Invalid";
    if (is_start && !message.refused_for_ever) message.transaction = next_transaction_++;
    return message;
}

CentralSystem::Manner CentralSystem::draw_manner(Known* message) {
    if (message != nullptr && message->refused_for_ever) return Manner::refuse;
    if (world_.clock.now() < asleep_until_) return Manner::never;
    if (!troubled_) return Manner::at_once;
    const auto draw = world_.random.below(100);
    if (draw < 4) return Manner::never;
    if (draw < 8) return Manner::late;
    if (draw < 11) return Manner::twice;
    if (draw >= 14 || (message != nullptr && ++message->refusals > most_refusals)) return Manner::at_once;
    return Manner::refuse;
}

Json CentralSystem::confirmation(const std::string& action, const Known* message) {
    const std::string now = ocpp::to_iso8601(world_.clock.true_utc());
    if (action == "BootNotification") {
        const int interval = boot_status_ == "Accepted" ? 30 : 7;
        return {{"status", boot_status_}, {"currentTime", now}, {"interval", interval}};
    }
    if (action == "Heartbeat") return {{"currentTime", now}};
    const Json accepted{{"status", "Accepted"}};
    if (action == "Authorize") {
        return {{"idTagInfo", {{"status", refuses_tags_ ? "Blocked" : "Accepted"}}}};
    }
    if (action == "StartTransaction") {
        return {{"idTagInfo", {{"status", message->tag_status}}}, {"transactionId", *message->transaction}};
    }
    return Json::object();
}

void CentralSystem::answer(const ConnectionPtr& connection, const Json& frame, Manner manner,
                           const Known* message) {
    const std::string id = frame[1];
    const std::string action = frame[2];
    const Moment delay = manner == Manner::late ? world_.between(Moment(4'000'000), Moment(45'000'000))
                                                : world_.between(Moment(1'000), Moment(80'000));
    if (manner == Manner::refuse) {
        const Json error = Json::array({4, id, "InternalError", "not today", Json::object()});
        return answer_after(delay, connection, ocpp::to_text(error));
    }
    if (action == "BootNotification" && connection == connection_) accepted_ = boot_status_ == "Accepted";
    const std::string text = ocpp::to_text(Json::array({3, id, confirmation(action, message)}));
    answer_after(delay, connection, text);
    if (manner == Manner::twice) answer_after(delay * 2, connection, text);
}

void CentralSystem::answer_after(Moment delay, const ConnectionPtr& connection, const std::string& text) {
    world_.agenda.after(delay, [this, connection, text] {
        if (connection->server_open) send_down(world_, line_, connection, id_, text);
    });
}

bool CentralSystem::ask(const std::string& action, const Json& payload) {
    const bool waits = !open_request_.empty() && world_.clock.now() < asked_at_ + patience;
    if (!connection_ || waits) return false;
    open_request_ = "ask" + std::to_string(++requests_);
    asked_at_ = world_.clock.now();
    send_down(world_, line_, connection_, id_,
              ocpp::to_text(Json::array({2, open_request_, action, payload})));
    return true;
}

void CentralSystem::calm_down() {
    troubled_ = false;
    boot_status_ = "Accepted";
    asleep_until_ = Moment(0);
    refuses_tags_ = false;
}

}  // namespace busbar::simulation
