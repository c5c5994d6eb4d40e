// SPDX-License-Identifier: Apache-2.0
// The whole of a charger profile: which parts there are, and which a charger, a meter and a driver's model
// must have.
#include "config/profile.hpp"

#include <fmt/format.h>

#include "config/profile_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<bool>, 2> kKinds{{{"charger", false}, {"meter", true}}};
constexpr std::array<Name<Confidence>, 3> kConfidences{{{"verified", Confidence::verified},
                                                        {"documented", Confidence::documented},
                                                        {"reported", Confidence::reported}}};
constexpr std::array<Name<Protocol>, 6> kProtocols{{{"modbus", Protocol::modbus},
                                                    {"abl", Protocol::abl},
                                                    {"rapi", Protocol::rapi},
                                                    {"evcc1", Protocol::evcc1},
                                                    {"keba", Protocol::keba},
                                                    {"frames", Protocol::frames}}};
constexpr std::array<Name<Fallback>, 4> kFallbacks{{{"stops", Fallback::stops},
                                                    {"failsafe", Fallback::failsafe},
                                                    {"keeps_limit", Fallback::keeps_limit},
                                                    {"full_power", Fallback::full_power}}};
constexpr TextRule kOcppName{"1 to 20 printable ASCII characters (what OCPP carries)",
                             [](std::string_view text) { return is_printable(text, 1, 20); }};
constexpr TextRule kSource{"words on where the facts are from: a document and its page, or the box measured",
                           kAnyText.accepts};
constexpr TextRule kWhenGatewayDies{"a sentence: what the charger does when nobody talks to it any more",
                                    kAnyText.accepts};

/// Whom a part of the file is for, and the words for those it is not for.
struct Part {
    bool applies;
    std::string_view why_not;
};
Part of_chargers(const Profile& profile) {
    return {!profile.is_meter, "it is for chargers, not meters"};
}
Part of_maps(const Profile& profile) {
    return {has_register_map(profile.protocol),
            "it is for register maps (protocol modbus or abl); a driver knows its device"};
}
Part of_charger_maps(const Profile& profile) {
    return profile.is_meter ? of_chargers(profile) : of_maps(profile);
}

Value need(Section& root, const Part& part, const std::string& key) {
    return root.need_if(part.applies, key, part.why_not);
}
Value may(Section& root, const Part& part, const std::string& key) {
    return root.may_if(part.applies, key, part.why_not);
}

void read_head(Section& root, Profile& profile) {
    std::string schema;  // for editors only
    root.may("$schema").text(schema, kAnyText);
    root.need("id").text(profile.id, kProfileId);
    root.may("kind").choice(profile.is_meter, kKinds);
    const Part chargers = of_chargers(profile);
    may(root, chargers, "protocol").choice(profile.protocol, kProtocols);
    root.need("vendor").text(profile.vendor, kOcppName);
    root.need("model").text(profile.model, kOcppName);
    root.need("source").text(profile.source, kSource);
    root.need("confidence").choice(profile.confidence, kConfidences);
    need(root, chargers, "when_gateway_dies").text(profile.when_gateway_dies, kWhenGatewayDies);
    Fallback fallback{};
    if (need(root, chargers, "fallback").choice(fallback, kFallbacks)) profile.fallback = fallback;
    root.may("phases").integer(profile.phases, {1, 3});
}

/// What is read, and where.
void read_map(Section& root, Profile& profile) {
    const Part maps = of_maps(profile);
    const Part charger_maps = of_charger_maps(profile);
    may(root, maps, "read_limits").object([&](Section& section) {
        read_read_limits(section, profile.read_limits);
    });
    may(root, charger_maps, "connectors").object([&](Section& section) {
        read_connectors(section, profile.connectors);
    });
    read_units(may(root, charger_maps, "units"), profile);
    read_registers(need(root, maps, "registers"), profile);
    read_identify(may(root, maps, "identify"), profile);
    const Value measurements = profile.is_meter ? root.need("measurements") : may(root, maps, "measurements");
    measurements.object([&](Section& section) { read_measurements(section, profile); });
}

/// What is written; and the rules, which name sequences.
void read_control(Section& root, Profile& profile) {
    const Part charger_maps = of_charger_maps(profile);
    const Value limit = need(root, of_chargers(profile), "limit");
    const Value enable = may(root, charger_maps, "enable");
    enable.object([&](Section& section) { read_enable(section, profile); });
    limit.object([&](Section& section) { read_limit(section, profile); });
    const bool pauses =
        profile.enable || !profile.limit || profile.limit->pause_value || profile.limit->pause_raw;
    if (charger_maps.applies && !pauses) {
        root.problem("limit",
                     "cannot be paused: give pause_value, what to write for \"no current\", or enable");
    }
    may(root, charger_maps, "watchdog").object([&](Section& section) { read_watchdog(section, profile); });
    read_required(may(root, charger_maps, "required"), profile);
    may(root, charger_maps, "sequences").object([&](Section& section) { read_sequences(section, profile); });
    const Part frames{profile.protocol == Protocol::frames, "it is for protocol frames"};
    need(root, frames, "frames").object([&](Section& section) { read_frames(section, profile); });
    read_state(need(root, charger_maps, "state"), profile);
    read_faults(may(root, charger_maps, "faults"), profile);
}

void read_root(Section& root, Profile& profile) {
    read_head(root, profile);
    root.need("transport").object([&](Section& section) { read_transport(section, profile); });
    root.may("pacing").object([&](Section& section) { read_pacing(section, profile.pacing); });
    read_map(root, profile);
    read_control(root, profile);
}

}  // namespace

Checked<Profile> parse_profile(std::string_view text) {
    Checked<Profile> checked;
    read_json(text, checked.problems, [&](Section& root) {
        read_root(root, checked.value);
        // A place that was misread would seem to clash with others.
        if (!checked.ok()) return;
        check_read_limits(root, checked.value);
        check_places(root, checked.value);
        if (checked.ok()) check_limit_places(root, checked.value);
    });
    return checked;
}

}  // namespace busbar::config
