// SPDX-License-Identifier: Apache-2.0
#include "ocpp/measurands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace busbar::ocpp {
namespace {

using Samples = std::vector<SampledValue>;

constexpr std::string_view energy_name = "Energy.Active.Import.Register";
constexpr std::string_view power_name = "Power.Active.Import";
constexpr std::string_view current_name = "Current.Import";
constexpr std::string_view offered_current_name = "Current.Offered";
constexpr std::string_view soc_name = "SoC";
constexpr std::string_view temperature_name = "Temperature";
constexpr std::string_view voltage_name = "Voltage";

/// At most one decimal, none where it is 0; dot as decimal mark whatever the locale.
std::string to_decimal(double value) {
    const double tenths = std::round(value * 10.0) / 10.0;
    return std::trunc(tenths) == tenths ? fmt::format("{:.0f}", tenths + 0.0) : fmt::format("{:.1f}", tenths);
}

void add(Samples& out, std::string_view name, const std::string& context, double value, const char* unit,
         std::optional<std::string> phase = std::nullopt, const char* location = "Outlet") {
    out.push_back({to_decimal(value), context, "Raw", std::string(name), std::move(phase), location, unit});
}

void sample_energy(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    if (meter.energy) add(out, energy_name, context, std::floor(meter.energy->value()), "Wh");
}

void sample_power(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    if (meter.power) add(out, power_name, context, meter.power->value(), "W");
}

void sample_current(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    for (std::size_t i = 0; i < meter.current.size(); ++i) {
        if (meter.current.at(i)) {
            add(out, current_name, context, meter.current.at(i)->value(), "A", fmt::format("L{}", i + 1));
        }
    }
}

void sample_voltage(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    for (std::size_t i = 0; i < meter.voltage.size(); ++i) {
        if (meter.voltage.at(i)) {
            add(out, voltage_name, context, meter.voltage.at(i)->value(), "V", fmt::format("L{}-N", i + 1));
        }
    }
}

void sample_offered_current(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    if (meter.offered) add(out, offered_current_name, context, meter.offered->value(), "A");
}

void sample_soc(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    if (meter.soc) add(out, soc_name, context, meter.soc->value(), "Percent", std::nullopt, "EV");
}

void sample_temperature(const MeterSnapshot& meter, const std::string& context, Samples& out) {
    // "Celcius" is the wire's spelling (R15).
    if (meter.temperature) {
        add(out, temperature_name, context, meter.temperature->value(), "Celcius", std::nullopt, "Body");
    }
}

constexpr std::array table{
    Measurand{energy_name, sample_energy},   Measurand{power_name, sample_power},
    Measurand{current_name, sample_current}, Measurand{offered_current_name, sample_offered_current},
    Measurand{soc_name, sample_soc},         Measurand{temperature_name, sample_temperature},
    Measurand{voltage_name, sample_voltage},
};

template <class T>
std::optional<T> fresh(const std::optional<Measured<T>>& measured, SteadyTime now) {
    if (!measured || now - measured->taken_at > meter_freshness) return std::nullopt;
    return measured->value;
}

/// The measured power is fresh, or every current that it is derived from.
bool power_is_fresh(const Reading& reading, SteadyTime now) {
    if (reading.power) return fresh(reading.power, now).has_value();
    return std::all_of(reading.current.begin(), reading.current.end(),
                       [&](const auto& current) { return !current || fresh(current, now); });
}

}  // namespace

std::optional<Watts> power_of(const Reading& reading, Volts nominal) {
    if (reading.power) return reading.power->value;
    std::optional<Watts> sum;
    for (std::size_t i = 0; i < reading.current.size(); ++i) {
        if (!reading.current.at(i)) continue;
        const Volts voltage = reading.voltage.at(i) ? reading.voltage.at(i)->value : nominal;
        sum = sum.value_or(Watts(0)) + reading.current.at(i)->value * voltage;
    }
    return sum;
}

MeterSnapshot take_snapshot(const Reading& reading, const std::optional<Measured<WattHours>>& energy,
                            Volts nominal, SteadyTime now) {
    MeterSnapshot snapshot;
    snapshot.taken_at = reading.taken_at;
    snapshot.energy = fresh(energy, now);
    if (power_is_fresh(reading, now)) snapshot.power = power_of(reading, nominal);
    for (std::size_t i = 0; i < 3; ++i) {
        snapshot.current.at(i) = fresh(reading.current.at(i), now);
        snapshot.voltage.at(i) = fresh(reading.voltage.at(i), now);
    }
    if (now - reading.taken_at <= slow_freshness) {
        snapshot.offered = reading.offered;
        snapshot.temperature = reading.temperature;
        snapshot.soc = reading.soc;
    }
    return snapshot;
}

const Measurand* find_measurand(std::string_view name) {
    const auto* found = std::find_if(table.begin(), table.end(),
                                     [&](const Measurand& measurand) { return measurand.name == name; });
    return found == table.end() ? nullptr : found;
}

std::string measurand_names() {
    std::string names;
    for (const auto& measurand : table) {
        if (!names.empty()) names += ", ";
        names += measurand.name;
    }
    return names;
}

std::vector<SampledValue> sample(const MeterSnapshot& snapshot, const std::vector<std::string>& measurands,
                                 const std::string& context) {
    std::vector<SampledValue> samples;
    for (const auto& name : measurands) {
        if (const auto* measurand = find_measurand(name)) measurand->sample(snapshot, context, samples);
    }
    return samples;
}

}  // namespace busbar::ocpp
