// SPDX-License-Identifier: Apache-2.0
// What a central system knows of its charge points, and what it answers them. No JSON library: frames are
// looked through for what is needed, so that the driver is not what is measured. Pure but for the clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::bench {

/// CLOCK_MONOTONIC and CLOCK_REALTIME in ns.
std::int64_t monotonic_ns();
std::int64_t wall_ns();

struct FrameHead {
    char type = 0;  ///< '2' CALL, '3' CALLRESULT, '4' CALLERROR; 0: none of them
    std::string_view id;
    std::string_view action;   ///< of a CALL
    std::string_view payload;  ///< of a CALL: from its brace on, with what follows
};
FrameHead head_of(std::string_view text);

/// The value of a string member, wherever it stands; "" without it.
std::string_view member(std::string_view json, std::string_view name);

struct ChargePointPage {
    bool connected = false;
    bool accepted = false;          ///< BootNotification.conf(Accepted) left on this connection
    std::int64_t connected_at = 0;  ///< monotonic, as the next
    std::int64_t accepted_at = 0;
    int open_transactions = 0;
    std::string status;          ///< of connector 1
    std::int64_t status_at = 0;  ///< wall
};

class Book {
  public:
    void connected(const std::string& charge_point);
    void disconnected(const std::string& charge_point);

    /// The answer to a CALL of a charge point.
    std::string answer(const std::string& charge_point, const FrameHead& call);

    /// From now on times count from here, and messages anew.
    void mark(std::int64_t monotonic);

    [[nodiscard]] const ChargePointPage* find(const std::string& charge_point) const;
    /// One line of JSON.
    [[nodiscard]] std::string summary() const;

  private:
    std::string confirmation(ChargePointPage& page, const FrameHead& call);

    std::map<std::string, ChargePointPage> pages_;
    std::map<std::string, std::uint64_t> messages_;  ///< by action, since mark()
    std::uint64_t bytes_ = 0;                        ///< of their payloads
    std::int64_t marked_at_ = 0;
    int last_transaction_ = 0;
};

}  // namespace busbar::bench
