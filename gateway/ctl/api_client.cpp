// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/api_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

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

/// Keeps the ETag of an answer's header, which curl gives line by line.
std::size_t note_etag(const char* data, std::size_t size, std::size_t count, void* target) {
    constexpr std::string_view name = "etag:";
    const std::string_view line(data, size * count);
    std::string lower(line.substr(0, name.size()));
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto from = line.find('"');
    const auto to = line.rfind('"');
    if (lower == name && from < to) *static_cast<std::string*>(target) = line.substr(from, to - from + 1);
    return line.size();
}

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

void ApiClient::Cleanup::operator()(void* easy) const {
    curl_easy_cleanup(easy);
}

ApiClient::ApiClient(const std::string& socket_path) : socket_path_(socket_path), easy_(curl_easy_init()) {
    curl_easy_setopt(easy_.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path_.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy_.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(easy_.get(), CURLOPT_HEADERFUNCTION, note_etag);
}

Result<ApiAnswer> ApiClient::send(const std::string& method, const std::string& target,
                                  const std::string& body, seconds wait, const std::string& if_match) {
    const std::unique_ptr<curl_slist, FreeList> fields(
        curl_slist_append(nullptr, ("If-Match: " + if_match).c_str()));
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, if_match.empty() ? nullptr : fields.get());
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPGET, 1L);
    if (!body.empty()) {
        curl_easy_setopt(easy_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
        curl_easy_setopt(easy_.get(), CURLOPT_COPYPOSTFIELDS, body.c_str());
    }
    return perform(method, target, wait);
}

Result<ApiAnswer> ApiClient::send_file(const std::string& method, const std::string& target,
                                       const std::string& file, const std::string& content_type,
                                       seconds wait) {
    const std::unique_ptr<std::FILE, CloseFile> in(std::fopen(file.c_str(), "rbe"));
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!in || error) return Error{Errc::io, file + " cannot be read"};
    const std::unique_ptr<curl_slist, FreeList> fields(
        curl_slist_append(nullptr, ("Content-Type: " + content_type).c_str()));
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, fields.get());
    curl_easy_setopt(easy_.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_READDATA, in.get());
    curl_easy_setopt(easy_.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
    auto answer = perform(method, target, wait);
    curl_easy_setopt(easy_.get(), CURLOPT_UPLOAD, 0L);
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, nullptr);
    return answer;
}

Result<ApiAnswer> ApiClient::perform(const std::string& method, const std::string& target, seconds wait) {
    ApiAnswer answer;
    curl_easy_setopt(easy_.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT, static_cast<long>(wait.count()));
    const std::string url = "http://busbar" + target;
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(easy_.get(), CURLOPT_HEADERDATA, &answer.etag);
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
