// SPDX-License-Identifier: Apache-2.0
// What the OCPP 1.6 security whitepaper (edition 3, section 8) calls a security event.
#pragma once

#include <boost/describe/enum.hpp>
#include <string>

namespace busbar::ocpp {

/// In the whitepaper's spelling, which is what goes on the wire.
BOOST_DEFINE_ENUM_CLASS(SecurityEventType, FirmwareUpdated, FailedToAuthenticateAtCentralSystem,
                        CentralSystemFailedToAuthenticate, SettingSystemTime, StartupOfTheDevice,
                        ResetOrReboot, SecurityLogWasCleared, ReconfigurationOfSecurityParameters,
                        MemoryExhaustion, InvalidMessages, AttemptedReplayAttacks, TamperDetectionActivated,
                        InvalidFirmwareSignature, InvalidFirmwareSigningCertificate,
                        InvalidCentralSystemCertificate, InvalidChargePointCertificate, InvalidTLSVersion,
                        InvalidTLSCipherSuite)

struct SecurityEvent {
    SecurityEventType type;
    std::string tech_info;  ///< for a person; at most 255 characters on the wire; without secrets
};

}  // namespace busbar::ocpp
