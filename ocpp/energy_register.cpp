// SPDX-License-Identifier: Apache-2.0
#include "ocpp/energy_register.hpp"

#include <algorithm>
#include <array>

#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {
namespace {

/// Registers that count in steps of 0.1 kWh may flicker by one step.
constexpr WattHours flicker{100};
/// What a loss of power may cost where the charger itself keeps no counter, and where it keeps one but is not
/// heard afterwards.
constexpr WattHours worth_saving{250};
constexpr WattHours worth_saving_of_lifetime{5000};
/// Power is not carried over a gap longer than this: nobody knows what happened in it.
constexpr seconds longest_gap{60};
/// Older than anything is called fresh, on whatever clock.
constexpr SteadyTime long_ago{-std::chrono::hours(24)};

constexpr std::array<std::string_view, 4> names{"none", "lifetime", "accumulated", "integrated"};

EnergyOrigin origin_called(std::string_view name) {
    const auto* const found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? EnergyOrigin::none : static_cast<EnergyOrigin>(found - names.begin());
}

}  // namespace

std::string_view name_of(EnergyOrigin origin) {
    return names.at(static_cast<std::size_t>(origin));
}

EnergyRegister::EnergyRegister(std::string_view saved) {
    const Json record = Json::parse(saved, nullptr, false);
    if (!record.is_object()) return;
    offset_ = WattHours(field(record, "offset", 0.0));
    if (record.contains("raw")) last_raw_ = WattHours(field(record, "raw", 0.0));
    kept_origin_ = origin_called(field(record, "origin", std::string()));
    saved_value_ = offset_ + last_raw_.value_or(WattHours(0));
    value_ = Measured<WattHours>{saved_value_, long_ago};
}

std::string EnergyRegister::record() const {
    Json record{{"offset", offset_.value()}};
    if (last_raw_) record["raw"] = last_raw_->value();
    record["origin"] = name_of(origin_ == EnergyOrigin::none ? kept_origin_ : origin_);
    return to_text(record);
}

void EnergyRegister::on_saved() {
    jumped_ = false;
    if (value_) saved_value_ = value_->value;
}

bool EnergyRegister::should_save() const {
    const bool summed_here = origin_ == EnergyOrigin::accumulated || origin_ == EnergyOrigin::integrated;
    const WattHours worth = summed_here ? worth_saving : worth_saving_of_lifetime;
    return jumped_ || (value_ && value_->value - saved_value_ >= worth);
}

void EnergyRegister::update(const Reading& reading, std::optional<Watts> power, bool in_transaction) {
    if (reading.energy_import) {
        const EnergyOrigin before = origin_ == EnergyOrigin::none ? kept_origin_ : origin_;
        if (before == EnergyOrigin::accumulated) last_raw_.reset();  // says nothing about this one
        origin_ = EnergyOrigin::lifetime;
        follow_lifetime(*reading.energy_import, in_transaction);
    } else if (origin_ == EnergyOrigin::lifetime) {
        return;  // the register is only unreadable for a moment
    } else if (reading.energy_session) {
        if (awaits_register()) return;
        origin_ = EnergyOrigin::accumulated;
        accumulate(*reading.energy_session);
    } else if (!last_raw_) {  // a counter that is silent now would jump when it speaks again
        origin_ = EnergyOrigin::integrated;
        integrate(power, reading.taken_at);
    }
}

/// Not read yet since the process began. In the end the charger is another one, and goes on from the last
/// value.
bool EnergyRegister::awaits_register() {
    if (origin_ != EnergyOrigin::none || kept_origin_ != EnergyOrigin::lifetime) return false;
    if (++missing_readings_ < register_missing_readings) return true;
    kept_origin_ = EnergyOrigin::none;
    last_raw_.reset();
    return false;
}

/// The first sight of a register, and the end of what it had to be shifted by meanwhile.
void EnergyRegister::join(WattHours raw, bool in_transaction) {
    const bool first = !last_raw_;
    if (first) {
        jumped_ = true;
        offset_ = value_ ? value_->value - raw : WattHours(0);
    }
    if (!in_transaction && offset_ < WattHours(0)) {
        jumped_ = true;
        offset_ = WattHours(0);
    }
}

void EnergyRegister::follow_lifetime(const Measured<WattHours>& raw, bool in_transaction) {
    join(raw.value, in_transaction);
    const WattHours last = last_raw_.value_or(raw.value);
    const bool lower = raw.value + flicker < last;
    if (lower && ++lower_readings_ < meter_swap_readings) return;
    if (lower) {
        offset_ += last - raw.value;
        jumped_ = true;
    }
    lower_readings_ = 0;
    last_raw_ = lower ? raw.value : std::max(raw.value, last);
    value_ = Measured<WattHours>{*last_raw_ + offset_, raw.taken_at};
}

void EnergyRegister::accumulate(const Measured<WattHours>& raw) {
    if (!last_raw_ && value_) offset_ = value_->value - raw.value;
    const WattHours last = last_raw_.value_or(raw.value);
    if (raw.value < last) {
        offset_ += last;
        jumped_ = true;
    }
    last_raw_ = raw.value;
    value_ = Measured<WattHours>{raw.value + offset_, raw.taken_at};
}

void EnergyRegister::integrate(const std::optional<Watts>& power, SteadyTime now) {
    if (last_power_ && power) {
        const auto gap = now - last_power_->taken_at;
        if (gap > SteadyEpoch::duration(0) && gap <= longest_gap) {
            const double hours = std::chrono::duration<double, std::ratio<3600>>(gap).count();
            offset_ += WattHours((last_power_->value.value() + power->value()) / 2 * hours);
        }
    }
    if (power) last_power_ = Measured<Watts>{*power, now};
    value_ = Measured<WattHours>{offset_, now};
}

}  // namespace busbar::ocpp
