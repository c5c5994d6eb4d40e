// SPDX-License-Identifier: Apache-2.0
// A line of messages that answers as a test says.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/frame_line.hpp"

namespace busbar::adapters::test {

class ScriptedFrames final : public FrameLine {
  public:
    explicit ScriptedFrames(SteadyTime& clock, TraceTap tap = {})
        : FrameLine("scripted", std::move(tap), [&clock] { return clock; }), clock_(clock) {}

    Result<SteadyTime> open() override { return SteadyTime{}; }
    void interrupt() override {}

    /// What comes after a request, in order.
    std::function<std::vector<std::string>(const std::string& request)> answers;
    std::vector<std::string> sent;
    milliseconds waited{0};  ///< for the last message that did not come
    /// One message whose bytes come slowly: how many there are from when on, and when it is complete.
    std::string late_message;
    SteadyTime comes_at = SteadyTime::max();
    std::vector<std::pair<SteadyTime, std::size_t>> bytes_of_it;

  private:
    Exchange<SteadyTime> transmit(std::string_view bytes) override {
        sent.emplace_back(bytes);
        if (answers) {
            for (auto& message : answers(sent.back())) messages_.push_back(std::move(message));
        }
        return clock_;
    }
    Exchange<std::string> receive(SteadyTime deadline) override {
        if (messages_.empty()) {
            if (comes_at <= deadline) {
                clock_ = std::max(clock_, std::exchange(comes_at, SteadyTime::max()));
                bytes_of_it.clear();
                return late_message;
            }
            if (deadline > clock_) {
                waited = std::chrono::duration_cast<milliseconds>(deadline - clock_);
                clock_ = deadline;
            }
            return ExchangeError{{Errc::timeout, "no answer"}};
        }
        auto message = std::move(messages_.front());
        messages_.pop_front();
        return message;
    }

    [[nodiscard]] std::size_t unfinished() const override {
        std::size_t count = 0;
        for (const auto& [from, bytes] : bytes_of_it) count = from <= clock_ ? bytes : count;
        return count;
    }

    SteadyTime& clock_;
    std::deque<std::string> messages_;
};

}  // namespace busbar::adapters::test
