// SPDX-License-Identifier: Apache-2.0
// The steps of the connection test as words: what each says, and what of a failure is its own. Pure but for
// reading a certificate.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "gateway/csms_session.hpp"
#include "gateway/timekeeper.hpp"
#include "gateway/tls_dial.hpp"
#include "gateway/uplink/uplink_report.hpp"
#include "ocpp/charge_point.hpp"

struct x509_st;  // OpenSSL's X509

namespace busbar::gateway {

/// Whom the test is about; the cure names them.
struct TestSubject {
    std::string host;
    int port = 443;
    std::string charge_point;  ///< empty: none
};

/// How the way to the uplink looks: nothing configured, the one in use, or why there is none.
nlohmann::ordered_json uplink_step(const UplinksReport& uplinks, bool configured);
nlohmann::ordered_json clock_step(TimeSource source);

/// dns, tcp, tls and certificate, as far as the dial came. `address`: that it reached, where it did.
nlohmann::ordered_json dial_steps(const Dialled& dialled, const TestSubject& subject, const Now& now);

/// upgrade, subprotocol and boot of a link that is up; boot only once the central system has answered.
nlohmann::ordered_json live_steps(const LinkStatus& link,
                                  const std::optional<ocpp::RegistrationStatus>& registration,
                                  const Now& now);
/// Of a link that failed after TLS.
nlohmann::ordered_json failed_upgrade_steps(const LinkStatus& link, const TestSubject& subject);
nlohmann::ordered_json unanswered_boot_step();
nlohmann::ordered_json unanswered_upgrade_step();

/// A portal stands in the way: said in place of a failed TLS.
nlohmann::ordered_json intercepted_step(const std::string& portal);

/// A step failed.
bool any_failed(const nlohmann::ordered_json& steps);

}  // namespace busbar::gateway
