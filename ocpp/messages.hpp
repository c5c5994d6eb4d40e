// SPDX-License-Identifier: Apache-2.0
// One plain struct a message (OCPP 1.6 section 6) and a data type (section 7), member names as on the wire.
// BOOST_DESCRIBE_STRUCT is what the JSON bridge reads; its order is the order on the wire.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/time.hpp"
#include "ocpp/types.hpp"

// clang-format off
namespace busbar::ocpp {

/// A time we send (already text: it may be a token, see deferred.hpp) or received.
using SentTime = std::string;

struct IdTagInfo {
    std::optional<UtcTime> expiryDate;
    std::optional<IdToken> parentIdTag;
    AuthorizationStatus status{};
};
BOOST_DESCRIBE_STRUCT(IdTagInfo, (), (expiryDate, parentIdTag, status))

struct SampledValue {
    std::string value;
    std::string context;
    std::string format;
    std::string measurand;
    std::optional<std::string> phase;
    std::optional<std::string> location;
    std::optional<std::string> unit;
};
BOOST_DESCRIBE_STRUCT(SampledValue, (), (value, context, format, measurand, phase, location, unit))

struct MeterValue {
    SentTime timestamp;
    std::vector<SampledValue> sampledValue;
};
BOOST_DESCRIBE_STRUCT(MeterValue, (), (timestamp, sampledValue))

struct ChargingSchedulePeriod {
    int startPeriod{};
    double limit{};
    std::optional<int> numberPhases;
};
BOOST_DESCRIBE_STRUCT(ChargingSchedulePeriod, (), (startPeriod, limit, numberPhases))

struct ChargingSchedule {
    std::optional<int> duration;
    std::optional<UtcTime> startSchedule;
    ChargingRateUnitType chargingRateUnit{};
    std::vector<ChargingSchedulePeriod> chargingSchedulePeriod;
    std::optional<double> minChargingRate;
};
BOOST_DESCRIBE_STRUCT(ChargingSchedule, (), (duration, startSchedule, chargingRateUnit, chargingSchedulePeriod, minChargingRate))

struct ChargingProfile {
    int chargingProfileId{};
    std::optional<int> transactionId;
    int stackLevel{};
    ChargingProfilePurposeType chargingProfilePurpose{};
    ChargingProfileKindType chargingProfileKind{};
    std::optional<RecurrencyKindType> recurrencyKind;
    std::optional<UtcTime> validFrom;
    std::optional<UtcTime> validTo;
    ChargingSchedule chargingSchedule;
};
BOOST_DESCRIBE_STRUCT(ChargingProfile, (), (chargingProfileId, transactionId, stackLevel, chargingProfilePurpose,
                      chargingProfileKind, recurrencyKind, validFrom, validTo, chargingSchedule))

struct KeyValue {
    CiString<50> key;
    bool readonly{};
    std::optional<CiString<500>> value;
};
BOOST_DESCRIBE_STRUCT(KeyValue, (), (key, readonly, value))

struct AuthorizationData {
    IdToken idTag;
    std::optional<IdTagInfo> idTagInfo;
};
BOOST_DESCRIBE_STRUCT(AuthorizationData, (), (idTag, idTagInfo))

// ---- from the charge point ----------------------------------------------------------------------------------------

struct AuthorizeReq { IdToken idTag; };
BOOST_DESCRIBE_STRUCT(AuthorizeReq, (), (idTag))
struct AuthorizeConf { IdTagInfo idTagInfo; };
BOOST_DESCRIBE_STRUCT(AuthorizeConf, (), (idTagInfo))

struct BootNotificationReq {
    std::optional<CiString<25>> chargeBoxSerialNumber;
    CiString<20> chargePointModel;
    std::optional<CiString<25>> chargePointSerialNumber;
    CiString<20> chargePointVendor;
    std::optional<CiString<50>> firmwareVersion;
    std::optional<CiString<20>> iccid;
    std::optional<CiString<20>> imsi;
    std::optional<CiString<25>> meterSerialNumber;
    std::optional<CiString<25>> meterType;
};
BOOST_DESCRIBE_STRUCT(BootNotificationReq, (), (chargeBoxSerialNumber, chargePointModel, chargePointSerialNumber,
                      chargePointVendor, firmwareVersion, iccid, imsi, meterSerialNumber, meterType))
struct BootNotificationConf { UtcTime currentTime; int interval{}; RegistrationStatus status{}; };
BOOST_DESCRIBE_STRUCT(BootNotificationConf, (), (currentTime, interval, status))

struct DiagnosticsStatusNotificationReq { DiagnosticsStatus status{}; };
BOOST_DESCRIBE_STRUCT(DiagnosticsStatusNotificationReq, (), (status))

struct FirmwareStatusNotificationReq { FirmwareStatus status{}; };
BOOST_DESCRIBE_STRUCT(FirmwareStatusNotificationReq, (), (status))

struct HeartbeatReq {};
BOOST_DESCRIBE_STRUCT(HeartbeatReq, (), ())
struct HeartbeatConf { UtcTime currentTime; };
BOOST_DESCRIBE_STRUCT(HeartbeatConf, (), (currentTime))

struct MeterValuesReq {
    int connectorId{};
    std::optional<std::string> transactionId;  ///< a token until it is sent
    std::vector<MeterValue> meterValue;
};
BOOST_DESCRIBE_STRUCT(MeterValuesReq, (), (connectorId, transactionId, meterValue))

struct StartTransactionReq {
    int connectorId{};
    IdToken idTag;
    int meterStart{};
    std::optional<int> reservationId;
    SentTime timestamp;
};
BOOST_DESCRIBE_STRUCT(StartTransactionReq, (), (connectorId, idTag, meterStart, reservationId, timestamp))
struct StartTransactionConf { IdTagInfo idTagInfo; int transactionId{}; };
BOOST_DESCRIBE_STRUCT(StartTransactionConf, (), (idTagInfo, transactionId))

struct StatusNotificationReq {
    int connectorId{};
    ChargePointErrorCode errorCode{};
    std::optional<CiString<50>> info;
    ChargePointStatus status{};
    std::optional<SentTime> timestamp;
    std::optional<CiString<255>> vendorId;
    std::optional<CiString<50>> vendorErrorCode;
};
BOOST_DESCRIBE_STRUCT(StatusNotificationReq, (), (connectorId, errorCode, info, status, timestamp, vendorId, vendorErrorCode))

struct StopTransactionReq {
    std::optional<IdToken> idTag;
    int meterStop{};
    SentTime timestamp;
    std::string transactionId;  ///< a token until it is sent
    std::optional<Reason> reason;
    std::optional<std::vector<MeterValue>> transactionData;
};
BOOST_DESCRIBE_STRUCT(StopTransactionReq, (), (idTag, meterStop, timestamp, transactionId, reason, transactionData))
struct StopTransactionConf { std::optional<IdTagInfo> idTagInfo; };
BOOST_DESCRIBE_STRUCT(StopTransactionConf, (), (idTagInfo))

// ---- from the central system --------------------------------------------------------------------------------------

struct CancelReservationReq { int reservationId{}; };
BOOST_DESCRIBE_STRUCT(CancelReservationReq, (), (reservationId))
struct CancelReservationConf { CancelReservationStatus status{}; };
BOOST_DESCRIBE_STRUCT(CancelReservationConf, (), (status))

struct ChangeAvailabilityReq { int connectorId{}; AvailabilityType type{}; };
BOOST_DESCRIBE_STRUCT(ChangeAvailabilityReq, (), (connectorId, type))
struct ChangeAvailabilityConf { AvailabilityStatus status{}; };
BOOST_DESCRIBE_STRUCT(ChangeAvailabilityConf, (), (status))

struct ChangeConfigurationReq { CiString<50> key; CiString<500> value; };
BOOST_DESCRIBE_STRUCT(ChangeConfigurationReq, (), (key, value))
struct ChangeConfigurationConf { ConfigurationStatus status{}; };
BOOST_DESCRIBE_STRUCT(ChangeConfigurationConf, (), (status))

struct ClearCacheReq {};
BOOST_DESCRIBE_STRUCT(ClearCacheReq, (), ())
struct ClearCacheConf { ClearCacheStatus status{}; };
BOOST_DESCRIBE_STRUCT(ClearCacheConf, (), (status))

struct ClearChargingProfileReq {
    std::optional<int> id;
    std::optional<int> connectorId;
    std::optional<ChargingProfilePurposeType> chargingProfilePurpose;
    std::optional<int> stackLevel;
};
BOOST_DESCRIBE_STRUCT(ClearChargingProfileReq, (), (id, connectorId, chargingProfilePurpose, stackLevel))
struct ClearChargingProfileConf { ClearChargingProfileStatus status{}; };
BOOST_DESCRIBE_STRUCT(ClearChargingProfileConf, (), (status))

struct DataTransferReq {
    CiString<255> vendorId;
    std::optional<CiString<50>> messageId;
    std::optional<std::string> data;
};
BOOST_DESCRIBE_STRUCT(DataTransferReq, (), (vendorId, messageId, data))
struct DataTransferConf { DataTransferStatus status{}; std::optional<std::string> data; };
BOOST_DESCRIBE_STRUCT(DataTransferConf, (), (status, data))

struct GetCompositeScheduleReq { int connectorId{}; int duration{}; std::optional<ChargingRateUnitType> chargingRateUnit; };
BOOST_DESCRIBE_STRUCT(GetCompositeScheduleReq, (), (connectorId, duration, chargingRateUnit))
struct GetCompositeScheduleConf {
    GetCompositeScheduleStatus status{};
    std::optional<int> connectorId;
    std::optional<UtcTime> scheduleStart;
    std::optional<ChargingSchedule> chargingSchedule;
};
BOOST_DESCRIBE_STRUCT(GetCompositeScheduleConf, (), (status, connectorId, scheduleStart, chargingSchedule))

struct GetConfigurationReq { std::optional<std::vector<CiString<50>>> key; };
BOOST_DESCRIBE_STRUCT(GetConfigurationReq, (), (key))
struct GetConfigurationConf {
    std::optional<std::vector<KeyValue>> configurationKey;
    std::optional<std::vector<CiString<50>>> unknownKey;
};
BOOST_DESCRIBE_STRUCT(GetConfigurationConf, (), (configurationKey, unknownKey))

struct GetDiagnosticsReq {
    std::string location;
    std::optional<int> retries;
    std::optional<int> retryInterval;
    std::optional<UtcTime> startTime;
    std::optional<UtcTime> stopTime;
};
BOOST_DESCRIBE_STRUCT(GetDiagnosticsReq, (), (location, retries, retryInterval, startTime, stopTime))
struct GetDiagnosticsConf { std::optional<CiString<255>> fileName; };
BOOST_DESCRIBE_STRUCT(GetDiagnosticsConf, (), (fileName))

struct GetLocalListVersionReq {};
BOOST_DESCRIBE_STRUCT(GetLocalListVersionReq, (), ())
struct GetLocalListVersionConf { int listVersion{}; };
BOOST_DESCRIBE_STRUCT(GetLocalListVersionConf, (), (listVersion))

struct RemoteStartTransactionReq {
    std::optional<int> connectorId;
    IdToken idTag;
    std::optional<ChargingProfile> chargingProfile;
};
BOOST_DESCRIBE_STRUCT(RemoteStartTransactionReq, (), (connectorId, idTag, chargingProfile))
struct RemoteStartTransactionConf { RemoteStartStopStatus status{}; };
BOOST_DESCRIBE_STRUCT(RemoteStartTransactionConf, (), (status))

struct RemoteStopTransactionReq { int transactionId{}; };
BOOST_DESCRIBE_STRUCT(RemoteStopTransactionReq, (), (transactionId))
struct RemoteStopTransactionConf { RemoteStartStopStatus status{}; };
BOOST_DESCRIBE_STRUCT(RemoteStopTransactionConf, (), (status))

struct ReserveNowReq {
    int connectorId{};
    UtcTime expiryDate;
    IdToken idTag;
    std::optional<IdToken> parentIdTag;
    int reservationId{};
};
BOOST_DESCRIBE_STRUCT(ReserveNowReq, (), (connectorId, expiryDate, idTag, parentIdTag, reservationId))
struct ReserveNowConf { ReservationStatus status{}; };
BOOST_DESCRIBE_STRUCT(ReserveNowConf, (), (status))

struct ResetReq { ResetType type{}; };
BOOST_DESCRIBE_STRUCT(ResetReq, (), (type))
struct ResetConf { ResetStatus status{}; };
BOOST_DESCRIBE_STRUCT(ResetConf, (), (status))

struct SendLocalListReq {
    int listVersion{};
    std::optional<std::vector<AuthorizationData>> localAuthorizationList;
    UpdateType updateType{};
};
BOOST_DESCRIBE_STRUCT(SendLocalListReq, (), (listVersion, localAuthorizationList, updateType))
struct SendLocalListConf { UpdateStatus status{}; };
BOOST_DESCRIBE_STRUCT(SendLocalListConf, (), (status))

struct SetChargingProfileReq { int connectorId{}; ChargingProfile csChargingProfiles; };
BOOST_DESCRIBE_STRUCT(SetChargingProfileReq, (), (connectorId, csChargingProfiles))
struct SetChargingProfileConf { ChargingProfileStatus status{}; };
BOOST_DESCRIBE_STRUCT(SetChargingProfileConf, (), (status))

struct TriggerMessageReq { MessageTrigger requestedMessage{}; std::optional<int> connectorId; };
BOOST_DESCRIBE_STRUCT(TriggerMessageReq, (), (requestedMessage, connectorId))
struct TriggerMessageConf { TriggerMessageStatus status{}; };
BOOST_DESCRIBE_STRUCT(TriggerMessageConf, (), (status))

struct UnlockConnectorReq { int connectorId{}; };
BOOST_DESCRIBE_STRUCT(UnlockConnectorReq, (), (connectorId))
struct UnlockConnectorConf { UnlockStatus status{}; };
BOOST_DESCRIBE_STRUCT(UnlockConnectorConf, (), (status))

struct UpdateFirmwareReq {
    std::string location;
    std::optional<int> retries;
    UtcTime retrieveDate;
    std::optional<int> retryInterval;
};
BOOST_DESCRIBE_STRUCT(UpdateFirmwareReq, (), (location, retries, retrieveDate, retryInterval))
struct UpdateFirmwareConf {};
BOOST_DESCRIBE_STRUCT(UpdateFirmwareConf, (), ())

}  // namespace busbar::ocpp
// clang-format on
