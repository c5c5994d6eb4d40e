// SPDX-License-Identifier: Apache-2.0
// No lock: a line is one write(2) and a journal entry one datagram, which the kernel keeps whole.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "gateway/log_sink.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "gateway/log_limit.hpp"

namespace busbar::gateway {
namespace {

/// systemd.exec(5): JOURNAL_STREAM holds device and inode of the stderr that it connected to the journal.
bool stderr_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    struct stat file {};
    if (stream == nullptr || fstat(STDERR_FILENO, &file) != 0) return false;
    return fmt::format("{}:{}", file.st_dev, file.st_ino) == stream;
}

int syslog_priority(LogLevel level) {
    static constexpr std::array<int, 4> priorities{LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG};
    return priorities.at(static_cast<std::size_t>(level));
}

/// "charge_point" becomes BUSBAR_CHARGE_POINT=...
std::string journal_field(std::string_view key, std::string_view value) {
    std::string field = "BUSBAR_";
    std::transform(key.begin(), key.end(), std::back_inserter(field),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    field += '=';
    field += value;
    return field;
}

void write_journal(const LogRecord& record) {
    std::vector<std::string> fields{"MESSAGE=" + to_line(record),
                                    fmt::format("PRIORITY={}", syslog_priority(record.level)),
                                    "SYSLOG_IDENTIFIER=busbard", journal_field("event", record.event)};
    for (const auto& field : record.fields) fields.push_back(journal_field(field.key, field.value));

    std::vector<iovec> vectors;
    vectors.reserve(fields.size());
    for (auto& field : fields) vectors.push_back({field.data(), field.size()});
    sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
}

void write_line(int file_descriptor, const LogRecord& record) {
    pollfd ready{file_descriptor, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return;
    const std::string line = to_line(record) + '\n';
    [[maybe_unused]] const ssize_t written = write(file_descriptor, line.data(), line.size());
}

}  // namespace

Log::Sink make_line_sink(int file_descriptor, LogLevel most_verbose) {
    return [=](const LogRecord& record) {
        if (record.level <= most_verbose) write_line(file_descriptor, record);
    };
}

Log::Sink make_log_sink(LogLevel most_verbose) {
    if (!stderr_is_journal()) return limited(make_line_sink(STDERR_FILENO, most_verbose));
    return limited([=](const LogRecord& record) {
        if (record.level <= most_verbose) write_journal(record);
    });
}

}  // namespace busbar::gateway
