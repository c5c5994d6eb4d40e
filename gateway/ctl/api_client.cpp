// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/api_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

namespace busbar::ctl {
namespace {

constexpr std::size_t largest_body = 8U * 1024 * 1024;

std::size_t append(const char* data, std::size_t size, std::size_t count, void* target) {
    auto& body = *static_cast<std::string*>(target);
    const std::size_t bytes = size * count;
    if (body.size() + bytes > largest_body) return 0;
    body.append(data, bytes);
    return bytes;
}

}  // namespace

void ApiClient::Cleanup::operator()(void* easy) const {
    curl_easy_cleanup(easy);
}

ApiClient::ApiClient(const std::string& socket_path) : socket_path_(socket_path), easy_(curl_easy_init()) {
    curl_easy_setopt(easy_.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path_.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, append);
}

Result<ApiAnswer> ApiClient::send(const std::string& method, const std::string& target,
                                  const std::string& body, seconds wait) {
    ApiAnswer answer;
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPGET, 1L);
    if (!body.empty()) {
        curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(easy_.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
    curl_easy_setopt(easy_.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT, static_cast<long>(wait.count()));
    const std::string url = "http://busbar" + target;
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &answer.body);
    const CURLcode code = curl_easy_perform(easy_.get());
    if (code != CURLE_OK) {
        return Error{
            Errc::unreachable,
            fmt::format("no answer on {}: {}. Is busbard running, and may this user open the socket?",
                        socket_path_, curl_easy_strerror(code))};
    }
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

}  // namespace busbar::ctl
