// SPDX-License-Identifier: Apache-2.0
// A charge point of two connectors on the bench, led by a script of any bytes, and held to the rules of the
// link after every line. README.md says what a line can be.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ocpp/frame.hpp"
#include "tests/ocpp/bench.hpp"

namespace busbar::fuzz {

/// Who answers the calls of the charge point: a central system that accepts everything, or the script.
enum class Answers { willing, scripted };

class Conversation {
  public:
    explicit Conversation(Answers answers);

    void run(std::string_view script);
    void step(std::string_view line);

  private:
    // What a line does.
    void request(std::string_view line);
    void receive_raw(std::string_view frame);
    void answer(std::string_view payload);
    void refuse(std::string_view rest);
    void look(std::string_view words);
    void show(std::string_view word, ocpp::test::FakeCharger& charger);
    void pass(std::string_view seconds);
    void connect(std::string_view);
    void disconnect(std::string_view);
    void cut_power(std::string_view words);
    void end_transfer(std::string_view why_not);
    void toggle_clock(std::string_view);
    void jam_lock(std::string_view);
    void put_record(std::string_view record);

    // What the charge point does with it.
    void serve();
    void hear(const std::string& frame, SteadyTime at);
    void hear_call(const ocpp::Call& call, SteadyTime at);
    void hear_answer(const std::string& id);
    void hear_command(const Command& command) const;
    void forget_link();
    void check() const;
    [[nodiscard]] bool may_be_silent() const;

    Answers answers_;
    ocpp::test::Bench bench_;
    int requests_ = 0;
    int transactions_ = 6;  ///< ids count from 7 on, as in the scenarios
    int ticks_left_;
    bool transfer_begun_ = false;
    std::map<std::string, int> owed_;  ///< answers the charge point still has to give, by message id
    std::optional<SteadyTime> unlocking_since_;
    struct Open {
        std::string id;
        SteadyTime since;
    };
    std::optional<Open> open_;  ///< the call that we have not answered
};

}  // namespace busbar::fuzz
