// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/connection_pool.hpp"

#include <algorithm>

namespace busbar::gateway {
namespace {

constexpr std::size_t most_credits = 1024;

}  // namespace

Connection* ConnectionPool::longest_waiting(const std::function<bool(const Connection&)>& among) const {
    Connection* longest = nullptr;
    for (auto* candidate : connections_) {
        if (!among(*candidate)) continue;
        if (longest == nullptr || candidate->waits_since() < longest->waits_since()) longest = candidate;
    }
    return longest;
}

/// A browser keeps what it may use again: of its own address only such give way, as one that shakes hands
/// carries a request soon.
bool ConnectionPool::make_room(const std::string& address) {
    const auto of_address = std::count_if(connections_.begin(), connections_.end(),
                                          [&](const auto* other) { return other->remote() == address; });
    const bool has_share = static_cast<std::size_t>(of_address) >= limits_.per_address;
    if (!has_share && !full()) return true;
    auto* longest = longest_waiting([&](const Connection& one) {
        return has_share ? one.is_idle() && one.remote() == address : one.is_waiting();
    });
    if (longest == nullptr) return false;
    longest->close();
    return true;
}

void ConnectionPool::add(std::unique_ptr<Channel> channel, std::string address) {
    const auto connection = std::make_shared<Connection>(std::move(channel), service_, std::move(address),
                                                         [this](Connection& gone) { ended(gone); });
    connections_.insert(connection.get());
    connection->start(take_turn(connection->remote(), steady_now()));
}

/// How long a new connection of that address waits before it may cost a handshake.
milliseconds ConnectionPool::take_turn(const std::string& address, SteadyTime now) {
    const auto refilled = [&](const Credit& credit) {
        const std::chrono::duration<double> rested = now - credit.at;
        return std::min(limits_.burst, credit.left + rested.count() * limits_.per_second);
    };
    std::erase_if(credits_, [&](const auto& entry) { return refilled(entry.second) >= limits_.burst; });
    if (credits_.size() >= most_credits) credits_.clear();
    auto& credit = credits_.try_emplace(address, Credit{limits_.burst, now}).first->second;
    credit = {refilled(credit) - 1, now};
    if (credit.left >= 0) return milliseconds(0);
    const std::chrono::duration<double> wait(-credit.left / limits_.per_second);
    return std::chrono::ceil<milliseconds>(wait);
}

void ConnectionPool::ended(Connection& connection) {
    connections_.erase(&connection);
    if (left_) left_();
}

void ConnectionPool::close() {
    left_ = {};
    while (!connections_.empty()) (*connections_.begin())->close();
}

std::string client_of(const boost::asio::ip::address& address) {
    namespace ip = boost::asio::ip;
    if (address.is_v4()) return address.to_string();
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6).to_string();
    if (v6.is_loopback() || v6.is_link_local()) return v6.to_string();
    constexpr std::size_t network_bytes = 8;
    auto bytes = v6.to_bytes();
    std::fill(bytes.begin() + network_bytes, bytes.end(), std::uint8_t{0});
    return ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace busbar::gateway
