// SPDX-License-Identifier: Apache-2.0
// Where an update's files lie, and who owns which.
#pragma once

#include <string>

namespace busbar::update {

/// All paths of the system that an update touches, below `root`: "" on a gateway, a folder in tests.
struct Places {
    std::string root;

    [[nodiscard]] std::string keys() const { return root + "/usr/share/busbar/update-keys"; }
    [[nodiscard]] std::string helper() const { return root + "/usr/libexec/busbar/busbar-update"; }
    /// The daemon's, and its spool within.
    [[nodiscard]] std::string state() const { return root + "/var/lib/busbar"; }
    /// The helper's own; only root writes there.
    [[nodiscard]] std::string work() const { return root + "/var/lib/busbar-update"; }
    [[nodiscard]] std::string status() const { return work() + "/status.json"; }
    [[nodiscard]] std::string journal() const { return work() + "/journal"; }
    [[nodiscard]] std::string lock() const { return work() + "/lock"; }
    [[nodiscard]] std::string bundle() const { return work() + "/bundle"; }
    [[nodiscard]] std::string new_package() const { return work() + "/new.deb"; }
    [[nodiscard]] std::string current_package() const { return work() + "/current.deb"; }
    [[nodiscard]] std::string state_copy() const { return work() + "/state"; }
};

/// Files in the spool, a folder of the daemon's state directory.
namespace spool {
inline constexpr const char* folder = "update";
inline constexpr const char* bundle = "bundle";    ///< whole, as the daemon took it
inline constexpr const char* request = "request";  ///< the daemon asks for it to be installed
inline constexpr const char* health = "health";    ///< the daemon's word that it is well
}  // namespace spool

}  // namespace busbar::update
