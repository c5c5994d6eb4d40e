// SPDX-License-Identifier: Apache-2.0
// OCPP 1.6 types in the specification's own spelling (section 7; JSON schemas for what they differ in).
#pragma once

#include <algorithm>
#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <string>
#include <string_view>

namespace busbar::ocpp {

BOOST_DEFINE_ENUM_CLASS(RegistrationStatus, Accepted, Pending, Rejected)
BOOST_DEFINE_ENUM_CLASS(AuthorizationStatus, Accepted, Blocked, Expired, Invalid, ConcurrentTx)
BOOST_DEFINE_ENUM_CLASS(ChargePointStatus, Available, Preparing, Charging, SuspendedEVSE, SuspendedEV,
                        Finishing, Reserved, Unavailable, Faulted)
BOOST_DEFINE_ENUM_CLASS(ChargePointErrorCode, NoError, ConnectorLockFailure, EVCommunicationError,
                        GroundFailure, HighTemperature, InternalError, LocalListConflict, OtherError,
                        OverCurrentFailure, OverVoltage, PowerMeterFailure, PowerSwitchFailure, ReaderFailure,
                        ResetFailure, UnderVoltage, WeakSignal)
BOOST_DEFINE_ENUM_CLASS(Reason, DeAuthorized, EmergencyStop, EVDisconnected, HardReset, Local, Other,
                        PowerLoss, Reboot, Remote, SoftReset, UnlockCommand)
BOOST_DEFINE_ENUM_CLASS(RemoteStartStopStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(ResetType, Hard, Soft)
BOOST_DEFINE_ENUM_CLASS(ResetStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(ConfigurationStatus, Accepted, Rejected, RebootRequired, NotSupported)
BOOST_DEFINE_ENUM_CLASS(MessageTrigger, BootNotification, DiagnosticsStatusNotification,
                        FirmwareStatusNotification, Heartbeat, MeterValues, StatusNotification)
BOOST_DEFINE_ENUM_CLASS(TriggerMessageStatus, Accepted, Rejected, NotImplemented)
BOOST_DEFINE_ENUM_CLASS(ChargingProfilePurposeType, ChargePointMaxProfile, TxDefaultProfile, TxProfile)
BOOST_DEFINE_ENUM_CLASS(ChargingProfileKindType, Absolute, Recurring, Relative)
BOOST_DEFINE_ENUM_CLASS(RecurrencyKindType, Daily, Weekly)
BOOST_DEFINE_ENUM_CLASS(ChargingRateUnitType, A, W)
BOOST_DEFINE_ENUM_CLASS(ChargingProfileStatus, Accepted, Rejected, NotSupported)
BOOST_DEFINE_ENUM_CLASS(ClearChargingProfileStatus, Accepted, Unknown)
BOOST_DEFINE_ENUM_CLASS(GetCompositeScheduleStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(AvailabilityType, Inoperative, Operative)
BOOST_DEFINE_ENUM_CLASS(AvailabilityStatus, Accepted, Rejected, Scheduled)
BOOST_DEFINE_ENUM_CLASS(UnlockStatus, Unlocked, UnlockFailed, NotSupported)
BOOST_DEFINE_ENUM_CLASS(ClearCacheStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(DataTransferStatus, Accepted, Rejected, UnknownMessageId, UnknownVendorId)
BOOST_DEFINE_ENUM_CLASS(ReservationStatus, Accepted, Faulted, Occupied, Rejected, Unavailable)
BOOST_DEFINE_ENUM_CLASS(CancelReservationStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(UpdateType, Differential, Full)
BOOST_DEFINE_ENUM_CLASS(UpdateStatus, Accepted, Failed, NotSupported, VersionMismatch)
BOOST_DEFINE_ENUM_CLASS(DiagnosticsStatus, Idle, Uploaded, UploadFailed, Uploading)
BOOST_DEFINE_ENUM_CLASS(FirmwareStatus, Downloaded, DownloadFailed, Downloading, Idle, InstallationFailed,
                        Installing, Installed)

/// OCPP-J 1.6 section 4.2.3, misspellings included.
BOOST_DEFINE_ENUM_CLASS(CallErrorCode, NotImplemented, NotSupported, InternalError, ProtocolError,
                        SecurityError, FormationViolation, PropertyConstraintViolation,
                        OccurenceConstraintViolation, TypeConstraintViolation, GenericError)

/// An enumerator as it stands on the wire.
template <class E>
std::string_view name_of(E value) {
    return boost::describe::enum_to_string(value, "");
}

/// The longest prefix of UTF-8 `text` that has at most `characters` characters.
std::string_view first_characters(std::string_view text, std::size_t characters);
std::size_t count_characters(std::string_view utf8);

/// CiString<N>Type: at most N characters. Made from a longer text it keeps the first N: what we send always
/// fits; what we receive is checked by the JSON bridge before it gets here.
template <std::size_t N>
class CiString {
  public:
    CiString() = default;
    // NOLINTBEGIN(google-explicit-constructor): a text is assigned to a field as it is
    CiString(std::string_view text) : text_(first_characters(text, N)) {}
    CiString(const char* text) : CiString(std::string_view(text)) {}
    CiString(const std::string& text) : CiString(std::string_view(text)) {}
    // NOLINTEND(google-explicit-constructor)

    static constexpr std::size_t max_characters = N;
    [[nodiscard]] const std::string& str() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

  private:
    std::string text_;
};

/// Without regard to (ASCII) case, as idTags and configuration keys are compared (OCPP 1.6 section 6.3).
bool equals_ignoring_case(std::string_view a, std::string_view b);

using IdToken = CiString<20>;

}  // namespace busbar::ocpp
