// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/security_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "gateway/atomic_file.hpp"
#include "ocpp/date_time.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_text = 200;

/// What comes from outside, in bounds.
std::string cut(const std::string& text) {
    return text.substr(0, longest_text);
}

void read_entries(const std::string& file, std::int64_t after, Json& entries) {
    std::istringstream lines(file_content(file));
    for (std::string line; std::getline(lines, line);) {
        auto entry = Json::parse(line, nullptr, false);  // a line that a power cut left half is none
        if (entry.is_object() && entry.value("n", std::int64_t{0}) > after)
            entries.push_back(std::move(entry));
    }
}

}  // namespace

SecurityLog::SecurityLog(std::string file, std::function<std::optional<UtcTime>()> utc, Log log)
    : file_(std::move(file)), utc_(std::move(utc)), log_(std::move(log)) {
    auto entries = Json::array();
    read_entries(file_ + ".1", 0, entries);
    read_entries(file_, 0, entries);
    if (!entries.empty()) last_ = entries.back().at("n");
}

void SecurityLog::add(const SecurityEvent& event) {
    log_.info(event.event, event.detail.empty() ? "Access to the local API." : cut(event.detail),
              {{"user", cut(event.user)}, {"from", cut(event.from)}});
    const auto utc = utc_();
    Json entry{{"n", ++last_},
               {"t", utc ? Json(ocpp::to_iso8601(*utc)) : Json(nullptr)},
               {"event", event.event},
               {"user", cut(event.user)},
               {"from", cut(event.from)}};
    if (!event.detail.empty()) entry["detail"] = cut(event.detail);
    append(entry.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n');
}

void SecurityLog::append(const std::string& line) {
    const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct stat facts {};
    const bool written =
        file >= 0 && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const bool grown =
        written && ::fstat(file, &facts) == 0 && static_cast<std::size_t>(facts.st_size) >= largest_file;
    if (file >= 0) ::close(file);
    if (grown) std::rename(file_.c_str(), (file_ + ".1").c_str());
    if (!written && !failing_) {
        log_.error("security_log_failed", file_ + " cannot be written: see the disk.", {{"file", file_}});
    }
    failing_ = !written;
}

std::string SecurityLog::lines(const std::optional<UtcTime>& from, const std::optional<UtcTime>& to) const {
    auto entries = Json::array();
    read_entries(file_ + ".1", 0, entries);
    read_entries(file_, 0, entries);
    std::string text;
    for (const auto& entry : entries) {
        const auto found = entry.find("t");
        const std::string time = found != entry.end() && found->is_string() ? found->get<std::string>() : "";
        const bool early = from && time < ocpp::to_iso8601(*from);
        const bool late = to && time > ocpp::to_iso8601(*to);
        if (!time.empty() && (early || late)) continue;
        text += entry.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    }
    return text;
}

std::string SecurityLog::page(std::int64_t after) const {
    auto entries = Json::array();
    read_entries(file_ + ".1", after, entries);
    read_entries(file_, after, entries);
    if (entries.size() > largest_page) {
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(largest_page), entries.end());
    }
    return Json{{"entries", std::move(entries)}, {"last", last_}}.dump(-1, ' ', false,
                                                                       Json::error_handler_t::replace);
}

}  // namespace busbar::gateway
