// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/message_rules.hpp"

#include "ocpp/date_time.hpp"

namespace busbar::simulation {
namespace {

constexpr int attempts = 3;  ///< TransactionMessageAttempts
constexpr Moment save_within{10'000'000};

}  // namespace

bool is_queued_action(const Json& call) {
    const auto& action = call[2].get_ref<const std::string&>();
    if (action != "MeterValues") return action == "StartTransaction" || action == "StopTransaction";
    return call[3]["meterValue"][0]["sampledValue"][0].value("context", "") != "Trigger";
}

void MessageRules::on_process_end() {
    for (const auto& id : collected_) messages_.at(id).keeping = Keeping::perhaps;
    collected_.clear();
    unsaved_samples_.clear();
    // What was not saved frees its number.
    last_sent_seq_ = 0;
    for (const auto& [id, message] : messages_) {
        const bool stays = message.sent && message.keeping == Keeping::promised;
        if (stays) last_sent_seq_ = std::max(last_sent_seq_, message.seq.value_or(0));
    }
}

void MessageRules::on_orderly_stop() {
    for (const auto& id : unsaved_samples_) {
        scene_.broken("an orderly stop loses nothing", "MeterValues " + id + " is not saved");
    }
}

void MessageRules::on_enqueued(const ocpp::QueuedMessage& message) {
    auto& entry = messages_[message.message_id];
    if (entry.seq && entry.seq != message.seq) {
        scene_.broken("one place in the queue", message.message_id + " is queued twice");
    }
    entry.action = message.action;
    entry.seq = message.seq;
    by_seq_[message.seq] = message.message_id;
    collected_.push_back(message.message_id);
    if (message.seq <= last_seq_ && entry.keeping == Keeping::promised) {
        scene_.broken("seq is never reused", message.message_id);
    }
    if (message.action == "MeterValues") check_sample_age(message);
}

/// The stamp of a sample tells when it was made; only while the clock is right.
void MessageRules::check_sample_age(const ocpp::QueuedMessage& message) {
    if (scene_.troubles.clock || scene_.troubles.disk) return;
    const Json payload = Json::parse(message.payload, nullptr, false);
    const auto made = ocpp::parse_iso8601(payload["meterValue"][0].value("timestamp", ""));
    const auto age = made ? scene_.world.clock.true_utc() - *made : milliseconds(0);
    // Made with values at most 5 s old.
    if (age > save_within + seconds(5)) {
        scene_.broken("samples are saved within 10 s", message.message_id);
    }
}

void MessageRules::on_dequeued(std::int64_t seq) {
    const auto found = by_seq_.find(seq);
    if (found == by_seq_.end()) return scene_.broken("only what is queued leaves", std::to_string(seq));
    const Message& message = messages_.at(found->second);
    if (!message.done) {
        scene_.broken("a message stays until it is answered",
                      message.action + " " + found->second + " was dropped");
    }
}

void MessageRules::on_committed() {
    for (const auto& id : collected_) {
        auto& message = messages_.at(id);
        message.keeping = Keeping::promised;
        last_seq_ = std::max(last_seq_, message.seq.value_or(0));
        unsaved_samples_.erase(id);
    }
    collected_.clear();
}

void MessageRules::on_sent(const Json& frame) {
    if (frame[0] != 2 || !is_queued_action(frame)) return;
    const std::string id = frame[1];
    auto& message = messages_[id];
    message.action = frame[2];
    // A commit that death interrupted may have reached the disk; what is sent then must stay.
    if (message.keeping == Keeping::perhaps && message.seq) message.keeping = Keeping::promised;
    check_saved(id, message);
    if (message.sent) return check_repetition(id, message, frame[3]);
    check_order(id, message);
    message.sent = true;
    message.first_sent = scene_.now();
    message.payload = frame[3];
    if (message.keeping != Keeping::promised && message.action == "MeterValues") unsaved_samples_.insert(id);
}

void MessageRules::check_saved(const std::string& id, const Message& message) {
    if (message.action == "MeterValues" || message.keeping == Keeping::promised) return;
    scene_.broken("saved before it is sent", message.action + " " + id);
}

void MessageRules::check_order(const std::string& id, Message& message) {
    if (!message.seq) return;
    if (*message.seq <= last_sent_seq_) {
        scene_.broken("messages leave in the order they were made", message.action + " " + id);
    }
    last_sent_seq_ = *message.seq;
}

void MessageRules::check_repetition(const std::string& id, const Message& message, const Json& payload) {
    if (message.payload == payload) return;
    Json before = message.payload;
    Json after = payload;
    // A stamp made while no time was known is worked out anew each time it is sent.
    if (scene_.troubles.clock) {
        for (Json* one : {&before, &after}) {
            one->erase("timestamp");
            one->erase("meterValue");
            one->erase("transactionData");
        }
    }
    if (before == after) return;
    scene_.broken("a repeated message has the same content", message.action + " " + id);
}

void MessageRules::on_received(const Json& frame) {
    if (frame[0] == 2) return;
    const auto found = messages_.find(frame[1].get<std::string>());
    if (found == messages_.end()) return;
    auto& message = found->second;
    if (frame[0] == 4) ++message.refusals;
    message.done = message.done || frame[0] == 3 || message.refusals >= attempts;
    if (message.done) unsaved_samples_.erase(found->first);
}

void MessageRules::on_time(bool disk_good) {
    if (!disk_good) return;
    for (const auto& id : unsaved_samples_) {
        if (scene_.now() > messages_.at(id).first_sent + save_within) {
            scene_.broken("samples are saved within 10 s", id);
        }
    }
}

void MessageRules::expect_all_told() {
    for (const auto& [id, message] : messages_) {
        if (message.keeping == Keeping::promised && !message.done) {
            scene_.broken("what was saved is told", message.action + " " + id);
        }
    }
}

}  // namespace busbar::simulation
