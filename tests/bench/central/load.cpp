// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "book.hpp"

namespace busbar::bench {
namespace {

constexpr std::string_view ours = "load-";

double us(std::int64_t ns) {
    return static_cast<double>(ns) / 1e3;
}

}  // namespace

std::int64_t cpu_ns(int pid) {
    std::int64_t sum = 0;
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
        std::int64_t time = 0;
        std::ifstream(task.path() / "schedstat") >> time;
        sum += time;
    }
    return sum;
}

Load::Load(const std::vector<PeerPtr>& peers, int pid)
    : pid_(pid), cpu_before_(cpu_ns(pid)), began_at_(monotonic_ns()) {
    latencies_.reserve(1'000'000);
    for (const auto& peer : peers) ask(peer);
}

void Load::ask(const PeerPtr& peer) {
    auto& asked = asked_[peer.get()];
    asked.id = fmt::format("{}{}", ours, ++count_);
    asked.at = monotonic_ns();
    ++outstanding_;
    peer->send(fmt::format(R"([2,"{}","GetConfiguration",{{"key":["HeartbeatInterval"]}}])", asked.id));
}

bool Load::answered(const PeerPtr& peer, std::string_view id) {
    if (!id.starts_with(ours)) return false;
    auto& asked = asked_[peer.get()];
    if (asked.id != id) return true;
    latencies_.push_back(monotonic_ns() - asked.at);
    --outstanding_;
    if (stopped_at_ == 0) ask(peer);
    return true;
}

void Load::stop() {
    stopped_at_ = monotonic_ns();
    cpu_after_ = cpu_ns(pid_);
}

std::string Load::report() const {
    auto sorted = latencies_;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double share) {
        return sorted.empty()
                   ? 0
                   : us(sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
    };
    const double lasted_s = static_cast<double>(stopped_at_ - began_at_) / 1e9;
    const auto calls = static_cast<double>(std::max<std::size_t>(sorted.size(), 1));
    return fmt::format(
        R"({{"calls":{},"p50_us":{:.1f},"p90_us":{:.1f},"p99_us":{:.1f},"max_us":{:.1f},"calls_per_s":{:.0f},"cpu_us_per_call":{:.1f}}})",
        sorted.size(), at(0.5), at(0.9), at(0.99), at(1), calls / lasted_s,
        us(cpu_after_ - cpu_before_) / calls);
}

}  // namespace busbar::bench
