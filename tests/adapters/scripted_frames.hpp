// SPDX-License-Identifier: Apache-2.0
// A line of messages that answers as a test says.
#pragma once

#include <deque>
#include <functional>
#include <string>
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

    SteadyTime& clock_;
    std::deque<std::string> messages_;
};

}  // namespace busbar::adapters::test
