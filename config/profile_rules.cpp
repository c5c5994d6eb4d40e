// SPDX-License-Identifier: Apache-2.0
// state and faults: ordered rules from register values to what the charger means by them.
#include <fmt/format.h>

#include <algorithm>

#include "config/profile_sections.hpp"
#include "config/spellings.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr TextRule kFaultText{"the manual's words, at most 50 characters (OCPP's info)",
                              [](std::string_view text) { return !text.empty() && characters(text) <= 50; }};

/// Where the number for vendorErrorCode comes from. `conditional`: the rule has conditions, read soundly or
/// not.
void read_fault_register(Section& section, const Profile& profile, const Conditions& when, bool conditional,
                         std::string& out) {
    const Value name = section.may("register");
    if (name.present()) {
        read_register_name(name, profile, Use::read_any, out);
        return;
    }
    const auto first = std::find_if(when.begin(), when.end(),
                                    [](const Condition& condition) { return !condition.reg.empty(); });
    if (first != when.end()) {
        out = first->reg;
    } else if (!conditional || !when.empty()) {
        section.problem("register",
                        "is missing: the rule has no condition whose register could give the fault's code");
    }
}

void read_state_fault(Section& section, const Profile& profile, bool conditional, StateRule& out) {
    FaultCode code{};
    if (section.need("code").choice(code, kFaultCodes)) out.fault = code;
    section.may("text").text(out.fault_text, kFaultText);
    read_fault_register(section, profile, out.when, conditional, out.fault_register);
}

void read_within(Section& section, const Profile& profile, StateRule& out) {
    const Value name = section.need("sequence");
    constexpr std::array<Name<std::string_view>, 7> kSequences{{{"wake_up", "wake_up"},
                                                                {"reboot", "reboot"},
                                                                {"recovery", "recovery"},
                                                                {"init", "init"},
                                                                {"phases_1", "phases_1"},
                                                                {"phases_3", "phases_3"},
                                                                {"required", "required"}}};
    std::string_view sequence;
    if (name.choice(sequence, kSequences)) {
        const bool exists = sequence == "required" ? !profile.required.empty()
                                                   : profile.sequences.count(std::string(sequence)) > 0;
        if (!exists) name.problem(fmt::format("the profile has no '{}': the rule never holds", sequence));
        out.grace_after = sequence;
    }
    section.need("grace_ms").integer(out.grace, {1, 600'000});
}

void read_state_rule(Section& section, const Profile& profile, StateRule& out) {
    constexpr std::string_view kNotWithKeep = "\"keep\" holds what was, with its flags";
    read_conditions(section.may("when"), profile, On::any_register, out.when);
    section.may("within").object([&](Section& within) { read_within(within, profile, out); });
    std::optional<CpState> state;
    out.keep = section.need("state").choice(state, kStates) && !state;
    out.state = state.value_or(CpState::unknown);
    section.may_if(!out.keep, "auth_wait", kNotWithKeep).flag(out.auth_wait);
    section.may_if(!out.keep, "locked_out", kNotWithKeep).flag(out.locked_out);
    section.may_if(!out.keep, "finished", kNotWithKeep).flag(out.finished);
    section.may_if(!out.keep, "derated", kNotWithKeep).flag(out.derated);
    section.may_if(!out.keep, "fault", kNotWithKeep).object([&](Section& fault) {
        read_state_fault(fault, profile, section.has("when"), out);
    });
}

void read_fault_rule(Section& section, const Profile& profile, FaultRule& out) {
    read_conditions(section.need("when"), profile, On::any_register, out.when);
    section.need("code").choice(out.code, kFaultCodes);
    section.may("text").text(out.text, kFaultText);
    constexpr bool kConditional = true;
    read_fault_register(section, profile, out.when, kConditional, out.fault_register);
}

template <class T>
bool is_subset(const std::vector<T>& part, const std::vector<T>& whole) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [&](const T& value) {
        return std::find(whole.begin(), whole.end(), value) != whole.end();
    });
}

/// Whenever `narrow` holds, `wide` does: equal, or both only compare, the same digit or none, and narrow's
/// values are among wide's.
bool implies(const Condition& narrow, const Condition& wide) {
    if (narrow == wide) return true;
    Condition only_equals;
    only_equals.reg = wide.reg;
    only_equals.digit = wide.digit;
    only_equals.equals = wide.equals;
    only_equals.equals_text = wide.equals_text;
    return wide == only_equals && narrow.reg == wide.reg && narrow.digit == wide.digit &&
           (is_subset(narrow.equals, wide.equals) || is_subset(narrow.equals_text, wide.equals_text));
}

bool implies(const Conditions& narrow, const Conditions& wide) {
    return std::all_of(wide.begin(), wide.end(), [&](const Condition& one) {
        return std::any_of(narrow.begin(), narrow.end(),
                           [&](const Condition& other) { return implies(other, one); });
    });
}

bool always_applies(const StateRule& rule) {
    return rule.grace_after.empty();
}
bool always_applies(const FaultRule& /*rule*/) {
    return true;
}

/// A rule that an earlier one always beats is a mistake: a value that stands in two places, or a wrong order.
template <class Rule>
class Reachable {
  public:
    /// `place` of each rule in file order; broken rules, whose conditions are not what was meant, are not
    /// added.
    void add(const Rule& rule, const Value& place) {
        for (const auto& [earlier, path] : seen_) {
            if (!always_applies(earlier) || !implies(rule.when, earlier.when)) continue;
            place.problem(fmt::format("never matches: {} comes first and holds whenever this does", path));
            return;
        }
        seen_.emplace_back(rule, place.path());
    }

  private:
    std::vector<std::pair<Rule, std::string>> seen_;
};

/// Reads a list of rules; those that read without a problem are checked against each other.
template <class Rule>
void read_rules(const Value& value, const Profile& profile, std::vector<Rule>& out,
                void (*read)(Section&, const Profile&, Rule&)) {
    Reachable<Rule> reachable;
    value.one_or_each([&](const Value& item) {
        const std::size_t problems = item.problem_count();
        Rule& rule = out.emplace_back();
        item.object([&](Section& section) { read(section, profile, rule); });
        if (item.problem_count() == problems) reachable.add(rule, item);
    });
}

}  // namespace

void read_state(const Value& value, Profile& profile) {
    read_rules(value, profile, profile.state, read_state_rule);
}
void read_faults(const Value& value, Profile& profile) {
    read_rules(value, profile, profile.faults, read_fault_rule);
}

}  // namespace busbar::config
