// SPDX-License-Identifier: Apache-2.0
// Plays a golden conversation against a charge point on the bench.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "ocpp/json_bridge.hpp"
#include "tests/ocpp/bench.hpp"
#include "tests/ocpp/scenario_script.hpp"

namespace busbar::ocpp::test {

/// "" when all went as written, else what did not, with its line.
std::string run_scenario(const std::string& path);

/// Everything in `wanted` is in `got`: fields of objects one by one, arrays of equal length element by
/// element.
/// "*" matches any value, null stands for "is not there".
bool contains(const Json& got, const Json& wanted);

class ScenarioRunner {
  public:
    /// Throws ScriptError.
    void play(const std::vector<Line>& lines);

    // ---- the verbs
    void set(std::string_view rest);
    void charger(std::string_view rest);
    void connect(std::string_view rest);
    void disconnect(std::string_view rest);
    void boot(std::string_view rest);
    void csms(std::string_view rest);
    void raw(std::string_view rest);
    void expect_frame(std::string_view rest);
    void expect_confirmation(std::string_view rest);
    void answer(std::string_view rest);
    void expect_limit(std::string_view rest);
    void expect_wake(std::string_view rest);
    void expect_phases(std::string_view rest);
    void expect_unlock(std::string_view rest);
    void expect_transfer(std::string_view rest);
    void end_transfer(std::string_view rest);
    void expect_reboot(std::string_view rest);
    void expect_refresh(std::string_view rest);
    void expect_restart(std::string_view rest);
    void quiet(std::string_view rest);
    void kill(std::string_view rest);
    void power_cut(std::string_view rest);
    void charge_now(std::string_view rest);
    void expect_question(std::string_view rest);
    void answer_question(std::string_view rest);
    void expect_profile(std::string_view rest);
    void link_shows(std::string_view rest);
    void raise(std::string_view rest);
    void password(std::string_view rest);
    void stored(std::string_view rest);

  private:
    void play_line(const Line& line);
    Bench& bench();
    void no_more();
    Seen take_seen(const std::string& wanted);
    template <class Wanted>
    Wanted take_command(const std::string& wanted);
    Json take_frame(const std::string& wanted);
    Json take_answer(std::string_view wanted);
    [[noreturn]] void fail(const std::string& what) const;
    [[nodiscard]] Json parse_json(std::string_view text) const;
    void check_id(const std::string& label, const std::string& id);

    int line_ = 0;
    Settings settings_;
    Capabilities capabilities_;
    DeviceIdentity identity_;
    SimIdentity sim_;
    bool clock_known_ = true;
    bool security_events_ = false;
    bool unlock_fails_ = false;
    int failing_reboots_ = 0;
    int failing_switches_ = 0;
    std::optional<seconds> poll_ = seconds(1);
    std::unique_ptr<Bench> bench_;

    std::map<std::string, std::string> labels_;  ///< label in the script -> message id
    std::set<std::string> used_ids_;
    std::string last_id_;  ///< of the last frame we were sent
    int requests_ = 0;
};

}  // namespace busbar::ocpp::test
