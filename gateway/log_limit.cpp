// SPDX-License-Identifier: Apache-2.0
#include "gateway/log_limit.hpp"

#include <memory>
#include <utility>

#include "gateway/worker.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds minute{60};

}  // namespace

LogLimit::Verdict LogLimit::on_record(std::string_view event, SteadyTime now) {
    auto found = minutes_.find(event);
    if (found == minutes_.end()) found = minutes_.emplace(std::string(event), Minute{now}).first;
    auto& current = found->second;
    std::uint64_t to_tell = 0;
    if (now - current.began >= minute) {
        to_tell = current.withheld;
        current = Minute{now};
    }
    if (current.written >= most_a_minute) {
        ++current.withheld;
        return {false, 0};
    }
    ++current.written;
    return {true, to_tell};
}

Log::Sink limited(Log::Sink sink, std::function<SteadyTime()> now) {
    const auto limit = std::make_shared<Guarded<LogLimit>>();
    return [limit, sink = std::move(sink), now = std::move(now)](const LogRecord& record) {
        if (record.level == LogLevel::debug) return sink(record);
        const auto verdict =
            limit->with([&](LogLimit& inner) { return inner.on_record(record.event, now()); });
        if (verdict.withheld > 0) {
            sink({LogLevel::warning,
                  "log_lines_withheld",
                  "There were more lines of one event than are written in a minute.",
                  {{"of", std::string(record.event)}, {"count", std::to_string(verdict.withheld)}}});
        }
        if (verdict.write) sink(record);
    };
}

}  // namespace busbar::gateway
