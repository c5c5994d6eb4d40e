// SPDX-License-Identifier: Apache-2.0
// Structured log lines: a stable event name, fields, and a sentence for the person.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace busbar {

enum class LogLevel { error, warning, info, debug };

struct LogField {
    std::string key;  ///< lower_snake_case
    std::string value;
};

struct LogRecord {
    LogLevel level;
    std::string_view event;  ///< stable id, lower_snake_case: link_failed, transaction_started, ...
    std::string text;        ///< one sentence: what happened and, where there is one, the cure
    std::vector<LogField> fields;
};

/// A cheap handle to the process's one log; copies share the sink. Any thread (the sink must be too).
/// A default-made Log swallows everything, which is what most unit tests want.
class Log {
  public:
    using Sink = std::function<void(const LogRecord&)>;

    Log() = default;
    explicit Log(Sink sink) : sink_(std::make_shared<const Sink>(std::move(sink))) {}

    /// The same log with a field added to each record: log.with("charge_point", id).
    [[nodiscard]] Log with(std::string key, std::string value) const;

    void error(std::string_view event, std::string text, std::vector<LogField> fields = {}) const;
    void warning(std::string_view event, std::string text, std::vector<LogField> fields = {}) const;
    void info(std::string_view event, std::string text, std::vector<LogField> fields = {}) const;
    void debug(std::string_view event, std::string text, std::vector<LogField> fields = {}) const;

  private:
    void write(LogLevel level, std::string_view event, std::string text, std::vector<LogField> fields) const;

    std::shared_ptr<const Sink> sink_;
    std::vector<LogField> context_;
};

/// The line form: `event=link_failed charge_point=CP1 cause=refused` then the sentence in quotes.
/// Control characters and quotes are escaped: input from outside cannot forge a line.
std::string to_line(const LogRecord& record);

}  // namespace busbar
