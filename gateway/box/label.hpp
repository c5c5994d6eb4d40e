// SPDX-License-Identifier: Apache-2.0
// What is printed and stuck to the box: how to reach it, and with what. Pure but for the generated key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/log.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/uplink/connection_profiles.hpp"

namespace busbar::gateway {

struct Label {
    std::string name;                         ///< of the box: its host name
    std::string address;                      ///< https://name.local/; "": no page is served
    std::optional<Secret> setup_password{};   ///< of the first account; empty: it has been changed
    std::optional<WifiLogin> access_point{};  ///< for set-up; empty: the box has no WiFi
};

/// {name, address, setup_password, access_point: {ssid, key}}; what is not there is null.
std::string label_json(const Label& label);

/// 62 mm by 29 mm, the usual continuous label: words, a QR code of the address, one to join the access point.
/// Error: a text is too long for a QR code.
Result<std::string> label_svg(const Label& label);

/// "WIFI:T:WPA;S:...;P:...;;", with what has a meaning there escaped.
std::string wifi_qr_text(const WifiLogin& login);

/// The name and key of the access point for set-up, made at the first call and kept in `file`.
WifiLogin access_point_of_box(const std::string& file, const Log& log);

}  // namespace busbar::gateway
