// SPDX-License-Identifier: Apache-2.0
// The messages of the OCPP 1.6 security whitepaper (edition 3) that concern events, certificates and
// triggers, as messages.hpp has those of the specification.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ocpp/types.hpp"

// clang-format off
namespace busbar::ocpp {

BOOST_DEFINE_ENUM_CLASS(CertificateSignedStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(CertificateUse, CentralSystemRootCertificate, ManufacturerRootCertificate)
BOOST_DEFINE_ENUM_CLASS(DeleteCertificateStatus, Accepted, Failed, NotFound)
BOOST_DEFINE_ENUM_CLASS(ExtendedMessageTrigger, BootNotification, LogStatusNotification, FirmwareStatusNotification,
                        Heartbeat, MeterValues, SignChargePointCertificate, StatusNotification)
BOOST_DEFINE_ENUM_CLASS(GenericStatus, Accepted, Rejected)
BOOST_DEFINE_ENUM_CLASS(GetInstalledCertificateStatus, Accepted, NotFound)
BOOST_DEFINE_ENUM_CLASS(HashAlgorithm, SHA256, SHA384, SHA512)
BOOST_DEFINE_ENUM_CLASS(InstallCertificateStatus, Accepted, Failed, Rejected)

/// Hexadecimal: the hashes in full, the serial number without leading zeros.
struct CertificateHashData {
    HashAlgorithm hashAlgorithm{};
    CiString<128> issuerNameHash;  ///< over the DER of the issuer's name
    CiString<128> issuerKeyHash;   ///< over the bits of the issuer's public key
    CiString<40> serialNumber;
};
BOOST_DESCRIBE_STRUCT(CertificateHashData, (), (hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber))

// ---- from the charge point ----------------------------------------------------------------------------------------

struct SecurityEventNotificationReq { CiString<50> type; std::string timestamp; std::optional<CiString<255>> techInfo; };
BOOST_DESCRIBE_STRUCT(SecurityEventNotificationReq, (), (type, timestamp, techInfo))

struct SignCertificateReq { CiString<5500> csr; };
BOOST_DESCRIBE_STRUCT(SignCertificateReq, (), (csr))
struct SignCertificateConf { GenericStatus status{}; };
BOOST_DESCRIBE_STRUCT(SignCertificateConf, (), (status))

// ---- from the central system --------------------------------------------------------------------------------------

struct CertificateSignedReq { CiString<10000> certificateChain; };
BOOST_DESCRIBE_STRUCT(CertificateSignedReq, (), (certificateChain))
struct CertificateSignedConf { CertificateSignedStatus status{}; };
BOOST_DESCRIBE_STRUCT(CertificateSignedConf, (), (status))

struct DeleteCertificateReq { CertificateHashData certificateHashData; };
BOOST_DESCRIBE_STRUCT(DeleteCertificateReq, (), (certificateHashData))
struct DeleteCertificateConf { DeleteCertificateStatus status{}; };
BOOST_DESCRIBE_STRUCT(DeleteCertificateConf, (), (status))

struct ExtendedTriggerMessageReq { ExtendedMessageTrigger requestedMessage{}; std::optional<int> connectorId; };
BOOST_DESCRIBE_STRUCT(ExtendedTriggerMessageReq, (), (requestedMessage, connectorId))
struct ExtendedTriggerMessageConf { TriggerMessageStatus status{}; };
BOOST_DESCRIBE_STRUCT(ExtendedTriggerMessageConf, (), (status))

struct GetInstalledCertificateIdsReq { CertificateUse certificateType{}; };
BOOST_DESCRIBE_STRUCT(GetInstalledCertificateIdsReq, (), (certificateType))
struct GetInstalledCertificateIdsConf {
    std::optional<std::vector<CertificateHashData>> certificateHashData;
    GetInstalledCertificateStatus status{};
};
BOOST_DESCRIBE_STRUCT(GetInstalledCertificateIdsConf, (), (certificateHashData, status))

struct InstallCertificateReq { CertificateUse certificateType{}; CiString<5500> certificate; };
BOOST_DESCRIBE_STRUCT(InstallCertificateReq, (), (certificateType, certificate))
struct InstallCertificateConf { InstallCertificateStatus status{}; };
BOOST_DESCRIBE_STRUCT(InstallCertificateConf, (), (status))

}  // namespace busbar::ocpp
// clang-format on
