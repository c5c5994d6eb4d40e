// SPDX-License-Identifier: Apache-2.0
// Why a link failed, in the fifteen words of the contract, and what the person on site can do about it.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace busbar::gateway {

enum class LinkCause {
    dns,            ///< the host's name has no address, or nobody answers the question
    refused,        ///< nothing listens on the port
    unreachable,    ///< no route, or this machine has no network
    timeout,        ///< no answer in time while connecting
    tls_version,    ///< no TLS 1.2 or newer, or no TLS at all
    unknown_ca,     ///< the certificate's chain does not end at a trusted root
    expired,        ///< a certificate of the chain is past its end
    not_yet_valid,  ///< a certificate of the chain begins in the future
    host_mismatch,  ///< the certificate is another host's
    cipher,         ///< no common cipher suite, group or key strength
    subprotocol,    ///< the server did not select ocpp1.6
    http_401,
    http_404,
    http_other,
    closed,   ///< the peer closed the connection or broke its rules
    no_pong,  ///< connected, but not a byte for 10 s after a ping
};

/// The word used in the log and on status pages: "http_401".
std::string_view to_string(LinkCause cause);

/// The steps of the way to the central system, each of which needs the ones before.
enum class DialStep : std::uint8_t { dns, tcp, tls };

/// What a cause has no word for.
enum class PeerFlaw : std::uint8_t {
    none,
    unproven,  ///< it showed a certificate and could not prove that it is its own
    revoked,   ///< an authority took a certificate of its chain back
};

struct LinkFailure {
    LinkCause cause = LinkCause::closed;
    std::string detail;   ///< the place and the words of the library or the peer
    int http_status = 0;  ///< of a refused upgrade
    PeerFlaw flaw = PeerFlaw::none;
};

/// From an error of connect, read or write on a socket.
LinkCause cause_of_socket(const boost::system::error_code& error);

/// From OpenSSL's X509_V_ERR_* (not X509_V_OK).
LinkCause cause_of_certificate(long verify_result);

/// From an entry of OpenSSL's error queue that ended a handshake; a certificate error is asked for first.
LinkCause cause_of_tls(unsigned long openssl_error);

/// Of such an entry, and of an X509_V_ERR_*.
PeerFlaw flaw_of_tls(unsigned long openssl_error);
PeerFlaw flaw_of_certificate(long verify_result);

/// From the status of a refused upgrade.
LinkCause cause_of_http(int status);

/// What a charge point shows to be let in: security profile 2 or 3.
enum class Shown : std::uint8_t { password, certificate };

/// One sentence: what to check or change.
std::string cure(LinkCause cause, const std::string& charge_point, const std::string& host,
                 Shown shown = Shown::password);
std::string cure(const LinkFailure& failure, const std::string& charge_point, const std::string& host,
                 Shown shown = Shown::password);

/// Decides what of a row of failures is worth a line in the log: the first, each new cause once, and the
/// success after a line.
class FailureStreak {
  public:
    enum class Line { none, first, new_cause };

    Line failed(LinkCause cause);
    /// True: worth a line.
    bool connected() { return !std::exchange(announced_, true); }
    /// The connection proved itself, or it is given up on purpose: what follows is a new story.
    void ended();

  private:
    std::set<LinkCause> seen_;
    bool announced_ = false;
};

}  // namespace busbar::gateway
