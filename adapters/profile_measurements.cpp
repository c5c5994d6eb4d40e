// SPDX-License-Identifier: Apache-2.0
// Of each list the first register, or sum of registers, that has a value.
#include "adapters/profile_measurements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "adapters/profile_conditions.hpp"

namespace busbar::adapters {
namespace {

using Names = std::vector<std::string>;

template <class Unit>
std::optional<Measured<Unit>> measured(const Names& names, const RegisterValues& values) {
    for (const auto& name : names) {
        const auto value = values.value(name);
        if (value && value->number) return Measured<Unit>{Unit(*value->number), value->taken_at};
    }
    return std::nullopt;
}

/// A variant without one of the registers has a smaller sum; one that should say something and does not
/// leaves none.
template <class Unit>
std::optional<Measured<Unit>> sum(const config::Source& source, const RegisterValues& values) {
    std::optional<Measured<Unit>> total;
    for (const auto& name : source) {
        const auto* reg = values.find(name);
        if (reg == nullptr || !hold(reg->when, values)) continue;
        const auto value = values.value(name);
        if (!value || !value->number) return std::nullopt;
        if (!total) total = Measured<Unit>{Unit(0), value->taken_at};
        total->value = total->value + Unit(*value->number);
        total->taken_at = std::min(total->taken_at, value->taken_at);
    }
    return total;
}

template <class Unit>
std::optional<Measured<Unit>> measured(const std::vector<config::Source>& sources,
                                       const RegisterValues& values) {
    for (const auto& source : sources) {
        if (auto found = sum<Unit>(source, values)) return found;
    }
    return std::nullopt;
}

template <class Unit>
std::optional<Unit> plain(const Names& names, const RegisterValues& values) {
    const auto found = measured<Unit>(names, values);
    if (!found) return std::nullopt;
    return found->value;
}

std::optional<std::string> text(const std::string& name, const RegisterValues& values) {
    const auto value = values.value(name);
    if (!value) return std::nullopt;
    if (!value->text && value->number) return fmt::format("{}", *value->number);
    return value->text;
}

std::string first_text(const Names& names, const RegisterValues& values) {
    for (const auto& name : names) {
        if (auto found = text(name, values)) return *found;
    }
    return {};
}

/// The registers of a card reader are as long as the longest card id; ISO 14443 has 4, 7 and 10 bytes.
std::string without_padding(std::string digits) {
    const auto last = digits.find_last_not_of('0');
    const std::size_t used = last == std::string::npos ? 0 : last + 1;
    for (const std::size_t length : {8U, 14U, 20U}) {
        if (used <= length && length < digits.size()) return digits.substr(0, length);
    }
    return digits;
}

std::optional<std::string> card(const Names& names, const RegisterValues& values) {
    for (const auto& name : names) {
        auto found = text(name, values);
        if (!found) continue;
        const bool is_hex = values.find(name)->type == config::ValueType::hex;
        return is_hex ? without_padding(std::move(*found)) : found;
    }
    return std::nullopt;
}

}  // namespace

void take_measurements(Reading& reading, const config::Measurements& lists, const RegisterValues& values) {
    reading.energy_import = measured<WattHours>(lists.energy_import_wh, values);
    reading.energy_session = measured<WattHours>(lists.energy_session_wh, values);
    reading.power = measured<Watts>(lists.power_w, values);
    for (std::size_t phase = 0; phase < reading.current.size(); ++phase) {
        reading.current.at(phase) = measured<Amperes>(lists.current_a.at(phase), values);
        reading.voltage.at(phase) = measured<Volts>(lists.voltage_v.at(phase), values);
    }
    reading.offered = plain<Amperes>(lists.offered_a, values);
    reading.temperature = plain<Celsius>(lists.temperature_c, values);
    reading.soc = plain<Percent>(lists.soc_percent, values);
    reading.id_tag = card(lists.id_tag, values);
}

DeviceIdentity identify(const config::Profile& profile, const RegisterValues& values) {
    const auto& lists = profile.measurements;
    DeviceIdentity identity{first_text(lists.serial, values),
                            first_text(lists.firmware, values),
                            first_text(lists.meter_serial, values),
                            {}};
    if (profile.is_meter) identity.meter_type = profile.model;
    return identity;
}

}  // namespace busbar::adapters
