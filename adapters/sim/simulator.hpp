// SPDX-License-Identifier: Apache-2.0
// The loop: one thread, poll(2), bytes between the ports and the line until told to stop.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "adapters/sim/control.hpp"
#include "adapters/sim/datagram_address.hpp"
#include "adapters/sim/descriptor.hpp"
#include "adapters/sim/line.hpp"

namespace busbar::sim {

class Simulator {
  public:
    using MakeFraming = std::unique_ptr<Framing> (*)();

    /// `signals`: a signalfd; anything on it stops the loop.
    Simulator(Line& line, MakeFraming make_framing, Descriptor signals)
        : line_(line), control_(line), make_framing_(make_framing), signals_(std::move(signals)) {}

    void add_wire(Descriptor wire);  ///< a pty's master or a serial device
    void listen(Descriptor listener) { listener_ = std::move(listener); }  ///< TCP clients
    /// Datagrams on a bound UDP socket. Answers go to `reply_port` of the sender, 0: to where it sent from.
    void add_datagrams(Descriptor socket, int reply_port);
    void listen_control(Descriptor listener) { control_listener_ = std::move(listener); }

    /// Runs until a signal or `quit`. An Error: the serial device is gone.
    Result<void> run();

  private:
    struct Connection {
        Line::ConnectionId id;
        Descriptor descriptor;
        std::unique_ptr<Framing> framing;
        bool is_wire;
    };
    /// Somebody who sent a datagram.
    struct Peer {
        Line::ConnectionId id;
        DatagramAddress address;
        std::unique_ptr<Framing> framing;
    };
    struct ControlClient {
        Descriptor descriptor;
        std::string input;
    };

    void turn();
    [[nodiscard]] int timeout_ms(SteadyTime now) const;
    void accept_connections();
    void accept_control_clients();
    void receive(Connection& connection, SteadyTime now);
    void receive_datagram(SteadyTime now);
    Peer* peer_at(const DatagramAddress& address);
    void send(const Line::Outgoing& outgoing);
    void receive_control(ControlClient& client, SteadyTime now);
    void send_due(SteadyTime now);
    void drop_closed();

    Line& line_;
    Control control_;
    MakeFraming make_framing_;
    Descriptor signals_;
    Descriptor listener_;
    Descriptor control_listener_;
    Descriptor datagrams_;
    int reply_port_ = 0;
    std::list<Connection> connections_;
    std::list<Peer> peers_;
    std::list<ControlClient> control_clients_;
    Line::ConnectionId next_id_ = 1;
    bool stopping_ = false;
    bool wire_lost_ = false;
};

}  // namespace busbar::sim
