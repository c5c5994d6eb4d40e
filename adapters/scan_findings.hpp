// SPDX-License-Identifier: Apache-2.0
// What a scan found out, in numbers and in words. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "adapters/heard.hpp"
#include "adapters/scan_plan.hpp"

namespace busbar::adapters {

/// A device that answered.
struct Found {
    int unit = 1;
    ScanSetting setting;
    std::string answer;  ///< what it said: "holding 0 = 0108", "holding 0: exception 2", "$OK 7.1.3 5.2.1"
    std::vector<std::string> models;    ///< profile ids whose `identify` holds
    std::vector<std::string> could_be;  ///< without such: ids of profiles that make sense of its state
    std::vector<ScanSetting> also_at;   ///< where the same answered again: the setting does not matter to it
    bool any_unit = false;              ///< a network peer that answers at every unit id
};

/// What became of the asks at one setting.
struct SettingCount {
    ScanSetting setting;
    int answered = 0;  ///< a value or an exception: a device
    int silent = 0;    ///< nothing, or a converter's word that nobody is there
    int garbled = 0;   ///< bytes that are no answer
    int hung_up = 0;   ///< the peer closed the connection
    std::set<int> garbled_units;
    [[nodiscard]] int asked() const { return answered + silent + garbled + hung_up; }
};

enum class ScanPhase { listening, known_models, units, sweep, ended };
enum class ScanEnd {
    none,         ///< it goes on
    complete,     ///< everything was asked
    stopped,      ///< by the person
    line_in_use,  ///< somebody talks on the line: nothing was sent
    unreachable,  ///< the line cannot be opened
};

struct ScanFindings {
    ScanPhase phase = ScanPhase::listening;
    ScanEnd end = ScanEnd::none;
    std::string doing;              ///< what is tried now
    double progress = 0;            ///< 0 to 1, never falls
    SteadyEpoch::duration left{0};  ///< as far as can be told
    Heard heard;
    std::vector<Found> found;
    std::vector<SettingCount> settings;  ///< in the order tried
    bool usual_units_only = false;       ///< of a network peer: not every unit id was asked
    bool first_only = false;             ///< it ended at the first device, as told
    std::string problem;                 ///< why the line could not be opened
};

/// What the person should know or do about it, sentences.
std::vector<std::string> advice(const ScanFindings& findings);

}  // namespace busbar::adapters
