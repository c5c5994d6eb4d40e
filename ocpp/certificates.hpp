// SPDX-License-Identifier: Apache-2.0
// The conversation about certificates (security whitepaper, edition 3, use cases A02, A03 and M03 to M05);
// the keys and certificates themselves are somebody else's.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ocpp/context.hpp"
#include "ocpp/security_profile.hpp"

namespace busbar::ocpp {

struct CallResult;

/// - SignCertificate is sent when asked for, and by ourselves when a month is left of the certificate's life,
///   or a tenth where that is less; without success again after an hour, then ever later, once a day at most.
/// - An accepted certificate is used as soon as it counts; the one before it until then, and until the new
/// one
///   has worked.
class Certificates {
  public:
    static constexpr std::chrono::days longest_notice{30};
    static constexpr int part_of_life = 10;
    static constexpr seconds first_pause{3'600};
    static constexpr seconds longest_pause{86'400};

    Certificates(Context& context, SecurityProfiles& profiles) : context_(context), profiles_(profiles) {}

    /// A request of the central system, answered later under its message id.
    void ask(CertificateQuestion question);
    /// ExtendedTriggerMessage(SignChargePointCertificate).
    void request_signature(bool triggered);

    /// The JSON text of the confirmation to send now; empty: none.
    [[nodiscard]] std::optional<std::string> on_answer(const std::string& call,
                                                       const CertificateAnswer& answer, const Now& now);
    void on_sign_result(const CallResult& result);
    /// There is a newer client certificate: the link is made anew with it, where one is shown and it counts.
    void use_newest();

    void on_link(const LinkSecurity& link);
    void on_link_lost() { asked_.clear(); }
    [[nodiscard]] const LinkSecurity& link() const { return link_; }

    /// Renews, and changes over to a certificate that counts from now on. Call after every event.
    void settle(const Now& now);
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const { return deadline_; }

  private:
    [[nodiscard]] static UtcTime renewal_of(const LinkSecurity::Client& client);
    void change_over(const Now& now);
    void renew(const Now& now);
    void on_request_made(const SigningRequestMade& made);

    Context& context_;
    SecurityProfiles& profiles_;
    LinkSecurity link_;
    std::set<std::string> asked_;  ///< message ids of what waits for an answer
    bool making_ = false;          ///< a signing request is being made
    bool triggered_ = false;       ///< and the central system asked for it
    seconds pause_ = first_pause;
    std::optional<SteadyTime> not_before_;  ///< our next own attempt
    std::optional<SteadyTime> deadline_;
};

}  // namespace busbar::ocpp
