// SPDX-License-Identifier: Apache-2.0
#include "ocpp/file_transfer.hpp"

#include <utility>

namespace busbar::ocpp {
namespace {

constexpr std::size_t longest_location = 2048;
constexpr std::string_view record_key = "present";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// RFC 3986 section 3.1.
bool is_scheme(std::string_view text) {
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

bool is_listed(std::string_view name, std::string_view list) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        std::string_view entry = list.substr(0, comma);
        while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
        while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
        if (equals_ignoring_case(entry, name)) return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

/// Of "user:password@host:21/path", what follows the "://".
bool names_host(std::string_view rest) {
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    const auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
    return !host.empty() && host.front() != ':';
}

}  // namespace

std::optional<std::string> location_problem(std::string_view location, std::string_view protocols) {
    if (location.empty()) return "The location is empty; a URI like https://host/path is needed.";
    if (location.size() > longest_location) {
        return "The location has more than " + std::to_string(longest_location) + " bytes.";
    }
    const bool printable = std::all_of(location.begin(), location.end(), [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
    });
    if (!printable) return "The location holds blanks or control characters; they must be percent-encoded.";
    const auto colon = location.find("://");
    const auto scheme = location.substr(0, std::min(colon, location.size()));
    if (colon == std::string_view::npos || !is_scheme(scheme)) {
        return "The location has no scheme; a URI like https://host/path is needed.";
    }
    if (!is_listed(scheme, protocols)) {
        return "The location's scheme " + std::string(scheme) +
               " is not supported; SupportedFileTransferProtocols names " + std::string(protocols) + ".";
    }
    if (!names_host(location.substr(colon + 3))) return "The location names no host.";
    return std::nullopt;
}

bool is_final(const Error& error) {
    return error.code == Errc::invalid || error.code == Errc::unsupported;
}

RetryPlan RetryPlan::from(const std::optional<int>& retries, const std::optional<int>& interval) {
    RetryPlan plan;
    if (retries) plan.retries = std::clamp(*retries, 0, most_retries);
    if (interval) plan.interval = std::clamp(seconds(*interval), seconds(1), longest_interval);
    return plan;
}

std::optional<int> Attempts::start_due(SteadyTime now) {
    if (running_ || now < at_ || made_ > plan_.retries) return std::nullopt;
    running_ = true;
    at_ = now + longest_attempt;
    return ++made_;
}

Attempts::End Attempts::fail(SteadyTime now) {
    running_ = false;
    if (made_ > plan_.retries) return End::failure;
    at_ = now + plan_.interval;
    return End::retry;
}

Attempts::End Attempts::on_done(int attempt, const Result<void>& result, SteadyTime now) {
    if (!running_ || attempt != made_) return End::none;
    if (result) {
        running_ = false;
        return End::success;
    }
    if (is_final(result.error())) made_ = plan_.retries + 1;
    return fail(now);
}

Attempts::End Attempts::on_time(SteadyTime now) {
    if (running_) return now >= at_ ? fail(now) : End::none;
    return made_ > plan_.retries ? End::failure : End::none;
}

KeptRecord::KeptRecord(std::string_view kind, const std::vector<Record>& saved) : kind_(kind) {
    for (const auto& record : saved) {
        if (record.kind == kind && record.key == record_key) body_ = record.body;
    }
}

void KeptRecord::keep(std::string body, Effects& effects) {
    if (body == body_) return;
    body_ = std::move(body);
    if (body_.empty()) {
        effects.emplace_back(EraseRecord{kind_, std::string(record_key)});
    } else {
        effects.emplace_back(SaveRecord{{kind_, std::string(record_key), body_}});
    }
}

bool is_last_word(DiagnosticsStatus status) {
    return status == DiagnosticsStatus::Uploaded || status == DiagnosticsStatus::UploadFailed;
}

}  // namespace busbar::ocpp
