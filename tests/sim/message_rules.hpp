// SPDX-License-Identifier: Apache-2.0
// What becomes of transaction-related messages: saved before they are sent, sent in the order they were made,
// the same on every repetition, kept until they are answered (CONTRACT.md section 7).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ocpp/json_bridge.hpp"
#include "ocpp/saved.hpp"
#include "tests/sim/scene.hpp"

namespace busbar::simulation {

using ocpp::Json;

class MessageRules {
  public:
    explicit MessageRules(const Scene& scene) : scene_(scene) {}

    void on_process_end();
    /// After the first commit of an orderly stop nothing is in memory only.
    void on_orderly_stop();
    void on_enqueued(const ocpp::QueuedMessage& message);
    void on_dequeued(std::int64_t seq);
    void on_committed();
    void on_sent(const Json& frame);
    void on_received(const Json& frame);
    /// Looks at what should have been saved by now; `disk_good` since long enough.
    void on_time(bool disk_good);

    /// Every promise was kept.
    void expect_all_told();

  private:
    enum class Keeping { collected, perhaps, promised };
    struct Message {
        std::string action;
        std::optional<std::int64_t> seq;
        Keeping keeping = Keeping::collected;
        bool sent = false;
        bool done = false;  ///< answered, or refused as often as TransactionMessageAttempts says
        int refusals = 0;
        Moment first_sent{0};
        Json payload;
    };

    void check_saved(const std::string& id, const Message& message);
    void check_order(const std::string& id, Message& message);
    void check_repetition(const std::string& id, const Message& message, const Json& payload);
    void check_sample_age(const ocpp::QueuedMessage& message);

    Scene scene_;
    std::map<std::string, Message> messages_;
    std::map<std::int64_t, std::string> by_seq_;
    std::vector<std::string> collected_;     ///< since the last commit
    std::set<std::string> unsaved_samples_;  ///< sent, neither saved nor confirmed
    std::int64_t last_sent_seq_ = 0;
    std::int64_t last_seq_ = 0;
};

/// Belongs to a transaction and is repeated until answered; a triggered MeterValues does not.
bool is_queued_action(const Json& call);

}  // namespace busbar::simulation
