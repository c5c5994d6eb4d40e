// SPDX-License-Identifier: Apache-2.0
// The last accepted writes of a box.
#include "adapters/sim/write_log.hpp"

#include <nlohmann/json.hpp>

namespace busbar::sim {

namespace {

constexpr std::size_t remembered = 100;

}  // namespace

void WriteLog::add(SteadyTime at, std::string what, int value) {
    ++count_;
    writes_.push_back({at, std::move(what), value});
    if (writes_.size() > remembered) {
        writes_.pop_front();
    }
}

nlohmann::json WriteLog::json() const {
    nlohmann::json list = nlohmann::json::array();
    for (const Write& write : writes_) {
        const auto since_start = std::chrono::duration_cast<milliseconds>(write.at - start_);
        list.push_back({{"t_ms", since_start.count()}, {"address", write.what}, {"value", write.value}});
    }
    return list;
}

}  // namespace busbar::sim
