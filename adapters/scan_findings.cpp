// SPDX-License-Identifier: Apache-2.0
// Counts to sentences.
#include "adapters/scan_findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace busbar::adapters {
namespace {

int total(const ScanFindings& findings, int SettingCount::*member) {
    int sum = 0;
    for (const auto& count : findings.settings) sum += count.*member;
    return sum;
}

/// Who asks at wrong settings what answers at others may hear garbage: that needs no word.
std::vector<const SettingCount*> garbled_settings(const ScanFindings& findings) {
    std::vector<const SettingCount*> places;
    for (const auto& count : findings.settings) {
        const bool understood = std::any_of(findings.found.begin(), findings.found.end(),
                                            [&](const Found& one) { return one.setting == count.setting; });
        if (count.garbled > 0 && (findings.found.empty() || understood)) places.push_back(&count);
    }
    return places;
}

void add_garbage(std::vector<std::string>& sentences, const ScanFindings& findings) {
    std::vector<std::string> places;
    std::set<int> units;
    for (const auto* count : garbled_settings(findings)) {
        places.push_back(
            fmt::format("{} (unit {})", to_text(count->setting), fmt::join(count->garbled_units, ", ")));
        units.insert(count->garbled_units.begin(), count->garbled_units.end());
    }
    if (places.empty()) return;
    const auto where = fmt::format("Answers came, but garbled, at {}. ", fmt::join(places, "; "));
    if (units.size() == 1) {
        sentences.push_back(where +
                            "Do two devices have this unit id? Switch one off and scan again, then "
                            "give one another unit id. If there is just one: is its parity another?");
        return;
    }
    sentences.push_back(where +
                        "The wires are right, the signal is not: 1. set the device's own speed and parity to "
                        "what its manual says and scan again with --thorough; 2. put 120 ohms across A and B "
                        "at both ends of the line, nowhere else; 3. keep it away from the power cables.");
}

std::string about_talker(const Heard& heard) {
    if (heard.talker() == Talker::master) {
        return "Nothing was sent: two masters on one line disturb each other. Unplug the other one (an "
               "energy "
               "manager, a display, a second gateway) or use a line of its own, then scan again. --anyway "
               "scans beside it.";
    }
    return "Nothing was sent: something talks on this line that makes no sense. Unplug other masters (an "
           "energy manager, a display, a second gateway) and scan again. If it is still there: A and B "
           "swapped or left open, or no termination (120 ohms at both ends). --anyway scans all the same.";
}

std::string about_silence(const ScanFindings& findings) {
    const bool network = !findings.settings.front().setting.bus.host.empty();
    if (network) {
        return "The host is there, and nobody answered behind it: 1. switch the charger's Modbus (or UDP) "
               "interface on; 2. end other programs that are connected: many boxes serve one; 3. behind a "
               "converter check power, A and B, and the converter's own speed and parity.";
    }
    return "Nobody answered, at any setting: 1. is the charger on power, its bus interface switched on, its "
           "unit id not 0; 2. swap A and B at one end and scan again (it breaks nothing); 3. is this the "
           "right adapter, plugged in to the last terminal; 4. connect the ground wire, and 120 ohms across "
           "A "
           "and B at both ends.";
}

}  // namespace

std::vector<std::string> advice(const ScanFindings& findings) {
    std::vector<std::string> sentences;
    if (findings.end == ScanEnd::line_in_use) sentences.push_back(about_talker(findings.heard));
    if (findings.end == ScanEnd::unreachable) sentences.push_back(findings.problem + ".");
    add_garbage(sentences, findings);
    if (total(findings, &SettingCount::hung_up) > 0) {
        sentences.push_back(
            "The peer closed the connection on some requests: something is there, and it dislikes "
            "being asked for what it does not know.");
    }
    if (findings.usual_units_only) {
        sentences.push_back(
            "Only the usual unit ids were asked. Behind a converter there may be more: --thorough asks all.");
    }
    if (findings.first_only) {
        sentences.push_back("It ended at the first device, as told (--first): there may be more.");
    }
    const bool stranger = std::any_of(findings.found.begin(), findings.found.end(), [](const Found& one) {
        return one.models.empty() && one.could_be.empty();
    });
    if (stranger) {
        sentences.push_back(
            "A device answers that no profile here knows. With its register table write one "
            "(config/README.md, "
            "part 2) and look at it live: busbarctl profile try FILE.");
    }
    const bool nobody = findings.found.empty() && total(findings, &SettingCount::silent) > 0;
    if (nobody && total(findings, &SettingCount::garbled) == 0) sentences.push_back(about_silence(findings));
    return sentences;
}

}  // namespace busbar::adapters
