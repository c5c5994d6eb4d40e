// SPDX-License-Identifier: Apache-2.0
// The key SecurityProfile (security whitepaper, edition 3, use case A05): it only rises, and what worked
// before stays until the new profile has worked.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ocpp/context.hpp"

namespace busbar::ocpp {

/// 2: TLS with the password. 3: TLS with a client certificate, and no password. 0 and 1 do not exist here.
class SecurityProfiles {
  public:
    static constexpr std::string_view record_kind = "security_profile_fallback";
    static constexpr int client_certificate = 3;

    SecurityProfiles(Context& context, const std::vector<Record>& saved);

    /// Tells the link, also while nothing has changed.
    void use(bool reconnect);

    /// ChangeConfiguration. Profile 3 needs a client certificate that counts now.
    ConfigurationStatus change(std::string_view value, const LinkSecurity& link, const Now& now);

    /// A connection was made with `profile`: a trial ends, one way or the other.
    void on_connected(int profile);

    [[nodiscard]] int wanted() const { return context_.configuration.integer(Key::SecurityProfile); }

  private:
    Context& context_;
    std::optional<int> fallback_;  ///< empty: the profile in force has worked, or is the first
};

}  // namespace busbar::ocpp
