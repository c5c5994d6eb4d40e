// SPDX-License-Identifier: Apache-2.0
#include "ocpp/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ocpp/measurands.hpp"

namespace busbar::ocpp {
namespace {

using enum KeyType;
constexpr auto r = KeyAccess::read;
constexpr auto rw = KeyAccess::read_write;
constexpr auto w = KeyAccess::write;
constexpr int day = 86'400;

constexpr std::string_view default_measurands = "Energy.Active.Import.Register,Power.Active.Import";

constexpr std::array keys{
    KeySpec{Key::AdditionalRootCertificateCheck, "AdditionalRootCertificateCheck", boolean, r, "false"},
    KeySpec{Key::AllowOfflineTxForUnknownId, "AllowOfflineTxForUnknownId", boolean, rw, "false"},
    KeySpec{Key::AuthorizationCacheEnabled, "AuthorizationCacheEnabled", boolean, rw, "true"},
    KeySpec{Key::AuthorizationKey, "AuthorizationKey", password, w, "", 0, 100},
    KeySpec{Key::AuthorizeRemoteTxRequests, "AuthorizeRemoteTxRequests", boolean, rw, "false"},
    KeySpec{Key::BlinkRepeat, "BlinkRepeat", integer, rw, "0", 0, 100},
    KeySpec{Key::CertificateSignedMaxChainSize, "CertificateSignedMaxChainSize", integer, r, "10000"},
    KeySpec{Key::CertificateStoreMaxLength, "CertificateStoreMaxLength", integer, r, "10"},
    KeySpec{Key::ChargeProfileMaxStackLevel, "ChargeProfileMaxStackLevel", integer, r, "9"},
    KeySpec{Key::ChargingScheduleAllowedChargingRateUnit, "ChargingScheduleAllowedChargingRateUnit", text, r,
            "Current,Power"},
    KeySpec{Key::ChargingScheduleMaxPeriods, "ChargingScheduleMaxPeriods", integer, r, "100"},
    KeySpec{Key::ClockAlignedDataInterval, "ClockAlignedDataInterval", integer, rw, "0", 0, day},
    KeySpec{Key::ConnectionTimeOut, "ConnectionTimeOut", integer, rw, "60", 0, day},
    KeySpec{Key::ConnectorPhaseRotation, "ConnectorPhaseRotation", phase_rotation, rw, "NotApplicable", 0,
            20},
    KeySpec{Key::ConnectorPhaseRotationMaxLength, "ConnectorPhaseRotationMaxLength", integer, r, "20"},
    KeySpec{Key::ConnectorSwitch3to1PhaseSupported, "ConnectorSwitch3to1PhaseSupported", boolean, r, "false"},
    KeySpec{Key::CpoName, "CpoName", text, rw, ""},
    KeySpec{Key::GetConfigurationMaxKeys, "GetConfigurationMaxKeys", integer, r, "100"},
    KeySpec{Key::HeartbeatInterval, "HeartbeatInterval", integer, rw, "300", 1, day},
    KeySpec{Key::LightIntensity, "LightIntensity", integer, rw, "100", 0, 100},
    KeySpec{Key::LocalAuthListEnabled, "LocalAuthListEnabled", boolean, rw, "true"},
    KeySpec{Key::LocalAuthListMaxLength, "LocalAuthListMaxLength", integer, r, "1000"},
    KeySpec{Key::LocalAuthorizeOffline, "LocalAuthorizeOffline", boolean, rw, "true"},
    KeySpec{Key::LocalPreAuthorize, "LocalPreAuthorize", boolean, rw, "false"},
    KeySpec{Key::MaxChargingProfilesInstalled, "MaxChargingProfilesInstalled", integer, r, "50"},
    KeySpec{Key::MaxEnergyOnInvalidId, "MaxEnergyOnInvalidId", integer, rw, "0", 0, 1'000'000},
    KeySpec{Key::MessageTimeout, "MessageTimeout", integer, rw, "30", 1, 600},
    KeySpec{Key::MeterValuesAlignedData, "MeterValuesAlignedData", measurands, rw, default_measurands, 0, 20},
    KeySpec{Key::MeterValuesAlignedDataMaxLength, "MeterValuesAlignedDataMaxLength", integer, r, "20"},
    KeySpec{Key::MeterValuesSampledData, "MeterValuesSampledData", measurands, rw, default_measurands, 0, 20},
    KeySpec{Key::MeterValuesSampledDataMaxLength, "MeterValuesSampledDataMaxLength", integer, r, "20"},
    KeySpec{Key::MeterValueSampleInterval, "MeterValueSampleInterval", integer, rw, "60", 0, day},
    KeySpec{Key::MinimumStatusDuration, "MinimumStatusDuration", integer, rw, "0", 0, 3600},
    KeySpec{Key::NumberOfConnectors, "NumberOfConnectors", integer, r, "1"},
    KeySpec{Key::ReserveConnectorZeroSupported, "ReserveConnectorZeroSupported", boolean, r, "true"},
    KeySpec{Key::ResetRetries, "ResetRetries", integer, rw, "0", 0, 10},
    KeySpec{Key::SecurityProfile, "SecurityProfile", integer, rw, "2", 2, 3},
    KeySpec{Key::SendLocalListMaxLength, "SendLocalListMaxLength", integer, r, "1000"},
    KeySpec{Key::StopTransactionMaxMeterValues, "StopTransactionMaxMeterValues", integer, r, "100"},
    KeySpec{Key::StopTransactionOnEVSideDisconnect, "StopTransactionOnEVSideDisconnect", boolean, rw, "true"},
    KeySpec{Key::StopTransactionOnInvalidId, "StopTransactionOnInvalidId", boolean, rw, "true"},
    KeySpec{Key::StopTxnAlignedData, "StopTxnAlignedData", measurands, rw, "", 0, 20},
    KeySpec{Key::StopTxnAlignedDataMaxLength, "StopTxnAlignedDataMaxLength", integer, r, "20"},
    KeySpec{Key::StopTxnSampledData, "StopTxnSampledData", measurands, rw, "", 0, 20},
    KeySpec{Key::StopTxnSampledDataMaxLength, "StopTxnSampledDataMaxLength", integer, r, "20"},
    KeySpec{Key::SupportedFeatureProfiles, "SupportedFeatureProfiles", text, r,
            "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"},
    KeySpec{Key::SupportedFeatureProfilesMaxLength, "SupportedFeatureProfilesMaxLength", integer, r, "6"},
    KeySpec{Key::SupportedFileTransferProtocols, "SupportedFileTransferProtocols", text, r, ""},
    KeySpec{Key::TransactionMessageAttempts, "TransactionMessageAttempts", integer, rw, "3", 1, 100},
    KeySpec{Key::TransactionMessageRetryInterval, "TransactionMessageRetryInterval", integer, rw, "60", 0,
            day},
    KeySpec{Key::UnlockConnectorOnEVSideDisconnect, "UnlockConnectorOnEVSideDisconnect", boolean, rw, "true"},
    KeySpec{Key::WebSocketPingInterval, "WebSocketPingInterval", integer, rw, "45", 0, day},
};

constexpr bool table_agrees_with_enum() {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (static_cast<std::size_t>(keys.at(i).key) != i) return false;
    }
    return keys.size() == static_cast<std::size_t>(Key::WebSocketPingInterval) + 1;
}
static_assert(table_agrees_with_enum());

/// ev.energy's own spelling of the key (its requirements, "Configuration").
constexpr std::string_view misspelt = "MeterValuesSampleData";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> elements;
    while (!trimmed(text).empty()) {
        const auto comma = text.find(',');
        elements.emplace_back(trimmed(text.substr(0, comma)));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return elements;
}

std::optional<std::string> canonical_integer(const KeySpec& spec, std::string_view value) {
    const std::string_view digits = trimmed(value);
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool whole = error == std::errc() && end == digits.data() + digits.size();
    if (!whole || number < spec.minimum || number > spec.maximum) return std::nullopt;
    return std::to_string(number);
}

std::optional<std::string> canonical_boolean(std::string_view value) {
    for (const std::string_view word : {"true", "false"}) {
        if (equals_ignoring_case(trimmed(value), word)) return std::string(word);
    }
    return std::nullopt;
}

bool is_number(std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "0.RST,1.RTS", or one word for all connectors (section 9.1.8).
std::optional<std::string> canonical_rotation(const KeySpec& spec, std::string_view value) {
    static constexpr std::array<std::string_view, 8> rotations{"NotApplicable", "Unknown", "RST", "RTS",
                                                               "SRT",           "STR",     "TRS", "TSR"};
    const auto elements = split_list(value);
    for (const auto& element : elements) {
        const auto dot = element.find('.');
        const std::string_view word =
            std::string_view(element).substr(dot == std::string::npos ? 0 : dot + 1);
        if (dot != std::string::npos && !is_number(std::string_view(element).substr(0, dot)))
            return std::nullopt;
        if (std::find(rotations.begin(), rotations.end(), word) == rotations.end()) return std::nullopt;
    }
    if (elements.empty() || elements.size() > static_cast<std::size_t>(spec.maximum)) return std::nullopt;
    return fmt::format("{}", fmt::join(elements, ","));
}

std::optional<std::string> canonical_measurands(const KeySpec& spec, std::string_view value) {
    auto elements = split_list(value);
    if (elements.size() > static_cast<std::size_t>(spec.maximum)) return std::nullopt;
    for (auto& element : elements) {
        const auto* measurand = find_measurand(element);
        if (measurand == nullptr) return std::nullopt;
        element = measurand->name;
    }
    return fmt::format("{}", fmt::join(elements, ","));
}

/// Whatever can stand in a header line.
std::optional<std::string> canonical_password(const KeySpec& spec, std::string_view value) {
    const bool fits = !value.empty() && value.size() <= static_cast<std::size_t>(spec.maximum);
    const bool plain = std::all_of(value.begin(), value.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
    return fits && plain ? std::optional(std::string(value)) : std::nullopt;
}

/// The value as it is kept and shown; empty: it is none for this key.
std::optional<std::string> canonical(const KeySpec& spec, std::string_view value) {
    switch (spec.type) {
        case integer:
            return canonical_integer(spec, value);
        case boolean:
            return canonical_boolean(value);
        case measurands:
            return canonical_measurands(spec, value);
        case phase_rotation:
            return canonical_rotation(spec, value);
        case password:
            return canonical_password(spec, value);
        case text:
            return std::string(value);
    }
    return std::nullopt;
}

std::string expected(const KeySpec& spec) {
    switch (spec.type) {
        case integer:
            return fmt::format("a whole number from {} to {}", spec.minimum, spec.maximum);
        case boolean:
            return "true or false";
        case measurands:
            return fmt::format("a comma separated list of {}", measurand_names());
        case phase_rotation:
            return "NotApplicable, Unknown, or rotations such as 1.RST";
        case password:
        case text:
            return "a text";
    }
    return {};
}

}  // namespace

std::span<const KeySpec> configuration_keys() {
    return keys;
}

const KeySpec* find_key(std::string_view name) {
    if (equals_ignoring_case(name, misspelt)) return find_key("MeterValuesSampledData");
    const auto found = std::find_if(
        keys.begin(), keys.end(), [&](const KeySpec& spec) { return equals_ignoring_case(spec.name, name); });
    return found == keys.end() ? nullptr : &*found;
}

Configuration::Configuration(const std::map<std::string, std::string>& seeds,
                             const std::vector<Record>& saved) {
    for (const auto& spec : keys) values_.emplace_back(spec.initial);
    for (const auto& [name, value] : seeds) change(name, value);
    for (const auto& record : saved) {
        if (record.kind == record_kind) change(record.key, record.body);
    }
}

const std::string& Configuration::text(Key key) const {
    return values_.at(static_cast<std::size_t>(key));
}

int Configuration::integer(Key key) const {
    const std::string& value = text(key);
    int number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

bool Configuration::boolean(Key key) const {
    return text(key) == "true";
}

std::vector<std::string> Configuration::list(Key key) const {
    return split_list(text(key));
}

ConfigurationStatus Configuration::change(std::string_view name, std::string_view value) {
    const KeySpec* spec = find_key(name);
    if (spec == nullptr) return ConfigurationStatus::NotSupported;
    auto kept = canonical(*spec, value);
    if (!kept || spec->access == KeyAccess::read) return ConfigurationStatus::Rejected;
    set(spec->key, std::move(*kept));
    return ConfigurationStatus::Accepted;
}

void Configuration::set(Key key, std::string value) {
    values_.at(static_cast<std::size_t>(key)) = std::move(value);
}

Record Configuration::record(Key key) const {
    return {std::string(record_kind), std::string(keys.at(static_cast<std::size_t>(key)).name), text(key)};
}

std::optional<std::string> Configuration::seed_problem(std::string_view name, std::string_view value) {
    const KeySpec* spec = find_key(name);
    if (spec == nullptr) return fmt::format("'{}' is not a configuration key of this charge point", name);
    if (spec->access == KeyAccess::read) return fmt::format("{} is read-only and cannot be set", spec->name);
    if (spec->access == KeyAccess::write) return fmt::format("{} is a secret: use \"password\"", spec->name);
    if (!canonical(*spec, value)) return fmt::format("{} must be {}", spec->name, expected(*spec));
    return std::nullopt;
}

}  // namespace busbar::ocpp
