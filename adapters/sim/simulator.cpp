// SPDX-License-Identifier: Apache-2.0
// The loop.
#include "adapters/sim/simulator.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <optional>

#include "adapters/sim/ports.hpp"

namespace busbar::sim {

namespace {

constexpr std::size_t most_clients = 16;
constexpr std::size_t longest_control_line = 256;

/// What can be read now; empty optional: the other end is gone.
std::optional<Bytes> read_some(const Descriptor& descriptor) {
    Bytes bytes(512);
    const ssize_t count = ::read(descriptor.fd(), bytes.data(), bytes.size());
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        return std::nullopt;
    }
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return bytes;
}

/// False: not all of it went out. On a wire that is lost, as it would be on copper.
bool write_all(const Descriptor& descriptor, const void* data, std::size_t size) {
    return ::write(descriptor.fd(), data, size) == static_cast<ssize_t>(size);
}

}  // namespace

void Simulator::add_wire(Descriptor wire) {
    connections_.push_back({next_id_++, std::move(wire), make_framing_(), true});
}

void Simulator::add_datagrams(Descriptor socket, int reply_port) {
    datagrams_ = std::move(socket);
    reply_port_ = reply_port;
}

Result<void> Simulator::run() {
    while (!stopping_) {
        turn();
    }
    if (wire_lost_) {
        return Error{Errc::io, "the serial device is gone"};
    }
    return {};
}

void Simulator::turn() {
    std::vector<pollfd> watched;
    std::vector<std::function<void(SteadyTime)>> handlers;
    const auto watch = [&](const Descriptor& descriptor, std::function<void(SteadyTime)> handler) {
        if (descriptor.open()) {
            watched.push_back({descriptor.fd(), POLLIN, 0});
            handlers.push_back(std::move(handler));
        }
    };
    watch(signals_, [this](SteadyTime) { stopping_ = true; });
    watch(listener_, [this](SteadyTime) { accept_connections(); });
    watch(datagrams_, [this](SteadyTime now) { receive_datagram(now); });
    watch(control_listener_, [this](SteadyTime) { accept_control_clients(); });
    for (Connection& connection : connections_) {
        watch(connection.descriptor, [&](SteadyTime now) { receive(connection, now); });
    }
    for (ControlClient& client : control_clients_) {
        watch(client.descriptor, [&](SteadyTime now) { receive_control(client, now); });
    }

    const int ready = ::poll(watched.data(), watched.size(), timeout_ms(steady_now()));
    const SteadyTime now = steady_now();
    for (std::size_t i = 0; ready > 0 && i < watched.size(); ++i) {
        if (watched[i].revents != 0) {
            handlers[i](now);
        }
    }
    for (Connection& connection : connections_) {
        line_.serve(connection.id, *connection.framing, now);
    }
    for (Peer& peer : peers_) {
        line_.serve(peer.id, *peer.framing, now);
    }
    send_due(now);
    drop_closed();
}

int Simulator::timeout_ms(SteadyTime now) const {
    std::optional<SteadyTime> next = line_.next_due();
    for (const Connection& connection : connections_) {
        const auto deadline = connection.framing->deadline();
        if (deadline && (!next || *deadline < *next)) {
            next = deadline;
        }
    }
    if (!next) {
        return -1;
    }
    const auto wait = std::chrono::ceil<milliseconds>(*next - now);
    return static_cast<int>(std::max(wait, 0ms).count());
}

void Simulator::accept_connections() {
    Descriptor client = accept_client(listener_);
    if (client.open() && connections_.size() < most_clients) {
        connections_.push_back({next_id_++, std::move(client), make_framing_(), false});
    }
}

void Simulator::accept_control_clients() {
    Descriptor client = accept_client(control_listener_);
    if (client.open() && control_clients_.size() < most_clients) {
        control_clients_.push_back({std::move(client), {}});
    }
}

void Simulator::receive(Connection& connection, SteadyTime now) {
    const auto bytes = read_some(connection.descriptor);
    if (!bytes) {
        wire_lost_ = wire_lost_ || connection.is_wire;
        stopping_ = stopping_ || wire_lost_;
        connection.descriptor.close();
        return;
    }
    connection.framing->feed(*bytes, now);
}

void Simulator::receive_control(ControlClient& client, SteadyTime now) {
    const auto bytes = read_some(client.descriptor);
    if (!bytes) {
        client.descriptor.close();
        return;
    }
    client.input.append(bytes->begin(), bytes->end());
    for (std::size_t end = client.input.find('\n'); end != std::string::npos; end = client.input.find('\n')) {
        const std::string answer = control_.answer(client.input.substr(0, end), now) + "\n";
        client.input.erase(0, end + 1);
        if (!write_all(client.descriptor, answer.data(), answer.size())) {
            client.descriptor.close();
            return;
        }
    }
    if (client.input.size() > longest_control_line) {
        client.descriptor.close();
    }
    stopping_ = stopping_ || control_.quit();
}

void Simulator::receive_datagram(SteadyTime now) {
    DatagramAddress from;
    const Bytes bytes = receive_from(datagrams_, from);
    Peer* peer = bytes.empty() ? nullptr : peer_at(from);
    if (peer != nullptr) {
        peer->framing->feed(bytes, now);
    }
}

/// Null: there are too many already.
Simulator::Peer* Simulator::peer_at(const DatagramAddress& address) {
    const auto known =
        std::find_if(peers_.begin(), peers_.end(), [&](const Peer& peer) { return peer.address == address; });
    if (known != peers_.end()) {
        return &*known;
    }
    if (peers_.size() == most_clients) {
        return nullptr;
    }
    peers_.push_back({next_id_++, address, make_framing_()});
    return &peers_.back();
}

void Simulator::send(const Line::Outgoing& outgoing) {
    const auto meant = [&](Line::ConnectionId id) {
        return !outgoing.connection || *outgoing.connection == id;
    };
    for (const Connection& connection : connections_) {
        if (meant(connection.id) && connection.descriptor.open()) {
            write_all(connection.descriptor, outgoing.bytes.data(), outgoing.bytes.size());
        }
    }
    for (const Peer& peer : peers_) {
        if (meant(peer.id)) {
            send_to(datagrams_, with_port(peer.address, reply_port_), outgoing.bytes);
        }
    }
}

void Simulator::send_due(SteadyTime now) {
    for (const Line::Outgoing& outgoing : line_.take_due(now)) {
        send(outgoing);
    }
}

void Simulator::drop_closed() {
    for (Connection& connection : connections_) {
        if (connection.framing->broken()) {
            connection.descriptor.close();
        }
    }
    connections_.remove_if([](const Connection& connection) { return !connection.descriptor.open(); });
    control_clients_.remove_if([](const ControlClient& client) { return !client.descriptor.open(); });
}

}  // namespace busbar::sim
