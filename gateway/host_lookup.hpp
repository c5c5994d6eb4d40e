// SPDX-License-Identifier: Apache-2.0
// Finds the addresses of a host: one question for all who ask meanwhile, and the last good answer when DNS is
// dead.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// One per gateway; outlives who asks. Loop thread only. Its end never waits for a name server.
class HostLookup {
  public:
    using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;  ///< at least one
    using Handler = std::function<void(const Result<Endpoints>&)>;

    explicit HostLookup(boost::asio::io_context& loop);
    ~HostLookup();
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;

    /// `handler` is called once, later, unless `asker` is gone by then. An answer may take as long as the
    /// system's resolver likes; but a host that was found before is answered within 2 s, from memory if need
    /// be, while the question runs on. Nothing keeps the loop busy when all askers are gone.
    void find(const std::string& host, int port, std::weak_ptr<void> asker, Handler handler);

  private:
    struct Question;

    static void arm(Question& question);
    static void look(Question& question);

    boost::asio::io_context& loop_;
    std::map<std::pair<std::string, int>, std::unique_ptr<Question>> questions_;
};

}  // namespace busbar::gateway
