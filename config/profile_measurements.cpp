// SPDX-License-Identifier: Apache-2.0
// measurements: which register answers which question.
#include "config/profile_sections.hpp"

namespace busbar::config {
namespace {

struct SourceRow {
    const char* key;
    std::vector<Source> Measurements::*list;
    bool of_meters;
};
constexpr std::array<SourceRow, 3> kSourceRows{{
    {"energy_import_wh", &Measurements::energy_import_wh, true},
    {"power_w", &Measurements::power_w, true},
    {"energy_session_wh", &Measurements::energy_session_wh, false},
}};

struct Row {
    const char* key;
    std::vector<std::string> Measurements::*list;
    Use use;
    bool of_meters;
};

constexpr std::array<Row, 7> kRows{{
    {"meter_serial", &Measurements::meter_serial, Use::read_any, true},
    {"offered_a", &Measurements::offered_a, Use::read_number, false},
    {"temperature_c", &Measurements::temperature_c, Use::read_number, false},
    {"soc_percent", &Measurements::soc_percent, Use::read_number, false},
    {"id_tag", &Measurements::id_tag, Use::read_any, false},
    {"serial", &Measurements::serial, Use::read_any, false},
    {"firmware", &Measurements::firmware, Use::read_any, false},
}};

void read_names(const Value& value, const Profile& profile, Use use, std::vector<std::string>& out) {
    value.one_or_each([&](const Value& item) {
        std::string name;
        if (read_register_name(item, profile, use, name) != nullptr) out.push_back(name);
    });
}

/// A name alone is a source of one register; {"sum": [...]} of several.
void read_sources(const Value& value, const Profile& profile, std::vector<Source>& out) {
    value.one_or_each([&](const Value& item) {
        Source source;
        if (item.is_object()) {
            item.object([&](Section& section) {
                read_names(section.need("sum"), profile, Use::read_number, source);
            });
        } else {
            std::string name;
            if (read_register_name(item, profile, Use::read_number, name) != nullptr) source.push_back(name);
        }
        if (!source.empty()) out.push_back(std::move(source));
    });
}

void read_phases(const Value& value, const Profile& profile, std::array<std::vector<std::string>, 3>& out) {
    constexpr std::array kPhases{"l1", "l2", "l3"};
    value.object([&](Section& section) {
        for (std::size_t i = 0; i < kPhases.size(); ++i) {
            read_names(section.may(kPhases[i]), profile, Use::read_number, out[i]);
        }
    });
}

}  // namespace

void read_measurements(Section& section, Profile& profile) {
    for (const auto& row : kSourceRows) {
        const bool applies = row.of_meters || !profile.is_meter;
        read_sources(section.may_if(applies, row.key, "it is for chargers, not meters"), profile,
                     profile.measurements.*row.list);
    }
    for (const auto& row : kRows) {
        const bool applies = row.of_meters || !profile.is_meter;
        read_names(section.may_if(applies, row.key, "it is for chargers, not meters"), profile, row.use,
                   profile.measurements.*row.list);
    }
    read_phases(section.may("current_a"), profile, profile.measurements.current_a);
    read_phases(section.may("voltage_v"), profile, profile.measurements.voltage_v);
    if (profile.is_meter && !section.has("energy_import_wh") && !section.has("power_w")) {
        section.problem("measures nothing: give energy_import_wh or power_w");
    }
}

}  // namespace busbar::config
