// SPDX-License-Identifier: Apache-2.0
// The whole of a charger profile: which parts there are, and which a charger or a meter must have.
#include "config/profile.hpp"

#include "config/config_sections.hpp"
#include "config/profile_sections.hpp"
#include "config/spellings.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<bool>, 2> kKinds{{{"charger", false}, {"meter", true}}};
constexpr std::array<Name<Confidence>, 3> kConfidences{{{"verified", Confidence::verified},
                                                        {"documented", Confidence::documented},
                                                        {"reported", Confidence::reported}}};
constexpr std::array<Name<BusKind>, 4> kModbusKinds{{{"rtu", BusKind::rtu},
                                                     {"ascii", BusKind::ascii},
                                                     {"tcp", BusKind::tcp},
                                                     {"rtu-over-tcp", BusKind::rtu_over_tcp}}};
constexpr TextRule kOcppName{"1 to 20 printable ASCII characters (what OCPP carries)",
                             [](std::string_view text) { return is_printable(text, 1, 20); }};
constexpr TextRule kSource{"words on where the facts are from: a document and its page, or the box measured",
                           kAnyText.accepts};
constexpr TextRule kWhenGatewayDies{"a sentence: what the charger does when nobody talks to it any more",
                                    kAnyText.accepts};
constexpr std::string_view kChargersOnly = "it is for chargers, not meters";

void read_head(Section& root, Profile& profile) {
    std::string schema;  // for editors only
    root.may("$schema").text(schema, kAnyText);
    root.need("id").text(profile.id, kProfileId);
    root.may("kind").choice(profile.is_meter, kKinds);
    root.need("vendor").text(profile.vendor, kOcppName);
    root.need("model").text(profile.model, kOcppName);
    root.need("source").text(profile.source, kSource);
    root.need("confidence").choice(profile.confidence, kConfidences);
    root.need_if(!profile.is_meter, "when_gateway_dies", kChargersOnly)
        .text(profile.when_gateway_dies, kWhenGatewayDies);
    root.may("phases").integer(profile.phases, {1, 3});
}

void read_read_limits(Section& section, ReadLimits& out) {
    section.may("max_registers").integer(out.max_registers, {1, 125});
    section.may("merge").flag(out.merge);
}

/// The parts that only a charger has, and that it must or may have.
void read_control(Section& root, Profile& profile) {
    const bool charger = !profile.is_meter;
    const Value limit = root.need_if(charger, "limit", kChargersOnly);
    const Value enable = root.may_if(charger, "enable", kChargersOnly);
    enable.object([&](Section& section) { read_enable(section, profile); });
    limit.object([&](Section& section) { read_limit(section, profile); });
    if (profile.limit && !profile.limit->pause_value && !profile.enable) {
        root.problem("limit",
                     "cannot be paused: give pause_value, what to write for \"no current\", or enable");
    }
    root.may_if(charger, "watchdog", kChargersOnly).object([&](Section& section) {
        read_watchdog(section, profile);
    });
    read_required(root.may_if(charger, "required", kChargersOnly), profile);
    root.may_if(charger, "sequences", kChargersOnly).object([&](Section& section) {
        read_sequences(section, profile);
    });
    // Last, because its rules name sequences.
    read_state(root.need_if(charger, "state", kChargersOnly), profile);
    read_faults(root.may_if(charger, "faults", kChargersOnly), profile);
}

void read_root(Section& root, Profile& profile) {
    read_head(root, profile);
    root.need("transport").object([&](Section& section) { read_transport(section, profile); });
    root.may("pacing").object([&](Section& section) { read_pacing(section, profile.pacing); });
    root.may("read_limits").object([&](Section& section) { read_read_limits(section, profile.read_limits); });
    read_registers(root.need("registers"), profile);
    const Value measurements = profile.is_meter ? root.need("measurements") : root.may("measurements");
    measurements.object([&](Section& section) { read_measurements(section, profile); });
    read_control(root, profile);
}

}  // namespace

void read_transport(Section& section, Profile& profile) {
    section.need("kinds").one_or_each([&](const Value& item) {
        BusKind kind{};
        if (item.choice(kind, kModbusKinds)) profile.bus_kinds.push_back(kind);
    });
    read_baud(section.may("baud"), profile.baud);
    Parity parity{};
    if (section.may("parity").choice(parity, kParities)) profile.parity = parity;
    section.may("stop_bits").integer(profile.stop_bits, {1, 2});
    section.may("unit_id").integer(profile.default_unit_id, {0, 255});
}

void read_pacing(Section& section, Pacing& out) {
    section.may("gap_ms").integer(out.gap, {0, 10'000});
    section.may("gap_after_write_ms").integer(out.gap_after_write, {0, 10'000});
    section.may("reply_timeout_ms").integer(out.reply_timeout, {20, 10'000});
    section.may("retries").integer(out.retries, {0, 5});
    section.may("delay_after_connect_ms").integer(out.delay_after_connect, {0, 60'000});
    section.may("slow_interval_ms").integer(out.slow_interval, {1000, 600'000});
}

Checked<Profile> parse_profile(std::string_view text) {
    Checked<Profile> checked;
    read_json(text, checked.problems, [&](Section& root) { read_root(root, checked.value); });
    return checked;
}

}  // namespace busbar::config
