// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/gsm_connection.hpp"

#include <algorithm>
#include <utility>

namespace busbar::gateway {
namespace {

constexpr const char* settings_path = "/org/freedesktop/NetworkManager/Settings";
constexpr const char* settings = "org.freedesktop.NetworkManager.Settings";
constexpr std::uint32_t in_memory = 2;  // NMSettingsAddConnection2Flags, NMSettingsUpdate2Flags

template <class T>
const T* first(const SystemBus::Values& values) {
    return values.empty() ? nullptr : std::get_if<T>(&values.front().as);
}

/// But for the password, which a profile does not show: a wrong one is replaced when the modem is connected
/// next.
bool is_same_access(const dbus::Sections& one, const dbus::Sections& other) {
    const auto word = [](const dbus::Sections& profile, const char* key) {
        const auto gsm = profile.find("gsm");
        return gsm == profile.end() ? std::string() : dbus::get<std::string>(gsm->second, key);
    };
    return word(one, "apn") == word(other, "apn") && word(one, "username") == word(other, "username");
}

}  // namespace

GsmConnection::GsmConnection(NetworkManager& manager, GsmAccess access, Log log)
    : manager_(manager), access_(std::move(access)), log_(std::move(log)) {
    on_devices();
}

void GsmConnection::on_devices() {
    const auto& devices = manager_.devices();
    const auto modem = std::find_if(devices.begin(), devices.end(),
                                    [](const auto& device) { return device.kind == NetworkKind::modem; });
    const auto before = std::exchange(modem_, modem == devices.end() ? "" : modem->path);
    if (!modem_.empty() && modem_ != before) offer();
}

void GsmConnection::offer() {
    manager_.call(settings_path, settings, "GetConnectionByUuid", {{std::string(gsm_profile_uuid)}},
                  [this, alive = std::weak_ptr(alive_)](const Result<SystemBus::Values>& found) {
                      if (alive.expired()) return;
                      const auto* profile = found ? first<dbus::ObjectPath>(*found) : nullptr;
                      profile == nullptr ? add() : compare(profile->text);
                  });
}

void GsmConnection::add() {
    call(settings_path, settings, "AddConnection2", {{gsm_profile(access_)}, {in_memory}, {dbus::Dict{}}},
         [](const auto&) {});
}

void GsmConnection::compare(const std::string& profile) {
    call(profile, nm::profile, "GetSettings", {}, [this, profile](const auto& values) {
        const auto* now = first<dbus::Sections>(values);
        update(profile, now == nullptr || !is_same_access(*now, gsm_profile(access_)));
    });
}

void GsmConnection::update(const std::string& profile, bool is_other) {
    call(profile, nm::profile, "Update2", {{gsm_profile(access_)}, {in_memory}, {dbus::Dict{}}},
         [this, profile, is_other](const auto&) {
             if (is_other) connect(profile);
         });
}

/// What is connected would keep its old APN.
void GsmConnection::connect(const std::string& profile) {
    call(nm::manager_path, nm::service, "ActivateConnection",
         {{dbus::ObjectPath{profile}}, {dbus::ObjectPath{modem_}}, {dbus::ObjectPath{"/"}}},
         [](const auto&) {});
}

void GsmConnection::call(const std::string& path, const char* interface, const char* method,
                         std::vector<dbus::Value> arguments,
                         std::function<void(const SystemBus::Values&)> then) {
    manager_.call(path, interface, method, std::move(arguments),
                  [this, then = std::move(then),
                   alive = std::weak_ptr(alive_)](const Result<SystemBus::Values>& result) {
                      if (alive.expired()) return;
                      result ? then(*result) : complain(result.error());
                  });
}

void GsmConnection::complain(const Error& error) {
    log_.warning("gsm_profile_refused",
                 "NetworkManager does not take the GSM uplink's APN: " + error.detail +
                     " The modem connects by a profile of a person's own, or not at all.");
}

}  // namespace busbar::gateway
