// SPDX-License-Identifier: Apache-2.0
// Tables: the errors of sockets, certificates, TLS and HTTP, and the cures.
#include "gateway/link_failure.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace busbar::gateway {
namespace {

struct CauseWords {
    std::string_view name;
    std::string_view cure;  ///< {0} = charge point, {1} = host
};

constexpr std::array<CauseWords, 16> words{{
    {"dns", "The name {1} has no address here: check central_system.url, the DNS servers and the uplink."},
    {"refused",
     "{1} is there but nothing listens on that port: check the port in central_system.url, or ask its "
     "operator."},
    {"unreachable", "There is no way to {1}: check cable, address, gateway and firewall of this machine."},
    {"timeout", "{1} does not answer: check the uplink and whether a firewall drops the connection."},
    {"tls_version",
     "{1} does not speak TLS 1.2 or newer on that port: check the port in central_system.url, or ask its "
     "operator."},
    {"unknown_ca",
     "The certificate of {1} is not signed by a root in central_system.ca_file: add the right root, or find "
     "out who intercepts the connection."},
    {"expired",
     "The certificate of {1} has expired: ask its operator to renew it, and check this machine's clock."},
    {"not_yet_valid",
     "The certificate of {1} is not valid yet: this machine's clock is probably behind, check time "
     "synchronisation."},
    {"host_mismatch",
     "{1} shows another host's certificate: check the host in central_system.url, or ask its operator."},
    {"cipher",
     "{1} accepts no ECDHE with AES-GCM, or its keys are too short: ask its operator for TLS 1.2 with ECDHE "
     "suites."},
    {"subprotocol",
     "{1} did not select ocpp1.6: check the path of central_system.url and the OCPP version set for {0} "
     "there."},
    {"http_401", "The central system refuses the password of {0}: check password and password_encoding."},
    {"http_404",
     "The central system does not know {0} at this address: check the charger's id, the path of "
     "central_system.url, and that {0} is registered there."},
    {"http_other", "The central system refuses {0}: ask its operator what the status means."},
    {"closed",
     "The connection to {1} was closed from outside: it is dialled again; if it repeats, ask its operator."},
    {"no_pong", "{1} fell silent: the way there is broken somewhere; it is dialled again."},
}};

struct CertificateCure {
    LinkCause cause;
    std::string_view cure;
};

/// Where security profile 3 shows a certificate in place of a password.
constexpr std::array<CertificateCure, 3> certificate_cures{{
    {LinkCause::http_401,
     "The central system refuses the client certificate of {0}: compare the one that busbarctl certificates "
     "shows with what is registered there, or have another one signed."},
    {LinkCause::cipher,
     "{1} breaks the handshake off: it does not take the client certificate of {0} (busbarctl certificates "
     "shows it), or accepts no ECDHE with AES-GCM."},
    {LinkCause::closed,
     "The connection to {1} was closed from outside: it may not take the client certificate of {0}, which "
     "busbarctl certificates shows; it is dialled again, and if it repeats, ask its operator."},
}};

const CauseWords& words_of(LinkCause cause) {
    return words.at(static_cast<std::size_t>(cause));
}

template <class Key>
struct Row {
    Key key;
    LinkCause cause;
};

template <class Key, std::size_t size>
LinkCause find(const std::array<Row<Key>, size>& table, Key key, LinkCause otherwise) {
    const auto row = std::find_if(table.begin(), table.end(), [&](const auto& r) { return r.key == key; });
    return row == table.end() ? otherwise : row->cause;
}

constexpr std::array<Row<int>, 9> socket_table{{
    {ECONNREFUSED, LinkCause::refused},
    {ENETUNREACH, LinkCause::unreachable},
    {EHOSTUNREACH, LinkCause::unreachable},
    {ENETDOWN, LinkCause::unreachable},
    {EHOSTDOWN, LinkCause::unreachable},
    {EADDRNOTAVAIL, LinkCause::unreachable},
    {EACCES, LinkCause::unreachable},
    {EPERM, LinkCause::unreachable},
    {ETIMEDOUT, LinkCause::timeout},
}};

constexpr std::array<Row<long>, 9> certificate_table{{
    {X509_V_ERR_CERT_HAS_EXPIRED, LinkCause::expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, LinkCause::not_yet_valid},
    {X509_V_ERR_HOSTNAME_MISMATCH, LinkCause::host_mismatch},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, LinkCause::host_mismatch},
    {X509_V_ERR_EE_KEY_TOO_SMALL, LinkCause::cipher},
    {X509_V_ERR_CA_KEY_TOO_SMALL, LinkCause::cipher},
    {X509_V_ERR_CA_MD_TOO_WEAK, LinkCause::cipher},
    {X509_V_ERR_CRL_HAS_EXPIRED, LinkCause::expired},
    {X509_V_ERR_CRL_NOT_YET_VALID, LinkCause::not_yet_valid},
}};

constexpr std::array<Row<int>, 15> tls_table{{
    {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, LinkCause::tls_version},
    {SSL_R_UNSUPPORTED_PROTOCOL, LinkCause::tls_version},
    {SSL_R_WRONG_VERSION_NUMBER, LinkCause::tls_version},
    {SSL_R_WRONG_SSL_VERSION, LinkCause::tls_version},
    {SSL_R_VERSION_TOO_LOW, LinkCause::tls_version},
    {SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, LinkCause::cipher},
    {SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, LinkCause::cipher},
    {SSL_R_WRONG_CIPHER_RETURNED, LinkCause::cipher},
    {SSL_R_UNKNOWN_CIPHER_RETURNED, LinkCause::cipher},
    {SSL_R_WRONG_CURVE, LinkCause::cipher},
    {SSL_R_EE_KEY_TOO_SMALL, LinkCause::cipher},
    {SSL_R_CA_KEY_TOO_SMALL, LinkCause::cipher},
    {SSL_R_CA_MD_TOO_WEAK, LinkCause::cipher},
    {SSL_R_WRONG_SIGNATURE_TYPE, LinkCause::cipher},
    {SSL_R_TLSV1_UNRECOGNIZED_NAME, LinkCause::host_mismatch},
}};

}  // namespace

std::string_view to_string(LinkCause cause) {
    return words_of(cause).name;
}

std::string cure(LinkCause cause, const std::string& charge_point, const std::string& host, Shown shown) {
    const auto* found = std::find_if(certificate_cures.begin(), certificate_cures.end(),
                                     [&](const CertificateCure& one) { return one.cause == cause; });
    const bool special = shown == Shown::certificate && found != certificate_cures.end();
    return fmt::format(fmt::runtime(special ? found->cure : words_of(cause).cure), charge_point, host);
}

std::string cure(const LinkFailure& failure, const std::string& charge_point, const std::string& host,
                 Shown shown) {
    if (failure.flaw != PeerFlaw::revoked) return cure(failure.cause, charge_point, host, shown);
    return fmt::format(
        "The certificate of {} was revoked (central_system.crl_file has it): ask its operator for another, "
        "or "
        "find out who intercepts the connection.",
        host);
}

LinkCause cause_of_socket(const boost::system::error_code& error) {
    if (error.category() != boost::system::system_category()) return LinkCause::closed;
    return find(socket_table, error.value(), LinkCause::closed);
}

LinkCause cause_of_certificate(long verify_result) {
    return find(certificate_table, verify_result, LinkCause::unknown_ca);
}

LinkCause cause_of_tls(unsigned long openssl_error) {
    if (ERR_GET_LIB(openssl_error) != ERR_LIB_SSL) return LinkCause::closed;
    return find(tls_table, ERR_GET_REASON(openssl_error), LinkCause::closed);
}

PeerFlaw flaw_of_tls(unsigned long openssl_error) {
    const bool ssl = ERR_GET_LIB(openssl_error) == ERR_LIB_SSL;
    const bool bad = ssl && ERR_GET_REASON(openssl_error) == SSL_R_BAD_SIGNATURE;
    return bad ? PeerFlaw::unproven : PeerFlaw::none;
}

PeerFlaw flaw_of_certificate(long verify_result) {
    return verify_result == X509_V_ERR_CERT_REVOKED ? PeerFlaw::revoked : PeerFlaw::none;
}

LinkCause cause_of_http(int status) {
    if (status == 401) return LinkCause::http_401;
    return status == 404 ? LinkCause::http_404 : LinkCause::http_other;
}

FailureStreak::Line FailureStreak::failed(LinkCause cause) {
    const bool first = seen_.empty();
    if (!seen_.insert(cause).second) return Line::none;
    announced_ = false;
    return first ? Line::first : Line::new_cause;
}

void FailureStreak::ended() {
    seen_.clear();
    announced_ = false;
}

}  // namespace busbar::gateway
