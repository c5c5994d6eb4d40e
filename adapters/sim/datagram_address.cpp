// SPDX-License-Identifier: Apache-2.0
// Datagrams in and out.
#include "adapters/sim/datagram_address.hpp"

#include <algorithm>
#include <cstring>

namespace busbar::sim {

namespace {

constexpr std::size_t longest_datagram = 2048;

}  // namespace

bool operator==(const DatagramAddress& a, const DatagramAddress& b) {
    return a.size == b.size && std::memcmp(&a.storage, &b.storage, a.size) == 0;
}

DatagramAddress with_port(DatagramAddress address, int port) {
    if (port == 0) {
        return address;
    }
    // The port has the same place in sockaddr_in and sockaddr_in6.
    sockaddr_in head{};
    std::memcpy(&head, &address.storage, sizeof head);
    head.sin_port = htons(static_cast<std::uint16_t>(port));
    std::memcpy(&address.storage, &head, sizeof head);
    return address;
}

Bytes receive_from(const Descriptor& socket, DatagramAddress& from) {
    Bytes bytes(longest_datagram);
    from = DatagramAddress{};
    from.size = sizeof from.storage;
    const ssize_t count = ::recvfrom(socket.fd(), bytes.data(), bytes.size(), 0,
                                     reinterpret_cast<sockaddr*>(&from.storage), &from.size);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return bytes;
}

void send_to(const Descriptor& socket, const DatagramAddress& to, const Bytes& bytes) {
    ::sendto(socket.fd(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to.storage),
             to.size);
}

}  // namespace busbar::sim
