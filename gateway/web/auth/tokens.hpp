// SPDX-License-Identifier: Apache-2.0
// Keys for scripts, which send them as bearer tokens. They expire; only their digest is kept.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/access.hpp"

namespace busbar::gateway {

struct Token {
    std::string id;    ///< public
    std::string name;  ///< what it is for
    std::string user;  ///< who made it; it goes with the user, and never may more
    Role role = Role::viewer;
    std::string digest{};
    UtcTime expires_at{};
    std::optional<UtcTime> used_at{};  ///< since the start
};

/// Loop thread only.
class Tokens {
  public:
    static constexpr std::size_t most = 32;
    static constexpr seconds usual_life{90 * 86400};
    static constexpr seconds longest_life{366 * 86400};

    /// Reads `file` as Users does.
    Tokens(std::string file, const Log& log);

    /// Keeps the token under a fresh id: the secret, which is not kept. Error: io; invalid: there are `most`.
    Result<std::string> add(Token token);
    /// The token of that secret, used now. Null: there is none, or it has expired.
    const Token* enter(std::string_view secret, UtcTime now);
    /// Error (invalid): there is none of that id.
    Result<void> remove(std::string_view id);
    Result<void> remove_all_of(std::string_view user);

    [[nodiscard]] const std::vector<Token>& all() const { return tokens_; }
    [[nodiscard]] const Token* find(std::string_view id) const;

  private:
    Result<void> keep(std::vector<Token> tokens);

    std::string file_;
    std::vector<Token> tokens_;
};

}  // namespace busbar::gateway
