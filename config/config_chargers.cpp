// SPDX-License-Identifier: Apache-2.0
// chargers: each entry is one charger and the charge point it becomes.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr std::array<Name<AuthorizationMode>, 3> kModes{{{"free", AuthorizationMode::free},
                                                         {"remote", AuthorizationMode::remote},
                                                         {"rfid", AuthorizationMode::rfid}}};

constexpr Range kUnitId{0, 255};  // 1 to 247 but on tcp: check_references
constexpr Range kInstallation{6, 80};

// Basic Auth separates the user from the password at the first ':' (RFC 7617 section 2).
constexpr TextRule kChargerId{"1 to 48 printable ASCII characters without ':'", [](std::string_view text) {
                                  return is_printable(text, 1, 48) &&
                                         text.find(':') == std::string_view::npos;
                              }};
constexpr std::array<Name<PasswordEncoding>, 2> kPasswordEncodings{
    {{"text", PasswordEncoding::text}, {"hex", PasswordEncoding::hex}}};

constexpr TextRule kIdTag{"1 to 20 printable ASCII characters (OCPP's idTag)",
                          [](std::string_view text) { return is_printable(text, 1, 20); }};
constexpr TextRule kKeyName{"1 to 50 printable ASCII characters (an OCPP key)",
                            [](std::string_view text) { return is_printable(text, 1, 50); }};
constexpr TextRule kKeyValue{"in quotes, at most 500 characters",
                             [](std::string_view text) { return characters(text) <= 500; }};
constexpr TextRule kBusName{"the id of one of the buses", kId.accepts};

constexpr bool kSecret = true;
constexpr TextRule kTextPassword{
    "1 to 128 characters, none a control character",
    [](std::string_view text) {
        const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; };
        return !text.empty() && characters(text) <= 128 && std::none_of(text.begin(), text.end(), is_control);
    },
    kSecret};
constexpr TextRule kHexPassword{"2 to 128 hex digits, two a byte (or \"password_encoding\": \"text\")",
                                [](std::string_view text) {
                                    const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
                                    return !text.empty() && text.size() <= 128 && text.size() % 2 == 0 &&
                                           std::all_of(text.begin(), text.end(), is_hex);
                                },
                                kSecret};

void read_password(Section& section, Charger& out) {
    section.may("password_encoding").choice(out.password_encoding, kPasswordEncodings);
    const auto& rule = out.password_encoding == PasswordEncoding::hex ? kHexPassword : kTextPassword;
    const Value written = section.may("password");
    const Value file = section.may("password_file");

    if (written.present() == file.present()) {
        section.problem("password", written.present()
                                        ? "stands beside password_file: keep exactly one of the two"
                                        : "is missing: give exactly one of password, password_file");
        return;
    }
    std::string password;
    if (written.text(password, rule)) out.password = Secret(password);
    if (!file.present()) return;
    if (const auto text = read_secret_file(file)) {
        if (rule.accepts(*text)) {
            out.password = Secret(*text);
        } else {
            file.problem(fmt::format("the file must hold {}", rule.must_be));
        }
    }
}

void read_authorization(Section& section, Charger& out) {
    const bool known = section.need("mode").choice(out.mode, kModes);
    const bool needed = known && out.mode == AuthorizationMode::free;
    const Value id_tag = needed ? section.need("id_tag") : section.may("id_tag");
    id_tag.text(out.id_tag, kIdTag);
}

void read_meter(Section& section, Charger& charger) {
    MeterRef& out = charger.meter.emplace();
    section.need("profile").text(out.profile, {"the id of a meter's profile", kProfileId.accepts});
    section.may("unit_id").integer(out.unit_id, kUnitId);
    out.bus = charger.bus;
    section.may("bus").text(out.bus, kBusName);
}

void read_failsafe_current(const Value& value, Amperes& out) {
    Amperes current{0};
    if (!value.number(current, {0, kInstallation.most})) return;
    if (current > Amperes{0} && current < Amperes{kInstallation.least}) {
        value.problem("must be 0 (no current) or 6 to 80: a car takes no less than 6 A");
        return;
    }
    out = current;
}

void read_limits(Section& section, Charger& out) {
    section.may("phases").integer(out.phases, {1, 3});
    section.may("voltage_v").number(out.voltage, {100, 300});
    section.may("max_current_a").number(out.max_current, kInstallation);
    read_failsafe_current(section.may("failsafe_current_a"), out.failsafe_current);
    if (out.failsafe_current > out.max_current) {
        section.problem("failsafe_current_a",
                        fmt::format("must not be above max_current_a ({})", out.max_current.value()));
    }
}

void read_polling(Section& section, Charger& out) {
    section.may("poll_interval_ms").integer(out.poll_interval, {50, 60'000});
    section.may("lost_after_s").integer(out.lost_after, {1, 3600});
    if (out.lost_after <= out.poll_interval) {
        section.problem("lost_after_s",
                        fmt::format("must be longer than poll_interval_ms ({}), or every pause between "
                                    "two polls counts as a loss",
                                    out.poll_interval.count()));
    }
}

}  // namespace

std::optional<std::string> read_secret_file(const Value& value) {
    std::string file;
    if (!value.text(file, kAnyText)) return {};
    std::vector<Problem> problems;
    auto text = read_file(file, problems);
    for (const auto& problem : problems) value.problem(fmt::format("'{}' {}", file, problem.text));
    if (!text) return {};
    for (const char end : {'\n', '\r'}) {
        if (!text->empty() && text->back() == end) text->pop_back();
    }
    return text;
}

void read_charger(Section& section, Charger& out) {
    section.need("id").text(out.id, kChargerId);
    section.need("bus").text(out.bus, kBusName);
    section.may("unit_id").integer(out.unit_id, kUnitId);
    section.need("profile").text(out.profile, {"the id of a charger profile", kProfileId.accepts});
    section.may("units").members([&](const std::string& name, const Value& value) {
        if (!kName.accepts(name)) value.problem(fmt::format("the name must be {}", kName.must_be));
        int unit = 0;
        if (value.integer(unit, kUnitId)) out.units[name] = unit;
    });
    section.may("connectors").integer(out.connectors, {1, 64});
    section.may("meter").object([&](Section& meter) { read_meter(meter, out); });
    read_password(section, out);
    section.may("authorization").object([&](Section& authorization) {
        read_authorization(authorization, out);
    });
    read_limits(section, out);
    read_polling(section, out);
    section.may("configuration").members([&](const std::string& key, const Value& value) {
        if (!kKeyName.accepts(key)) value.problem(fmt::format("the key must be {}", kKeyName.must_be));
        value.text(out.configuration[key], kKeyValue);
    });
    section.may("charging").object([&](Section& charging) {
        read_charging_exception(charging, out.charging);
    });
}

}  // namespace busbar::config
