// SPDX-License-Identifier: Apache-2.0
// The pages as files: read once, served from memory. No path of a request reaches the file system.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/web/http.hpp"

namespace busbar::gateway {

class StaticFiles {
  public:
    static constexpr std::size_t largest_in_all = 16 * 1024 * 1024;
    static constexpr std::size_t most_files = 1000;

    StaticFiles() = default;

    /// All files below `folder`. NAME.gz beside NAME is the same compressed. Files with a hash in their name
    /// (below assets/, name-HASH.ext) never change. Nothing there: empty. Symbolic links are not followed.
    static StaticFiles load(const std::string& folder, const Log& log);

    [[nodiscard]] bool empty() const { return files_.empty(); }

    /// GET or HEAD of a path. Pages of the application that are no files are index.html. 404 not_found.
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;

  private:
    struct File {
        std::string type;
        std::string etag;  ///< with its quotes
        bool unchanging = false;
        std::shared_ptr<const std::string> plain;
        std::shared_ptr<const std::string> gzip;
    };

    [[nodiscard]] const File* find(const HttpRequest& request) const;

    std::map<std::string, File, std::less<>> files_;  ///< by path: "/index.html"
};

}  // namespace busbar::gateway
