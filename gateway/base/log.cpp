// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/log.hpp"

#include <array>
#include <utility>

namespace busbar {
namespace {

constexpr std::size_t longest_value = 1000;

bool is_plain(std::string_view value) {
    return !value.empty() && value.find_first_of(" \"\\=") == std::string_view::npos &&
           value.find_first_of(std::string_view("\0\t\r\n\x1b", 5)) == std::string_view::npos;
}

void append_escaped(std::string& line, char c) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        line += '\\';
        line += c;
    } else if (byte < 0x20 || byte == 0x7f) {
        line += "\\x";
        line += digits[byte >> 4U];
        line += digits[byte & 0xfU];
    } else {
        line += c;
    }
}

void append_value(std::string& line, std::string_view value) {
    if (is_plain(value) && value.size() <= longest_value) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value.substr(0, longest_value)) append_escaped(line, c);
    line += value.size() > longest_value ? "...\"" : "\"";
}

std::string_view name(LogLevel level) {
    static constexpr std::array<std::string_view, 4> names{"error", "warning", "info", "debug"};
    return names.at(static_cast<std::size_t>(level));
}

}  // namespace

Log Log::with(std::string key, std::string value) const {
    Log copy = *this;
    copy.context_.push_back({std::move(key), std::move(value)});
    return copy;
}

void Log::write(LogLevel level, std::string_view event, std::string text,
                std::vector<LogField> fields) const {
    if (!sink_) return;
    fields.insert(fields.begin(), context_.begin(), context_.end());
    (*sink_)(LogRecord{level, event, std::move(text), std::move(fields)});
}

void Log::error(std::string_view event, std::string text, std::vector<LogField> fields) const {
    write(LogLevel::error, event, std::move(text), std::move(fields));
}
void Log::warning(std::string_view event, std::string text, std::vector<LogField> fields) const {
    write(LogLevel::warning, event, std::move(text), std::move(fields));
}
void Log::info(std::string_view event, std::string text, std::vector<LogField> fields) const {
    write(LogLevel::info, event, std::move(text), std::move(fields));
}
void Log::debug(std::string_view event, std::string text, std::vector<LogField> fields) const {
    write(LogLevel::debug, event, std::move(text), std::move(fields));
}

std::string to_line(const LogRecord& record) {
    std::string line(name(record.level));
    line += " event=";
    line += record.event;
    for (const auto& field : record.fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, field.value);
    }
    line += " text=";
    append_value(line, record.text);
    return line;
}

}  // namespace busbar
