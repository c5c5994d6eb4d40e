// SPDX-License-Identifier: Apache-2.0
// The configuration keys of OCPP 1.6 (section 9) as one table, and their values.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"
#include "ocpp/saved.hpp"
#include "ocpp/types.hpp"

namespace busbar::ocpp {

/// Index into the table; the order of the two must agree (checked at compile time in configuration.cpp).
enum class Key {
    AdditionalRootCertificateCheck,
    AllowOfflineTxForUnknownId,
    AuthorizationCacheEnabled,
    AuthorizationKey,
    AuthorizeRemoteTxRequests,
    BlinkRepeat,
    CertificateSignedMaxChainSize,
    CertificateStoreMaxLength,
    ChargeProfileMaxStackLevel,
    ChargingScheduleAllowedChargingRateUnit,
    ChargingScheduleMaxPeriods,
    ClockAlignedDataInterval,
    ConnectionTimeOut,
    ConnectorPhaseRotation,
    ConnectorPhaseRotationMaxLength,
    ConnectorSwitch3to1PhaseSupported,
    CpoName,
    GetConfigurationMaxKeys,
    HeartbeatInterval,
    LightIntensity,
    LocalAuthListEnabled,
    LocalAuthListMaxLength,
    LocalAuthorizeOffline,
    LocalPreAuthorize,
    MaxChargingProfilesInstalled,
    MaxEnergyOnInvalidId,
    MessageTimeout,
    MeterValuesAlignedData,
    MeterValuesAlignedDataMaxLength,
    MeterValuesSampledData,
    MeterValuesSampledDataMaxLength,
    MeterValueSampleInterval,
    MinimumStatusDuration,
    NumberOfConnectors,
    ReserveConnectorZeroSupported,
    ResetRetries,
    SecurityProfile,
    SendLocalListMaxLength,
    StopTransactionMaxMeterValues,
    StopTransactionOnEVSideDisconnect,
    StopTransactionOnInvalidId,
    StopTxnAlignedData,
    StopTxnAlignedDataMaxLength,
    StopTxnSampledData,
    StopTxnSampledDataMaxLength,
    SupportedFeatureProfiles,
    SupportedFeatureProfilesMaxLength,
    SupportedFileTransferProtocols,
    TransactionMessageAttempts,
    TransactionMessageRetryInterval,
    UnlockConnectorOnEVSideDisconnect,
    WebSocketPingInterval,
};

enum class KeyType { integer, boolean, text, measurands, phase_rotation, password };
enum class KeyAccess { read, read_write, write };  ///< the value of a `write` key is never told

struct KeySpec {
    Key key;
    std::string_view name;
    KeyType type;
    KeyAccess access;
    std::string_view initial;
    int minimum = 0;           ///< of integers
    int maximum = 2147483647;  ///< of integers; of lists: the most elements
};

/// All keys, in alphabetical order as the enum has them.
std::span<const KeySpec> configuration_keys();

/// By name without regard to case, alias MeterValuesSampleData included; null if there is none.
const KeySpec* find_key(std::string_view name);

class Configuration {
  public:
    static constexpr std::string_view record_kind = "configuration";

    /// Seeds hold until the central system has written a key (CONTRACT.md section 2); what is no valid seed
    /// is ignored here, the configuration check has said so. Saved records of other kinds are passed over.
    Configuration(const std::map<std::string, std::string>& seeds, const std::vector<Record>& saved);

    [[nodiscard]] int integer(Key key) const;
    [[nodiscard]] bool boolean(Key key) const;
    [[nodiscard]] seconds interval(Key key) const { return seconds(integer(key)); }
    [[nodiscard]] std::vector<std::string> list(Key key) const;
    [[nodiscard]] const std::string& text(Key key) const;

    /// ChangeConfiguration: checks, and on Accepted is in force; the caller saves record(key).
    ConfigurationStatus change(std::string_view name, std::string_view value);

    /// What the charge point itself decides: number of connectors, the interval BootNotification.conf gave.
    void set(Key key, std::string value);

    [[nodiscard]] Record record(Key key) const;

    /// Why `value` cannot be a seed for `name`; empty: it can.
    static std::optional<std::string> seed_problem(std::string_view name, std::string_view value);

  private:
    std::vector<std::string> values_;  ///< by Key
};

}  // namespace busbar::ocpp
