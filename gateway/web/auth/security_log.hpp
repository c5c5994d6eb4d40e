// SPDX-License-Identifier: Apache-2.0
// Who came in, who did not, and who changed what about that. Kept across restarts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

struct SecurityEvent {
    std::string event;  ///< login, login_failed, user_added, ...
    std::string user;   ///< who did it
    std::string from;   ///< the client's address, or control-socket
    std::string detail{};
};

/// One JSON object a line, only ever appended; when `file` has grown to 256 KiB it becomes `file`.1, in
/// place of the one before. Loop thread only.
class SecurityLog {
  public:
    static constexpr std::size_t largest_file = 256 * 1024;
    static constexpr std::size_t largest_page = 500;

    SecurityLog(std::string file, std::function<std::optional<UtcTime>()> utc, Log log);

    /// Also a line of the general log. Where the file takes nothing, that is all.
    void add(const SecurityEvent& event);

    /// {"entries": [...], "last": N}: the first of those with a number > after that are still kept.
    [[nodiscard]] std::string page(std::int64_t after) const;
    /// Those in [from, to] that are still kept, and those without a time, one JSON object a line.
    [[nodiscard]] std::string lines(const std::optional<UtcTime>& from,
                                    const std::optional<UtcTime>& to) const;

  private:
    void append(const std::string& line);

    std::string file_;
    std::function<std::optional<UtcTime>()> utc_;
    Log log_;
    std::int64_t last_ = 0;
    bool failing_ = false;
};

}  // namespace busbar::gateway
