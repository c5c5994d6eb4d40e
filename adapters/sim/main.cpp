// SPDX-License-Identifier: Apache-2.0
// busbar-sim: simulated legacy chargers on a pty, a serial device or TCP, for tests, demos and commissioning.
#include <fmt/format.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "adapters/sim/arguments.hpp"
#include "adapters/sim/ports.hpp"
#include "adapters/sim/simulator.hpp"

namespace {

using namespace busbar;
using namespace busbar::sim;

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

struct Arguments {
    std::string pty;
    std::string serial;
    std::string tcp;
    std::string rtu_over_tcp;
    std::string udp;
    int reply_port = 0;
    bool ascii = false;
    std::string control;
    std::vector<std::string> boxes;
    int speed = 1;
};

int complain(const Error& error) {
    fmt::print(stderr, "busbar-sim: {}\n", error.detail);
    return error.code == Errc::invalid ? exit_usage : exit_failed;
}

Descriptor stop_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return Descriptor(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

/// What the chosen port needs to live as long as the loop.
struct OpenPort {
    Pty pty;
    std::string ready;  ///< kind and address for the ready line
};

Result<OpenPort> open_listener(std::string_view kind, const std::string& where, Simulator& simulator) {
    const auto address = parse_tcp(where);
    if (!address) {
        return address.error();
    }
    auto listener = listen_tcp(*address);
    if (!listener) {
        return listener.error();
    }
    simulator.listen(std::move(listener->socket));
    return OpenPort{{}, fmt::format("{} {}:{}", kind, address->host, listener->port)};
}

Result<OpenPort> open_udp(const Arguments& arguments, Simulator& simulator) {
    const auto address = parse_tcp(arguments.udp);
    if (!address) {
        return address.error();
    }
    auto socket = bind_udp(*address);
    if (!socket) {
        return socket.error();
    }
    simulator.add_datagrams(std::move(socket->socket), arguments.reply_port);
    return OpenPort{{}, fmt::format("udp {}:{}", address->host, socket->port)};
}

Result<OpenPort> open_port(const Arguments& arguments, Simulator& simulator) {
    if (!arguments.pty.empty()) {
        auto pty = open_pty(arguments.pty);
        if (!pty) {
            return pty.error();
        }
        simulator.add_wire(std::move(pty->master));
        std::string ready = fmt::format("pty {} {}", arguments.pty, pty->device);
        return OpenPort{std::move(*pty), std::move(ready)};
    }
    if (!arguments.serial.empty()) {
        const auto settings = parse_serial(arguments.serial);
        if (!settings) {
            return settings.error();
        }
        auto device = open_serial(*settings);
        if (!device) {
            return device.error();
        }
        simulator.add_wire(std::move(*device));
        return OpenPort{{}, "serial " + settings->device};
    }
    if (!arguments.udp.empty()) {
        return open_udp(arguments, simulator);
    }
    return arguments.tcp.empty() ? open_listener("rtu-over-tcp", arguments.rtu_over_tcp, simulator)
                                 : open_listener("tcp", arguments.tcp, simulator);
}

Simulator::MakeFraming framing_on_port(const Protocol& protocol, const Arguments& arguments) {
    if (!arguments.udp.empty()) {
        return protocol.on_udp;
    }
    if (!arguments.tcp.empty()) {
        return protocol.on_tcp;
    }
    return arguments.ascii ? protocol.on_ascii : protocol.on_serial;
}

int simulate(const Arguments& arguments) {
    auto fleet = make_fleet(arguments.boxes, arguments.speed, steady_now());
    if (!fleet) {
        return complain(fleet.error());
    }
    const Protocol& protocol = *fleet->protocol;
    const auto make_framing = framing_on_port(protocol, arguments);
    if (make_framing == nullptr) {
        return complain(
            {Errc::invalid, fmt::format("{} is not spoken on a port of this kind", protocol.name)});
    }
    Line line(std::move(fleet->stations));
    Simulator simulator(line, make_framing, stop_signals());

    const auto port = open_port(arguments, simulator);
    if (!port) {
        return complain(port.error());
    }
    ControlListener control;
    if (!arguments.control.empty()) {
        auto listener = listen_control(arguments.control);
        if (!listener) {
            return complain(listener.error());
        }
        control = std::move(*listener);
        simulator.listen_control(std::move(control.socket));
    }

    fmt::print("ready {}\n", port->ready);
    std::fflush(stdout);
    const auto ended = simulator.run();
    return ended ? 0 : complain(ended.error());
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Simulates legacy EV chargers. Models:\n" + models_help());
    auto* where = app.add_option_group("port", "where the boxes are; exactly one");
    where->add_option("--pty", arguments.pty, "make a pty, and this link to it")->type_name("LINK");
    where->add_option("--serial", arguments.serial, "use a tty, 19200 E unless said")
        ->type_name("DEV[,BAUD[,N|E|O]]");
    where->add_option("--tcp", arguments.tcp, "listen for Modbus TCP; port 0 picks one")
        ->type_name("HOST:PORT");
    where->add_option("--rtu-over-tcp", arguments.rtu_over_tcp, "listen for serial frames on TCP")
        ->type_name("HOST:PORT");
    where->add_option("--udp", arguments.udp, "answer datagrams; port 0 picks one")->type_name("HOST:PORT");
    where->require_option(1);
    app.add_option("--reply-port", arguments.reply_port,
                   "with --udp: answer to this port of who asks, not to the port it asks from")
        ->check(CLI::Range(1, 65'535));
    app.add_flag("--ascii", arguments.ascii, "serial frames are Modbus ASCII instead of RTU");
    app.add_option("--box", arguments.boxes, "a box on the line; may be repeated")
        ->type_name("MODEL:UNIT[,key=value...]")
        ->required()
        ->take_all();
    app.add_option("--control", arguments.control, "make a control socket here")->type_name("PATH");
    app.add_option("--speed", arguments.speed, "batteries and meters run so many times faster")
        ->check(CLI::Range(1, 100'000));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    return simulate(arguments);
}

}  // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& error) {
    std::fputs("busbar-sim: ", stderr);
    std::fputs(error.what(), stderr);
    std::fputs("\n", stderr);
    return exit_failed;
}
