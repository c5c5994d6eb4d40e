// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/log_ring.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> levels{"error", "warning", "info", "debug"};

using Writer = void (Log::*)(std::string_view, std::string, std::vector<LogField>) const;
constexpr std::array<Writer, 4> writers{&Log::error, &Log::warning, &Log::info, &Log::debug};

LogLevel level_in(const HttpRequest& request) {
    const auto wanted = query_value(request.query, "level").value_or("debug");
    const auto found = std::find(levels.begin(), levels.end(), wanted);
    return found == levels.end() ? LogLevel::debug : static_cast<LogLevel>(found - levels.begin());
}

Json line_json(const NumberedLine& line, const Now& now) {
    Json json{{"n", line.number}, {"t", time_json(line.at, now)}};
    json["level"] = levels.at(static_cast<std::size_t>(line.level));
    json["event"] = line.event;
    json["text"] = line.text;
    json["fields"] = Json::object();
    for (const auto& [key, value] : line.fields) json["fields"][key] = value;
    return json;
}

Json list_of(const LogRing& ring, std::int64_t after, LogLevel level, const Now& now) {
    Json list = Json::array();
    for (const auto& line : ring.lines()) {
        if (line.number > after && line.level <= level) list.push_back(line_json(line, now));
    }
    return list;
}

}  // namespace

void LogRing::add(NumberedLine line) {
    line.number = ++last_;
    if (line.text.size() > longest_text) line.text.resize(longest_text);
    lines_.push_back(std::move(line));
    if (lines_.size() > capacity) lines_.pop_front();
}

Log LogRing::tee(const Log& log, const std::shared_ptr<LogRing>& ring,
                 const boost::asio::any_io_executor& loop) {
    return Log([log, ring, loop](const LogRecord& record) {
        (log.*writers.at(static_cast<std::size_t>(record.level)))(record.event, record.text, record.fields);
        NumberedLine line{0,           steady_now(), record.level, std::string(record.event),
                          record.text, record.fields};
        boost::asio::post(loop, [ring, line = std::move(line)]() mutable { ring->add(std::move(line)); });
    });
}

std::vector<Route> log_routes(const LogRing& ring, std::function<Now()> now) {
    return {{"GET", "/api/v1/logs", at_least(Role::installer),
             [&ring, now = std::move(now)](const HttpRequest& request) {
                 Json lines = list_of(ring, query_number(request.query, "after"), level_in(request), now());
                 if (wants_lines(request)) return lines_response(lines, "log.jsonl");
                 return json_response({{"lines", std::move(lines)}, {"last", ring.last()}});
             }}};
}

std::string log_text(const LogRing& ring, const Now& now) {
    return text_of(list_of(ring, 0, LogLevel::debug, now));
}

}  // namespace busbar::gateway
