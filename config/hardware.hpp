// SPDX-License-Identifier: Apache-2.0
// The box that the gateway runs in, as its integrator describes it: ports by the name on the housing, LEDs,
// button, tamper switch, modem power. And what the configuration says of the box itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace busbar::config {

/// A line of a GPIO chip, or a file of the kernel that stands for one (an LED's `brightness`).
struct Pin {
    std::string chip;  ///< "gpiochip0"; empty: `file`
    int line = 0;
    std::string file;  ///< absolute path; "0" is low, everything else is high
    bool active_low = false;
    friend bool operator==(const Pin&, const Pin&) = default;
};

struct InputPin {
    Pin pin;
    milliseconds debounce{30};  ///< the level counts once it has stayed so long
    friend bool operator==(const InputPin&, const InputPin&) = default;
};

/// How the modem is cut from its power: by a pin that is active while it has power, or by a program.
struct ModemPower {
    std::optional<Pin> pin;
    milliseconds off{5000};  ///< with `pin`
    std::string program;     ///< as uplinks.modem_power; empty: `pin`
    friend bool operator==(const ModemPower&, const ModemPower&) = default;
};

struct PrintedPort {
    std::string name;    ///< as on the housing
    std::string device;  ///< any of its names: /dev/ttyS1, /dev/serial/by-path/...
    friend bool operator==(const PrintedPort&, const PrintedPort&) = default;
};

struct Hardware {
    std::string model;
    std::vector<PrintedPort> serial_ports;
    std::optional<Pin> status_led;
    std::optional<Pin> alarm_led;
    std::optional<Pin> charging_led;
    std::optional<InputPin> button;
    std::optional<InputPin> tamper;
    std::optional<ModemPower> modem_power;
    std::string access_point;  ///< interface that the button opens for set-up; "": the first WiFi uplink
    friend bool operator==(const Hardware&, const Hardware&) = default;
};

/// As parse_config, for a hardware profile.
Checked<Hardware> parse_hardware(std::string_view text);
Checked<Hardware> load_hardware(const std::string& file);

/// Where a hardware profile is looked for when the configuration names none.
inline constexpr const char* usual_hardware_file = "/etc/busbar/hardware.json";

/// Whose SSH server may reach the box while its owner lets it.
struct Support {
    std::string host;
    int port = 22;
    std::string user;
    std::string host_key;  ///< "ssh-ed25519 AAAA...": no other server is talked to
    int remote_port = 0;   ///< of the server: leads to the box
    friend bool operator==(const Support&, const Support&) = default;
};

/// The configuration's keys `hardware` and `support`. Apart from Config, which steers charging and is known
/// everywhere.
struct BoxSettings {
    std::string hardware;  ///< "": the usual file, if there is one
    std::optional<Support> support;
    friend bool operator==(const BoxSettings&, const BoxSettings&) = default;
};

/// Of a configuration that parse_config() took; it told what is wrong with another.
BoxSettings box_settings_of(std::string_view text);

}  // namespace busbar::config
