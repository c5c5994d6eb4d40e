// SPDX-License-Identifier: Apache-2.0
// A line of messages with simulated boxes at its other end, over a clock that the test owns.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/frame_line.hpp"
#include "adapters/sim/arguments.hpp"
#include "adapters/sim/control.hpp"

namespace busbar::adapters::test {

class SimulatedFrames final : public FrameLine {
  public:
    /// `boxes` as busbar-sim's --box has them. `clock` moves on while an answer is waited for.
    SimulatedFrames(SteadyTime& clock, const std::vector<std::string>& boxes, TraceTap tap = {})
        : FrameLine("sim", std::move(tap), [&clock] { return clock; }), clock_(clock) {
        auto fleet = sim::make_fleet(boxes, 1, clock);
        const auto* protocol = fleet.value().protocol;
        datagrams_ = protocol->on_udp != nullptr;
        framing_ = datagrams_ ? protocol->on_udp() : protocol->on_serial();
        line_ = std::make_unique<sim::Line>(std::move(fleet.value().stations));
        control_ = std::make_unique<sim::Control>(*line_);
    }

    Result<SteadyTime> open() override { return SteadyTime{}; }
    void interrupt() override {}

    /// One line of busbar-sim's control language.
    std::string control(const std::string& request) { return control_->answer(request, clock_); }

    std::vector<std::string> sent;  ///< without line ends
    std::vector<SteadyTime> sent_at;
    bool echoes = false;  ///< what is sent comes back first

  private:
    Exchange<SteadyTime> transmit(std::string_view bytes) override {
        std::string text(bytes);
        while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.pop_back();
        sent.push_back(text);
        sent_at.push_back(clock_);
        if (echoes) messages_.push_back(text);
        framing_->feed({bytes.begin(), bytes.end()}, clock_);
        line_->serve(1, *framing_, clock_);
        return clock_;
    }

    Exchange<std::string> receive(SteadyTime deadline) override {
        for (;;) {
            for (const auto& outgoing : line_->take_due(clock_)) take(outgoing.bytes);
            if (!messages_.empty()) {
                auto message = std::move(messages_.front());
                messages_.pop_front();
                return message;
            }
            if (clock_ >= deadline) return ExchangeError{{Errc::timeout, "no answer"}};
            const auto next = line_->next_due();
            clock_ = next ? std::clamp(*next, clock_ + 1ms, std::max(deadline, clock_ + 1ms)) : deadline;
        }
    }

    void take(const sim::Bytes& bytes) {
        partial_.append(bytes.begin(), bytes.end());
        if (datagrams_) messages_.push_back(std::exchange(partial_, {}));
        for (auto end = partial_.find_first_of("\r\n"); end != std::string::npos;
             end = partial_.find_first_of("\r\n")) {
            if (end > 0) messages_.push_back(partial_.substr(0, end));
            partial_.erase(0, end + 1);
        }
    }

    SteadyTime& clock_;
    bool datagrams_ = false;
    std::unique_ptr<sim::Framing> framing_;
    std::unique_ptr<sim::Line> line_;
    std::unique_ptr<sim::Control> control_;
    std::deque<std::string> messages_;
    std::string partial_;
};

/// Plays the bus: polls and executes, and never lets a call make more than one exchange.
class BusOfOne {
  public:
    BusOfOne(Charger& charger, SimulatedFrames& line, SteadyTime& clock)
        : charger_(charger), line_(line), clock_(clock) {}

    void run(milliseconds duration) {
        const auto end = clock_ + duration;
        while (clock_ < end) {
            const auto next = watched([&] { return charger_.poll(clock_); });
            clock_ = next ? std::min(std::max(clock_, next->at), end) : clock_ + 100ms;
            if (next && next->done) ++cycles;
        }
    }

    Result<void> execute(const Command& command) {
        for (int i = 0; i < 1000; ++i) {
            const auto next = watched([&] { return charger_.execute(command, {"cause"}, clock_); });
            if (!next) return next.error();
            clock_ = std::max(clock_, next->at);
            if (next->done) return {};
        }
        return Error{Errc::timeout, "the command never ends"};
    }

    int cycles = 0;
    bool more_than_one = false;

  private:
    template <class Call>
    Result<Next> watched(Call call) {
        const auto before = line_.sent.size();
        auto next = call();
        more_than_one = more_than_one || line_.sent.size() > before + 1;
        return next;
    }

    Charger& charger_;
    SimulatedFrames& line_;
    SteadyTime& clock_;
};

}  // namespace busbar::adapters::test
