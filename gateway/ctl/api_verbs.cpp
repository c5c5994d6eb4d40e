// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/api_verbs.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gateway/ctl/console.hpp"
#include "gateway/ctl/json_cells.hpp"
#include "gateway/ctl/reports.hpp"

namespace busbar::ctl {
namespace {

constexpr int between_looks_ms = 300;

}  // namespace

int tell_answer(const Result<ApiAnswer>& answer, bool json,
                const std::function<Result<std::string>(std::string_view)>& report) {
    if (!answer) {
        complain(answer.error().detail);
        return unreachable;
    }
    if (!answer->ok()) {
        if (json) print(answer->body + '\n');
        return refuse(problem_text(answer->body));
    }
    if (json || !report) {
        if (!answer->body.empty()) print(answer->body + (answer->body.ends_with('\n') ? "" : "\n"));
        return done;
    }
    const auto text = report(answer->body);
    if (!text) return refuse(text.error().detail);
    print(*text);
    return done;
}

std::string path_step(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool plain =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

Result<ApiAnswer> job_end(ApiClient& daemon, const Result<ApiAnswer>& started) {
    if (!started || !started->ok()) return started;
    const auto id = text(at(nlohmann::json::parse(started->body, nullptr, false), "/id"));
    for (;;) {
        auto answer = daemon.get("/api/v1/jobs/" + id);
        if (!answer || !answer->ok()) return answer;
        const auto job = nlohmann::json::parse(answer->body, nullptr, false);
        if (text(at(job, "/state")) != "running") {
            show_progress("");
            return answer;
        }
        const auto& progress = at(job, "/progress");
        if (progress.is_number()) show_progress(fmt::format("{:.0f} %", progress.get<double>() * 100));
        if (interrupted()) return daemon.send("DELETE", "/api/v1/jobs/" + id, "");
        wait_ms(between_looks_ms);
    }
}

}  // namespace busbar::ctl
