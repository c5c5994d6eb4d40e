// SPDX-License-Identifier: Apache-2.0
// Who is logged in with a browser. In memory: a restart logs everybody out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/time.hpp"

namespace busbar::gateway {

struct Session {
    std::string id;  ///< public
    std::string user;
    std::string from;  ///< the client's address at login
    SteadyTime began;
    SteadyTime seen;
};

/// Loop thread only. Told the time.
class Sessions {
  public:
    static constexpr seconds idle{30 * 60};
    static constexpr seconds absolute{12 * 3600};
    static constexpr std::size_t most = 64;
    static constexpr std::size_t most_of_a_user = 16;

    struct Begun {
        std::string secret;  ///< for the cookie; only its digest is kept
        std::string id;
    };
    /// Where there are too many, that which was not seen for longest ends.
    Begun begin(const std::string& user, const std::string& from, SteadyTime now);

    /// The session of that secret, seen now. Null: there is none, or its time is over.
    const Session* enter(std::string_view secret, SteadyTime now);
    /// Whether the session lasts; not counted as seen.
    [[nodiscard]] bool lasts(std::string_view id, SteadyTime now) const;
    /// When it ends if nothing more is heard of it.
    static SteadyTime end_of(const Session& session);

    bool end(std::string_view id);
    void end_all_of(std::string_view user);
    [[nodiscard]] std::vector<Session> all(SteadyTime now) const;

  private:
    void make_room(const std::string& user, SteadyTime now);

    std::map<std::string, Session, std::less<>> by_digest_;
};

}  // namespace busbar::gateway
