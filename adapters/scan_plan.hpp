// SPDX-License-Identifier: Apache-2.0
// What a scan asks, where and in which order: the known models' defaults first, then everything else. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/register_values.hpp"
#include "adapters/registers.hpp"
#include "config/config.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

using ProfileLibrary = std::map<std::string, config::Profile>;

/// How a line is spoken on. Of a network peer there is one setting, its address.
struct ScanSetting {
    config::Bus bus;
    config::Protocol protocol = config::Protocol::modbus;
    friend bool operator==(const ScanSetting&, const ScanSetting&) = default;
};

/// "19200 baud, even parity, 1 stop bit" or "192.0.2.7 port 502"; a protocol that is not Modbus RTU or TCP is
/// named behind it.
std::string to_text(const ScanSetting& setting);

/// One read that a device would answer, with a value or an exception. To a box that speaks messages instead
/// (scan_hello.hpp) it is a hello, and the span tells the unit only.
struct Ask {
    Span span;
    milliseconds reply_timeout;
};

/// Asks that share a setting. After an answer the other asks of that unit are left out.
struct ScanStage {
    ScanSetting setting;
    std::vector<Ask> asks;
};

struct ScanScope {
    /// Other chargers are in service on this line: it is not reopened with other settings.
    bool own_setting_only = false;
    /// Unit ids of configured chargers and meters: never asked.
    std::set<int> taken;
    /// The person knows that it is one of these; empty: any.
    std::set<int> only{};
};

/// The default settings and unit ids of the models that fit a bus of this kind, most common first; the bus's
/// own settings before all, with every usual unit id. On a serial device that no charger uses yet those of
/// the other serial protocols come after them. A model is asked for what its `identify`, else its state,
/// looks at.
std::vector<ScanStage> plan_known_models(const config::Bus& bus, const ProfileLibrary& profiles,
                                         const ScanScope& scope);

/// Every unit id at this setting: those that models come with, then the low ones, then the rest. In the
/// protocol of one maker what its models are asked for, at the ids that they can have.
ScanStage plan_units(const ScanSetting& setting, const ProfileLibrary& profiles, const ScanScope& scope);

/// Every setting of a serial line with the usual unit ids, then every setting with the rest; of a network
/// peer, and of a line in service, just plan_units(). A bus of kind serial: every setting with ABL's boxes,
/// the only ones there that can be set.
std::vector<ScanStage> plan_sweep(const config::Bus& bus, const ProfileLibrary& profiles,
                                  const ScanScope& scope);

/// Settings of a serial line at which others are listened for, when what is heard makes no sense.
std::vector<ScanSetting> listening_settings(const config::Bus& bus);

/// Whether a model can be on a line of this kind.
bool fits(const config::Profile& profile, const ScanSetting& setting);

/// The block of the profile that `span` lies in: some boxes answer whole blocks only. Else `span`.
Span whole_block(const config::Profile& profile, const RegisterValues& values, const Span& span);

/// What shows that a device is there: the first register of `identify` that is read, else of the state, else
/// any. `unit` takes the place of the model's own unit id.
Span probe_of(const config::Profile& profile, int unit);

/// Time that silence takes.
SteadyEpoch::duration cost_of(const ScanStage& stage);
SteadyEpoch::duration cost_of(const std::vector<ScanStage>& stages);

}  // namespace busbar::adapters
