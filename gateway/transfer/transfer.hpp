// SPDX-License-Identifier: Apache-2.0
// One file to or from one location: its host looked up on the uplink in use, every address judged, redirects
// and moves to another uplink followed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/log.hpp"
#include "gateway/path.hpp"
#include "gateway/transfer/carrier.hpp"

namespace busbar::gateway {

/// What all transfers of a gateway have in common. Everything outlives them.
struct TransferSurroundings {
    boost::asio::io_context& loop;
    Carrier& carrier;
    std::function<const Path&()> path;
    std::function<const config::Config&()> config;  ///< of central_system its roots, and transfers
    std::function<UtcTime()> verify_at;
    /// Of the month on the uplink in use; empty: it costs nothing.
    std::function<std::optional<std::uint64_t>()> budget;
    std::string known_hosts;  ///< file
    std::function<Revoked()> revoked = [] { return nullptr; };
};

/// Loop thread only. One that is gone is cancelled; a fetched file keeps what has come.
class FileTransfer : public std::enable_shared_from_this<FileTransfer> {
  public:
    struct Job {
        bool upload = false;
        std::string location;  ///< from outside
        std::string name;      ///< of an uploaded file, where the location is a folder
        std::string file;      ///< on our disk
        std::uint64_t most_bytes = 0;
    };
    using Done = std::function<void(const Result<void>&)>;

    /// `done` is called once, later. Errc::invalid: the same again would end the same.
    static std::shared_ptr<FileTransfer> start(const TransferSurroundings& around, Job job, Done done);
    ~FileTransfer();
    FileTransfer(const FileTransfer&) = delete;
    FileTransfer& operator=(const FileTransfer&) = delete;

    /// The path is another: over to it.
    void on_moved();

  private:
    FileTransfer(const TransferSurroundings& around, Job job, Done done);

    void begin();
    [[nodiscard]] Result<Location> first_location() const;
    void look_up();
    void carry(const std::vector<boost::asio::ip::address>& addresses);
    void on_end(const ExchangeEnd& end);
    bool try_otherwise(const ExchangeEnd& end);
    void redirect(const std::string& to);
    void finish(const Result<void>& result);

    const TransferSurroundings& around_;
    Job job_;
    Done done_;
    boost::asio::steady_timer timer_;
    Location location_;
    std::string uplink_;  ///< of the path in use
    Method method_ = Method::get;
    bool tls_on_demand_ = false;
    bool as_named_ = false;  ///< the location is a file after all
    int hops_ = 0;           ///< redirects
    int moves_ = 0;
    bool started_over_ = false;
    std::optional<Carrier::Id> running_;
    int question_ = 0;  ///< of name servers, to tell the newest
};

}  // namespace busbar::gateway
