// SPDX-License-Identifier: Apache-2.0
// The connections of one listener: so many in all, so many of one address.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "gateway/web/connection.hpp"

namespace busbar::gateway {

/// Loop thread only.
class ConnectionPool {
  public:
    struct Limits {
        std::size_t in_all = 32;
        std::size_t per_address = 16;  ///< two browsers ask through six each
        /// New ones of one address: so many after a rest, then so many a second; the others wait to begin.
        double burst = 40;
        double per_second = 20;
    };

    /// `left`: a connection has gone.
    ConnectionPool(Limits limits, std::shared_ptr<const HttpService> service, std::function<void()> left = {})
        : limits_(limits), service_(std::move(service)), left_(std::move(left)) {}
    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;
    ~ConnectionPool() { close(); }

    [[nodiscard]] bool full() const { return connections_.size() >= limits_.in_all; }

    /// Makes room for one more of `address`: where the pool is full, or that address has its share, of the
    /// connections (of that address) that wait for a request the one that has waited longest is closed.
    /// False: there is none.
    bool make_room(const std::string& address);

    /// `address` may be empty.
    void add(std::unique_ptr<Channel> channel, std::string address);
    void close();

  private:
    [[nodiscard]] Connection* longest_waiting(const std::function<bool(const Connection&)>& among) const;
    void ended(Connection& connection);
    milliseconds take_turn(const std::string& address, SteadyTime now);

    Limits limits_;
    std::shared_ptr<const HttpService> service_;
    std::function<void()> left_;
    std::set<Connection*> connections_;

    struct Credit {
        double left;
        SteadyTime at;
    };
    std::map<std::string, Credit> credits_;  ///< of addresses that have not rested yet
};

/// Of one client, as far as its address tells: an IPv6 network of 64 bits, an IPv4 address.
std::string client_of(const boost::asio::ip::address& address);

}  // namespace busbar::gateway
