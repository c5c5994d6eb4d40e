// SPDX-License-Identifier: Apache-2.0
// Physical quantities as distinct types: Amperes + Watts does not compile.
#pragma once

#include <compare>

namespace busbar {

/// A number with a unit. Holds SI base values (A, V, W) or the unit its alias names; never NaN on purpose.
template <class Tag>
class Quantity {
  public:
    constexpr Quantity() = default;
    explicit constexpr Quantity(double value) : value_(value) {}

    [[nodiscard]] constexpr double value() const { return value_; }

    constexpr Quantity& operator+=(Quantity other) {
        value_ += other.value_;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity other) {
        value_ -= other.value_;
        return *this;
    }

    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
    friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
    friend constexpr Quantity operator*(Quantity a, double k) { return Quantity(a.value_ * k); }
    friend constexpr Quantity operator/(Quantity a, double k) { return Quantity(a.value_ / k); }
    friend constexpr double operator/(Quantity a, Quantity b) { return a.value_ / b.value_; }

  private:
    double value_ = 0.0;
};

using Amperes = Quantity<struct AmperesTag>;  ///< per phase
using Volts = Quantity<struct VoltsTag>;      ///< phase to neutral
using Watts = Quantity<struct WattsTag>;      ///< sum of the phases
using WattHours = Quantity<struct WattHoursTag>;
using Celsius = Quantity<struct CelsiusTag>;  ///< degrees
using Percent = Quantity<struct PercentTag>;  ///< 0 to 100

constexpr Watts operator*(Amperes a, Volts v) {
    return Watts(a.value() * v.value());
}
constexpr Watts operator*(Volts v, Amperes a) {
    return a * v;
}

}  // namespace busbar
