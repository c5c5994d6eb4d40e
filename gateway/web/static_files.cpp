// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/static_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "gateway/atomic_file.hpp"
#include "gateway/web/auth/secrets.hpp"
#include "gateway/web/problem.hpp"

namespace busbar::gateway {
namespace {

namespace fs = std::filesystem;

struct TypeOf {
    std::string_view ending;
    const char* type;
};
constexpr std::array<TypeOf, 13> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".pdf", "application/pdf"},
}};

const char* type_of(const std::string& path) {
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const TypeOf& t) { return path.ends_with(t.ending); });
    return found == types.end() ? "application/octet-stream" : found->type;
}

/// As Vite names them: assets/index-BWq3x_7d.js; the hash has 8 letters and may hold a dash itself.
bool has_hash(const std::string& path) {
    constexpr std::size_t hash_length = 8;
    const auto end = path.rfind('.');
    return path.starts_with("/assets/") && end != std::string::npos && end > hash_length &&
           path[end - hash_length - 1] == '-';
}

std::string etag_of(const std::string& content) {
    return '"' + digest_of(content).substr(0, 16) + '"';
}

/// A weak comparison: the same page compressed or not is the same.
bool names(std::string_view if_none_match, const std::string& etag) {
    return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

/// Whoever lists gzip, unless with a quality of 0.
bool takes_gzip(std::string_view accepted) {
    const auto at = accepted.find("gzip");
    if (at == std::string_view::npos) return false;
    const auto after = accepted.substr(at + 4, accepted.find(',', at) - at - 4);
    return after.find("q=0") == std::string_view::npos || after.find("q=0.") != std::string_view::npos;
}

/// What a browser asks for when somebody types or reloads an address of the application.
bool is_page(const HttpRequest& request) {
    return request.path.find('.') == std::string::npos &&
           request.field("Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

StaticFiles StaticFiles::load(const std::string& folder, const Log& log) {
    StaticFiles result;
    std::size_t bytes = 0;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unknown;
        if (entry->is_symlink(unknown) || !entry->is_regular_file(unknown)) continue;
        bytes += entry->file_size(unknown);
        if (bytes > largest_in_all || result.files_.size() >= most_files) {
            log.error("web_pages_too_large", folder + " holds more than pages may have: 16 MiB, 1000 files.");
            return {};
        }
        auto path = '/' + entry->path().lexically_relative(folder).generic_string();
        const bool compressed = path.ends_with(".gz");
        if (compressed) path.resize(path.size() - 3);
        auto content = std::make_shared<const std::string>(file_content(entry->path().string()));
        auto& file = result.files_[path];
        (compressed ? file.gzip : file.plain) = std::move(content);
    }
    for (auto& [path, file] : result.files_) {
        file.type = type_of(path);
        file.unchanging = has_hash(path);
        file.etag = etag_of(file.plain ? *file.plain : *file.gzip);
    }
    return result;
}

const StaticFiles::File* StaticFiles::find(const HttpRequest& request) const {
    const bool root = request.path == "/";
    auto found = files_.find(root ? std::string_view("/index.html") : std::string_view(request.path));
    if (found == files_.end() && is_page(request)) found = files_.find("/index.html");
    return found == files_.end() ? nullptr : &found->second;
}

HttpResponse StaticFiles::answer(const HttpRequest& request) const {
    const auto* file = find(request);
    if (file == nullptr) return problem(404, "not_found", "There is nothing at " + request.path + ".");
    HttpResponse response;
    response.content_type = file->type;
    response.headers.emplace_back("ETag", file->etag);
    response.headers.emplace_back("Cache-Control",
                                  file->unchanging ? "public, max-age=31536000, immutable" : "no-cache");
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (names(request.field("If-None-Match"), file->etag)) {
        response.status = 304;
        return response;
    }
    const bool compressed = file->gzip && (!file->plain || takes_gzip(request.field("Accept-Encoding")));
    if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
    response.shared_body = compressed ? file->gzip : file->plain;
    return response;
}

}  // namespace busbar::gateway
