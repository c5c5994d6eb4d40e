// SPDX-License-Identifier: Apache-2.0
// Makes guessing passwords slow without ever locking anybody out.
#pragma once

#include <map>
#include <string>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// An address that failed waits longer each time, whatever the account. An account that was guessed at makes
/// every address wait that has itself failed lately: a clean one is let in at once, so that whoever knows the
/// password always gets in from elsewhere. Pure: told the time. Bounded.
class LoginThrottle {
  public:
    static constexpr seconds memory{3600};  ///< after the last failure
    static constexpr std::size_t most = 512;

    /// How long this client must wait before it may try; zero: it may.
    [[nodiscard]] seconds wait(const std::string& user, const std::string& client, SteadyTime now) const;

    /// A try begins. It counts as failed until it succeeded, so that many at once help nobody.
    void begin(const std::string& user, const std::string& client, SteadyTime now);
    /// The account is clean; of the client only this try is forgotten: knowing one password must not make
    /// guessing another's cheap.
    void succeeded(const std::string& user, const std::string& client);

    /// Addresses whose failures, as far as they are remembered, make them wait before each further try.
    [[nodiscard]] std::size_t slowed(SteadyTime now) const;

  private:
    struct Failures {
        int count = 0;
        SteadyTime last;
    };
    using Table = std::map<std::string, Failures>;

    static void add(Table& table, const std::string& key, SteadyTime now);

    Table clients_;
    Table accounts_;
};

}  // namespace busbar::gateway
