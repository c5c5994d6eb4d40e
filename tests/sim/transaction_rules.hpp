// SPDX-License-Identifier: Apache-2.0
// What the central system learns of transactions: each start has one stop, in order, with meter values that
// never fall and that the charger's register has shown.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ocpp/saved.hpp"
#include "tests/sim/central_system.hpp"
#include "tests/sim/scene.hpp"

namespace busbar::simulation {

class TransactionRules {
  public:
    explicit TransactionRules(const Scene& scene);

    /// The process was shown this value of a lifetime register; `exact` while it never fell back.
    void on_register_shown(ConnectorId connector, double watt_hours, bool exact);
    /// A look without it: before a process has seen it, energy is summed up from power and no copy of the
    /// register.
    void on_register_missing(ConnectorId connector);
    /// A Reset: what the charger has shown is forgotten.
    void on_fresh_start();
    void on_process_end();
    /// What a charge point begins from: open transactions that were promised are among it.
    void on_loaded(const ocpp::Saved& saved);
    /// At creation: the meter of a start or stop is what was shown.
    void on_enqueued(const ocpp::QueuedMessage& message);
    void on_committed();
    void on_heard(const CentralSystem::Heard& heard);

    /// A transaction that was begun and has no stop yet.
    struct Begun {
        std::string id;  ///< message id of its start
        std::string id_tag;
        Moment at;
    };
    /// Null: there is none.
    [[nodiscard]] const Begun* open(ConnectorId connector) const;
    [[nodiscard]] bool any_open() const { return !open_.empty(); }

    void expect_pairs();
    [[nodiscard]] std::size_t count() const { return told_.size(); }

  private:
    struct Told {
        ConnectorId connector = 1;
        std::string start;
        std::string stop;
        int meter_start = 0;
        int last_meter = 0;
        std::string last_time;
        std::optional<int> transaction;
    };
    struct Shown {
        Moment at;
        int watt_hours;
    };
    struct Register {
        std::deque<Shown> lately;
        int highest = -1;   ///< ever shown
        bool exact = true;  ///< a lifetime register that never fell
    };

    /// perhaps: a death interrupted the commit.
    enum class Step { none, collected, perhaps, committed };
    struct Made {
        ConnectorId connector = 1;
        Begun begun;
        Step start = Step::none;
        Step stop = Step::none;
        bool blind_stop = false;  ///< the charger was silent since the process began
    };

    void on_start_made(const std::string& id, const Json& payload);
    void on_stop_made(const Json& payload);
    void check_shown(ConnectorId connector, int meter, const std::string& what);
    void on_start_heard(const CentralSystem::Heard& heard);
    void on_stop_heard(const CentralSystem::Heard& heard);
    void on_values_heard(const CentralSystem::Heard& heard);
    Told* find_told(int transaction);
    [[nodiscard]] bool may_fall(const Told& told) const;
    void follow_meter(Told& told, int meter, const std::string& what);
    void follow_time(Told& told, const std::string& time, const std::string& what);

    Scene scene_;
    std::vector<Told> told_;
    std::map<std::string, std::size_t> by_start_;
    std::map<std::string, int> stops_;         ///< id, transaction
    std::set<std::string> samples_;            ///< ids heard
    std::map<std::string, Made> made_;         ///< by message id of the start
    std::map<ConnectorId, std::string> open_;  ///< message ids of starts
    std::vector<Register> registers_;
    bool died_ = false;                      ///< a process did
    std::map<ConnectorId, int> last_meter_;  ///< told, by connector
};

}  // namespace busbar::simulation
