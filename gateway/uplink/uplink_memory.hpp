// SPDX-License-Identifier: Apache-2.0
// What is remembered of the uplinks from one run to the next: where the central system was, how much was used
// this month, and which one a person chose.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"
#include "gateway/uplink/monthly_bytes.hpp"

namespace busbar::gateway {

/// A file of its own, written whole. Loop thread only.
class UplinkMemory {
  public:
    struct OfUplink {
        std::vector<std::string> addresses;  ///< of the central system, as a name server of this uplink told
        MonthlyBytes traffic;
    };

    /// A file that is not ours, or is broken, counts as none.
    UplinkMemory(std::string file, Log log);
    UplinkMemory(const UplinkMemory&) = delete;
    UplinkMemory& operator=(const UplinkMemory&) = delete;

    /// What is said of an uplink (id); made where there is nothing.
    OfUplink& of(const std::string& uplink) { return uplinks_[uplink]; }
    /// Addresses are those of this host; those of another are forgotten.
    void set_host(const std::string& host);
    /// "": none was chosen.
    [[nodiscard]] const std::string& preferred() const { return preferred_; }

    void prefer(const std::string& uplink);
    void keep_addresses(const std::string& uplink, std::vector<std::string> addresses);

    /// To be called now and then: writes at most each 10 min what merely counts on.
    void save_if_due();
    /// Now; also before the end.
    void save();

  private:
    void load();

    std::string file_;
    Log log_;
    std::string host_;
    std::string preferred_;
    std::map<std::string, OfUplink> uplinks_;
    SteadyTime saved_at_;
};

}  // namespace busbar::gateway
