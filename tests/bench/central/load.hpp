// SPDX-License-Identifier: Apache-2.0
// Keeps one CALL outstanding at each charge point for a while, and tells how long the answers took.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server.hpp"

namespace busbar::bench {

class Load {
  public:
    /// Begins with all `peers` at once. `pid`: whose CPU time is told beside, 0: nobody's.
    Load(const std::vector<PeerPtr>& peers, int pid);

    /// An answer, or the echo of the CALL: true where it was one of ours.
    bool answered(const PeerPtr& peer, std::string_view id);
    /// No further CALLs; what is under way is waited for by the caller's grace.
    void stop();
    [[nodiscard]] bool is_over() const { return stopped_at_ != 0 && outstanding_ == 0; }

    /// One line of JSON.
    [[nodiscard]] std::string report() const;

  private:
    struct Asked {
        std::string id;
        std::int64_t at = 0;
    };
    void ask(const PeerPtr& peer);

    std::map<const Peer*, Asked> asked_;
    std::vector<std::int64_t> latencies_;
    std::uint64_t count_ = 0;
    std::size_t outstanding_ = 0;
    int pid_;
    std::int64_t cpu_before_;
    std::int64_t cpu_after_ = 0;
    std::int64_t began_at_;
    std::int64_t stopped_at_ = 0;
};

/// CPU time of all threads of a process so far, ns, as the scheduler counts it.
std::int64_t cpu_ns(int pid);

}  // namespace busbar::bench
