// SPDX-License-Identifier: Apache-2.0
// One file, one server, one way: a libcurl handle with everything decided. It looks up no name, follows no
// redirect, uses no proxy, and opens no socket to an address that was not judged.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/certificates/revocation.hpp"
#include "gateway/transfer/location.hpp"

namespace busbar::gateway {

enum class Method { get, put, post };

struct ExchangeSpec {
    Method method = Method::get;
    Location location;
    std::vector<std::string> addresses;  ///< of the host, judged already
    std::string device;                  ///< "": the system's routing
    config::Transfers policy;
    std::string ca_file;
    UtcTime verify_at;             ///< certificates are judged at this time
    bool tls_on_demand = false;    ///< ftps: by AUTH TLS, else from the first byte
    std::string known_hosts;       ///< file with the keys of SSH servers; a new server is added to it
    std::string file;              ///< sent; or fetched, with what is there already as its beginning
    std::string owner;             ///< whose beginning: the location that was asked for, before redirects
    std::uint64_t most_bytes = 0;  ///< of the whole file
    milliseconds user_timeout{20'000};
    Revoked revoked{};  ///< null: no lists
};

/// What came of it.
struct ExchangeEnd {
    Result<void> result;
    std::string redirect{};       ///< where the server says it is; then `result` is an error
    bool other_method = false;    ///< the server takes the file, but not by this method
    bool not_a_folder = false;    ///< of FTP and SFTP
    bool not_in_tls = false;      ///< of ftps: the server begins without
    bool start_over = false;      ///< what is there is no beginning of the server's file
    bool network_failed = false;  ///< another path might do it
};

/// Made on the loop, used on the carrier's thread.
class Exchange {
  public:
    explicit Exchange(ExchangeSpec spec);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Opens the file and sets everything up. Error: the file.
    Result<void> prepare();
    /// The libcurl handle, after prepare().
    [[nodiscard]] void* handle() const;
    /// After libcurl has ended with `code`.
    ExchangeEnd end(int code);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace busbar::gateway
