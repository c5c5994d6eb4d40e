// SPDX-License-Identifier: Apache-2.0
// STATE/uplinks.json: which uplink is in use, how all of them are, and why the sessions went where they are.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

struct UplinkSwitch {
    std::string t;  ///< ISO 8601; "": the time was not known
    std::string to;
    std::string reason;
};

struct UplinkLine {
    std::string id;
    std::string state;
    std::string reason;  ///< UplinkHealth::words(): true for as long as nothing changes
    std::optional<SteadyTime> failing_since{};
    std::string since{};  ///< failing_since for people; "": none, or the time is not known
};

/// Written when a state, its reason or the choice is another, at most once a second. The switches of earlier
/// runs stay, fifty in all. Loop thread only.
class UplinkJournal {
  public:
    UplinkJournal(boost::asio::io_context& loop, std::string file, Log log);
    UplinkJournal(const UplinkJournal&) = delete;
    UplinkJournal& operator=(const UplinkJournal&) = delete;

    void switched(UplinkSwitch one);
    void show(std::string active, std::vector<UplinkLine> lines);
    /// Before the end: writes what still waits for its second.
    void flush();

    [[nodiscard]] const std::deque<UplinkSwitch>& switches() const { return switches_; }
    /// Of this run.
    [[nodiscard]] std::uint64_t switch_count() const { return switch_count_; }

  private:
    void load();
    void write_soon();
    void write();

    std::string file_;
    Log log_;
    boost::asio::steady_timer timer_;
    bool waiting_ = false;
    std::optional<SteadyTime> written_at_;
    std::string active_;
    std::vector<UplinkLine> lines_;
    std::deque<UplinkSwitch> switches_;
    std::uint64_t switch_count_ = 0;
};

}  // namespace busbar::gateway
