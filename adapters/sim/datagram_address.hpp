// SPDX-License-Identifier: Apache-2.0
// Who sent a datagram, and how to answer.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "adapters/sim/bytes.hpp"
#include "adapters/sim/descriptor.hpp"

namespace busbar::sim {

struct DatagramAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    friend bool operator==(const DatagramAddress& a, const DatagramAddress& b);
};

/// The same host at another port; 0: as it is.
DatagramAddress with_port(DatagramAddress address, int port);

/// Empty: there was none.
Bytes receive_from(const Descriptor& socket, DatagramAddress& from);

/// What cannot be sent is lost, as datagrams are.
void send_to(const Descriptor& socket, const DatagramAddress& to, const Bytes& bytes);

}  // namespace busbar::sim
