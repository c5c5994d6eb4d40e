// SPDX-License-Identifier: Apache-2.0
// The central system of one charge point: answers, refuses, answers late, twice or never, and asks for
// things. It knows a repeated message by its id.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/sim/simulated_link.hpp"

namespace busbar::simulation {

class CentralSystem final : public Server {
  public:
    /// A transaction-related message, each time it is heard; `transaction` is the id StartTransaction gets.
    struct Heard {
        std::string id;
        std::string action;
        const Json* payload;
        std::optional<int> transaction;
        bool refused_for_ever;
    };

    CentralSystem(World& world, const Line& line, std::string id, bool troubled)
        : world_(world), line_(line), id_(std::move(id)), troubled_(troubled) {}

    std::function<void(const Heard&)> witness = [](const Heard&) {};
    std::function<void(const Json& request)> witness_status = [](const Json&) {};

    void on_connected(ConnectionPtr connection) override;
    void on_frame(const ConnectionPtr& connection, const Json& frame) override;

    /// One at a time; false: there is no link, or the last one waits for its answer.
    bool ask(const std::string& action, const Json& payload);

    /// From now on it accepts and answers at once.
    void calm_down();
    void set_boot_status(std::string status) { boot_status_ = std::move(status); }
    /// Answers nothing until then.
    void sleep_until(Moment when) { asleep_until_ = when; }
    void set_refuses_tags(bool refuses) { refuses_tags_ = refuses; }

    [[nodiscard]] bool accepted() const { return connection_ && accepted_; }
    [[nodiscard]] bool asleep() const { return world_.clock.now() < asleep_until_; }
    [[nodiscard]] bool has_connection() const { return connection_ != nullptr; }
    /// Transaction ids given out so far are below this.
    [[nodiscard]] int next_transaction() const { return next_transaction_; }

  private:
    struct Known {
        std::optional<int> transaction;
        std::string tag_status = "Accepted";
        bool refused_for_ever = false;
        int refusals = 0;
    };
    enum class Manner { at_once, late, twice, never, refuse };

    void hear(const ConnectionPtr& connection, const Json& frame);
    Known& know(const std::string& id, const std::string& action);
    Manner draw_manner(Known* message);
    void answer(const ConnectionPtr& connection, const Json& frame, Manner manner, const Known* message);
    [[nodiscard]] Json confirmation(const std::string& action, const Known* message);
    void answer_after(Moment delay, const ConnectionPtr& connection, const std::string& text);

    World& world_;
    const Line& line_;
    std::string id_;
    bool troubled_;

    ConnectionPtr connection_;
    bool accepted_ = false;
    std::string boot_status_ = "Accepted";
    Moment asleep_until_{0};
    bool refuses_tags_ = false;
    std::map<std::string, Known> known_;
    int next_transaction_ = 0;
    std::string open_request_;
    Moment asked_at_{0};
    int requests_ = 0;
};

}  // namespace busbar::simulation
