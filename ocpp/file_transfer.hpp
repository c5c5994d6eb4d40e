// SPDX-License-Identifier: Apache-2.0
// What GetDiagnostics, GetLog and UpdateFirmware share: a usable location, attempts with pauses between them,
// and statuses that are told in order.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

/// Why a file cannot go to or come from `location`, as a sentence; empty: it can. Wanted is a URI with a
/// scheme out of `protocols` (the key SupportedFileTransferProtocols, "HTTPS,FTP", compared without case) and
/// a host. What the sentence says is fit for a log: it repeats no password of the location.
std::optional<std::string> location_problem(std::string_view location, std::string_view protocols);

/// The same file would be tried again with the same end: the location or the file is the trouble.
bool is_final(const Error& error);

/// `retries` is what follows the first attempt (errata sheet 3.50).
struct RetryPlan {
    static constexpr int default_retries = 2;
    static constexpr int most_retries = 20;
    static constexpr seconds default_interval{10};
    static constexpr seconds longest_interval{86400};

    int retries = default_retries;
    seconds interval = default_interval;

    /// As the request says, brought into 0 to most_retries and 1 s to longest_interval.
    static RetryPlan from(const std::optional<int>& retries, const std::optional<int>& interval);
};

/// The attempts of one transfer. Each has a number from 1 on, so that what is told of an earlier one is not
/// taken for news of the present one.
class Attempts {
  public:
    /// An attempt nobody tells the end of has failed after this.
    static constexpr seconds longest_attempt{3600};

    enum class End { none, success, retry, failure };

    /// `made` of an earlier run count; one that was cut off by a restart has failed.
    explicit Attempts(RetryPlan plan, int made = 0) : plan_(plan), made_(made) {}

    /// The number of the attempt to start now; empty: none is due. It runs from here on.
    std::optional<int> start_due(SteadyTime now);

    /// How the attempt ended. End::none: another one than that which runs, nothing changes.
    End on_done(int attempt, const Result<void>& result, SteadyTime now);

    /// End::retry or End::failure where an attempt took too long or none is left.
    End on_time(SteadyTime now);

    [[nodiscard]] const RetryPlan& plan() const { return plan_; }
    [[nodiscard]] int made() const { return made_; }
    [[nodiscard]] bool running() const { return running_; }
    /// The end of the attempt's time, or the start of the next one.
    [[nodiscard]] SteadyTime next_deadline() const { return at_; }

  private:
    End fail(SteadyTime now);

    RetryPlan plan_;
    int made_;
    bool running_ = false;
    SteadyTime at_;
};

/// One record that follows its owner's state and is written only where it differs.
class KeptRecord {
  public:
    /// As it was saved under this kind, if it was.
    KeptRecord(std::string_view kind, const std::vector<Record>& saved);

    [[nodiscard]] const std::string& body() const { return body_; }  ///< "": none
    void keep(std::string body, Effects& effects);                   ///< "": erases it

  private:
    std::string kind_;
    std::string body_;
};

/// The last word on a transfer: told even if it takes a restart.
bool is_last_word(DiagnosticsStatus status);

/// Statuses on their way to the central system, one at a time and in order. With the link up each is told.
/// While it is down a later one makes those before it history, which carries no time and would mislead: only
/// last words and the latest remain.
template <class Status>
class StatusOutbox {
  public:
    static constexpr std::size_t most_waiting = 8;  ///< one more drops the oldest
    static constexpr int most_tries = 5;            ///< sent on one link without any answer

    void push(Status status) {
        if (waiting_.size() == most_waiting) drop_front();
        waiting_.push_back(status);
    }

    /// What to send now; it is under way until one of the answers below or until the link is down.
    /// `online`: connected and Accepted.
    std::optional<Status> take(bool online) {
        if (!online) forget_history();
        if (!online || under_way_ || waiting_.empty()) return std::nullopt;
        under_way_ = true;
        ++tries_;
        return waiting_.front();
    }

    /// A CALLERROR is an answer too.
    void on_answered() {
        if (under_way_) drop_front();
    }
    /// It is sent again.
    void on_unanswered() {
        if (tries_ >= most_tries) return on_answered();
        under_way_ = false;
    }

    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    /// The newest that is not told yet.
    [[nodiscard]] std::optional<Status> latest() const {
        return waiting_.empty() ? std::nullopt : std::optional(waiting_.back());
    }
    [[nodiscard]] std::vector<Status> last_words() const {
        std::vector<Status> words;
        std::copy_if(waiting_.begin(), waiting_.end(), std::back_inserter(words),
                     [](Status status) { return is_last_word(status); });
        return words;
    }

  private:
    void drop_front() {
        waiting_.pop_front();
        under_way_ = false;
        tries_ = 0;
    }
    void forget_history() {
        under_way_ = false;
        tries_ = 0;
        if (waiting_.empty()) return;
        const auto history = std::remove_if(waiting_.begin(), waiting_.end() - 1,
                                            [](Status status) { return !is_last_word(status); });
        waiting_.erase(history, waiting_.end() - 1);
    }

    std::deque<Status> waiting_;
    bool under_way_ = false;
    int tries_ = 0;
};

}  // namespace busbar::ocpp
