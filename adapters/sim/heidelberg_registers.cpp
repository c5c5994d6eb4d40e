// SPDX-License-Identifier: Apache-2.0
// The register table of the Heidelberg Energy Control, addresses zero-based as on the wire.
#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/sim/heidelberg_box.hpp"

namespace busbar::sim {

namespace {

constexpr std::uint16_t hardware_variant = 3;
constexpr std::uint16_t software_revision = 1208;
constexpr std::uint16_t temperature = 285;  // 0.1 degrees
constexpr std::uint16_t temperature_derated = 850;

std::uint16_t half(double wh, std::uint16_t offset) {
    const auto whole = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wh));
    return static_cast<std::uint16_t>(offset == 0 ? whole >> 16 : whole & 0xFFFF);
}

/// Two characters a register, the first one in the low byte.
std::uint16_t two_characters(const std::string& text, std::uint16_t offset) {
    const auto character = [&text](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const std::size_t at = 2U * offset;
    return static_cast<std::uint16_t>(character(at) | (character(at + 1) << 8));
}

bool any_value(std::uint16_t /*value*/) {
    return true;
}
bool standby_value(std::uint16_t value) {
    return value == 0 || value == 4;
}
bool lock_value(std::uint16_t value) {
    return value <= 1;
}
// Field: what is below 6.0 A is taken and means 0.
bool command_value(std::uint16_t value) {
    return value <= 160;
}
bool failsafe_value(std::uint16_t value) {
    return value == 0 || (value >= 60 && value <= 160);
}

}  // namespace

struct HeidelbergRegisters {
    using Box = HeidelbergBox;

    struct Input {
        std::uint16_t first;
        std::uint16_t last;
        std::uint16_t since_layout;
        std::uint16_t (*value)(const Box& box, std::uint16_t offset);
    };

    struct Holding {
        std::uint16_t address;
        std::uint16_t readable_since_layout;
        std::uint16_t Box::Settings::*field;
        bool (*accepts)(std::uint16_t value);
    };

    static std::uint16_t layout(const Box& box, std::uint16_t) { return box.options_.layout; }
    static std::uint16_t state(const Box& box, std::uint16_t) {
        return static_cast<std::uint16_t>(box.state());
    }
    static std::uint16_t deci_amps(const Box& box, std::uint16_t phase) {
        return static_cast<std::uint16_t>(std::lround(box.outlet_.amps().at(phase) * 10));
    }
    static std::uint16_t pcb_temperature(const Box& box, std::uint16_t) {
        return box.fault_ == Box::State::derating ? temperature_derated : temperature;
    }
    static std::uint16_t volts(const Box&, std::uint16_t phase) {
        return static_cast<std::uint16_t>(Outlet::volts.at(phase));
    }
    static std::uint16_t external_lock(const Box& box, std::uint16_t) {
        return box.options_.externally_locked ? 0 : 1;
    }
    static std::uint16_t volt_amperes(const Box& box, std::uint16_t) {
        return static_cast<std::uint16_t>(std::lround(box.outlet_.volt_amperes()));
    }
    static std::uint16_t since_power_on(const Box& box, std::uint16_t offset) {
        return half(box.outlet_.metered_wh() - box.metered_at_power_on_wh_, offset);
    }
    static std::uint16_t since_installation(const Box& box, std::uint16_t offset) {
        return half(box.lifetime_wh(), offset);
    }
    static std::uint16_t hardware_max(const Box& box, std::uint16_t) {
        return static_cast<std::uint16_t>(box.options_.hardware_max_a);
    }
    static std::uint16_t hardware_min(const Box& box, std::uint16_t) {
        return static_cast<std::uint16_t>(box.options_.hardware_min_a);
    }
    static std::uint16_t logistics(const Box& box, std::uint16_t offset) {
        return two_characters(box.options_.logistics, offset);
    }
    static std::uint16_t variant(const Box&, std::uint16_t) { return hardware_variant; }
    static std::uint16_t revision(const Box&, std::uint16_t) { return software_revision; }

    static constexpr std::array inputs{
        Input{4, 4, 0, layout},
        Input{5, 5, 0, state},
        Input{6, 8, 0, deci_amps},
        Input{9, 9, 0, pcb_temperature},
        Input{10, 12, 0, volts},
        Input{13, 13, 0, external_lock},
        Input{14, 14, 0x0104, volt_amperes},
        Input{15, 16, 0, since_power_on},
        Input{17, 18, 0x0107, since_installation},
        Input{100, 100, 0, hardware_max},
        Input{101, 101, 0, hardware_min},
        Input{102, 133, 0, logistics},
        Input{200, 200, 0, variant},
        Input{203, 203, 0, revision},
    };

    static constexpr std::array holdings{
        Holding{257, 0, &Box::Settings::watchdog_ms, any_value},
        Holding{258, 0x0108, &Box::Settings::standby, standby_value},
        Holding{259, 0x0108, &Box::Settings::remote_unlocked, lock_value},
        Holding{261, 0, &Box::Settings::current_command, command_value},
        Holding{262, 0, &Box::Settings::failsafe_current, failsafe_value},
    };

    static const Holding* holding(std::uint16_t address) {
        const auto* found = std::find_if(holdings.begin(), holdings.end(),
                                         [address](const Holding& row) { return row.address == address; });
        return found == holdings.end() ? nullptr : found;
    }
};

std::optional<std::uint16_t> HeidelbergBox::read(Space space, std::uint16_t address) const {
    if (space == Space::holding) {
        const auto* row = HeidelbergRegisters::holding(address);
        if (row == nullptr || options_.layout < row->readable_since_layout) {
            return std::nullopt;
        }
        return settings_.*row->field;
    }
    for (const auto& row : HeidelbergRegisters::inputs) {
        if (address >= row.first && address <= row.last && options_.layout >= row.since_layout) {
            return row.value(*this, static_cast<std::uint16_t>(address - row.first));
        }
    }
    return std::nullopt;
}

std::optional<ModbusException> HeidelbergBox::refuses(std::uint16_t address, std::uint16_t value) const {
    const auto* row = HeidelbergRegisters::holding(address);
    if (row == nullptr) {
        return ModbusException::illegal_address;
    }
    if (!row->accepts(value)) {
        return ModbusException::illegal_value;
    }
    return std::nullopt;
}

void HeidelbergBox::store(std::uint16_t address, std::uint16_t value) {
    const bool was_locked = settings_.remote_unlocked == 0;
    settings_.*HeidelbergRegisters::holding(address)->field = value;
    if (was_locked && settings_.remote_unlocked != 0) {
        unavailable_until_ = now() + pilot_f_lasts;
        car().wake();
    }
}

std::uint16_t HeidelbergBox::longest_read() const {
    return static_cast<std::uint16_t>(options_.longest_read);
}

}  // namespace busbar::sim
