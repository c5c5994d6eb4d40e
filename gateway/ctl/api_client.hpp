// SPDX-License-Identifier: Apache-2.0
// Asks the daemon over its control socket.
#pragma once

#include <memory>
#include <string>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::ctl {

struct ApiAnswer {
    long status = 0;
    std::string body;
    std::string etag;  ///< empty: there is none
    [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

/// One connection, kept alive between calls. Not for several threads.
class ApiClient {
  public:
    explicit ApiClient(const std::string& socket_path);

    /// GET of a path with query. Error (unreachable): nobody answers on the socket within 10 s.
    Result<ApiAnswer> get(const std::string& target) { return send("GET", target, ""); }

    /// Another method, with a JSON body and the field If-Match where they are not empty. Error as get(),
    /// after `wait`.
    Result<ApiAnswer> send(const std::string& method, const std::string& target, const std::string& body,
                           seconds wait = seconds(10), const std::string& if_match = "");

    /// A file as the body. Error (io) too: it cannot be read.
    Result<ApiAnswer> send_file(const std::string& method, const std::string& target, const std::string& file,
                                const std::string& content_type, seconds wait);

  private:
    /// What is set is sent.
    Result<ApiAnswer> perform(const std::string& method, const std::string& target, seconds wait);

    struct Cleanup {
        void operator()(void* easy) const;
    };

    std::string socket_path_;
    std::unique_ptr<void, Cleanup> easy_;
};

}  // namespace busbar::ctl
