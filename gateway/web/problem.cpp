// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/problem.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace busbar::gateway {
namespace {

struct Title {
    int status;
    std::string_view words;
};
constexpr std::array<Title, 24> titles{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
}};

HttpResponse response_of(const nlohmann::json& body) {
    HttpResponse response;
    response.status = body.at("status");
    response.content_type = "application/problem+json";
    response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return response;
}

nlohmann::json body_of(int status, std::string_view code, std::string_view detail) {
    return {{"type", "about:blank"},
            {"title", status_words(status)},
            {"status", status},
            {"code", code},
            {"detail", detail}};
}

}  // namespace

std::string_view status_words(int status) {
    const auto title =
        std::find_if(titles.begin(), titles.end(), [=](const Title& t) { return t.status == status; });
    return title == titles.end() ? "Error" : title->words;
}

HttpResponse problem(int status, std::string_view code, std::string_view detail) {
    return response_of(body_of(status, code, detail));
}

HttpResponse problem(int status, std::string_view code, std::string_view detail,
                     const std::vector<config::Problem>& problems) {
    auto body = body_of(status, code, detail);
    body["problems"] = nlohmann::json::array();
    for (const auto& [path, text] : problems) body["problems"].push_back({{"path", path}, {"text", text}});
    return response_of(body);
}

HttpResponse problem_with(const ProblemParams& params, int status, std::string_view code,
                          std::string_view detail) {
    auto body = body_of(status, code, detail);
    for (const auto& [name, value] : params) {
        std::visit([&, &name = name](const auto& held) { body["params"][name] = held; }, value);
    }
    return response_of(body);
}

}  // namespace busbar::gateway
