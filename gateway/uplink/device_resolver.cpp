// SPDX-License-Identifier: Apache-2.0
// c-ares owns its sockets and says which of them to watch; the loop watches them and a timer drives retries.
#include "gateway/uplink/device_resolver.hpp"

#include <ares.h>
#include <fmt/format.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <map>
#include <utility>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// c-ares doubles the wait at each of the tries: 1 + 2 + 4 s.
constexpr int first_wait_ms = 1000;
constexpr int tries = 3;
constexpr milliseconds retry_check{100};

Endpoints endpoints_of(const ares_addrinfo& found) {
    Endpoints endpoints;
    for (const ares_addrinfo_node* node = found.nodes; node != nullptr; node = node->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        endpoint.resize(static_cast<std::size_t>(node->ai_addrlen));
        std::memcpy(endpoint.data(), node->ai_addr, static_cast<std::size_t>(node->ai_addrlen));
        endpoints.push_back(endpoint);
    }
    return endpoints;
}

}  // namespace

class DeviceResolver::Channel : public std::enable_shared_from_this<Channel> {
  public:
    explicit Channel(asio::io_context& loop) : loop_(loop), timer_(loop) {}
    ~Channel() {
        if (channel_ != nullptr) ares_destroy(channel_);
    }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Without servers only the files of the system are asked.
    bool open(const std::string& device, const std::string& servers) {
        ares_options options{};
        std::string files_first = servers.empty() ? "f" : "fb";
        options.lookups = files_first.data();
        options.timeout = first_wait_ms;
        options.tries = tries;
        options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
            static_cast<Channel*>(self)->watch(socket, readable != 0, writable != 0);
        };
        options.sock_state_cb_data = this;
        const int given = ARES_OPT_LOOKUPS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
        if (ares_init_options(&channel_, &options, given) != ARES_SUCCESS) return false;
        ares_set_local_dev(channel_, device.c_str());
        return servers.empty() || ares_set_servers_ports_csv(channel_, servers.c_str()) == ARES_SUCCESS;
    }

    /// Answers all open questions with an error.
    void cancel() { ares_cancel(channel_); }

    /// Stays alive until the question is answered, whoever else lets go of it.
    void ask(const std::string& host, int port, Handler handler) {
        const auto self = shared_from_this();
        ares_addrinfo_hints hints{};
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        auto* question = new Question{self, std::move(handler)};
        ++pending_;
        ares_getaddrinfo(channel_, host.c_str(), std::to_string(port).c_str(), &hints, &answered, question);
        arm();
    }

  private:
    struct Question {
        std::shared_ptr<Channel> channel;
        Handler handler;
    };

    /// May come from within ares_getaddrinfo().
    static void answered(void* argument, int status, int /*timeouts*/, ares_addrinfo* found) {
        const std::unique_ptr<Question> question(static_cast<Question*>(argument));
        const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> kept(found, &ares_freeaddrinfo);
        Channel& self = *question->channel;
        --self.pending_;
        Result<Endpoints> result = Error{Errc::unreachable, ares_strerror(status)};
        if (status == ARES_SUCCESS) result = endpoints_of(*found);
        if (result && result->empty()) result = Error{Errc::unreachable, "the name has no address"};
        asio::post(self.loop_, [handler = std::move(question->handler), result] { handler(result); });
    }

    struct Socket {
        explicit Socket(asio::io_context& loop, int fd) : descriptor(loop, fd) {}
        ~Socket() { descriptor.release(); }  // c-ares closes it
        Socket(const Socket&) = delete;
        Socket& operator=(const Socket&) = delete;
        asio::posix::stream_descriptor descriptor;
        bool readable = false;
        bool writable = false;
    };

    void watch(int fd, bool readable, bool writable) {
        if (!readable && !writable) {
            sockets_.erase(fd);
            return;
        }
        auto& socket = sockets_[fd];
        if (!socket) socket = std::make_shared<Socket>(loop_, fd);
        if (readable && !std::exchange(socket->readable, true)) wait(socket, fd, false);
        if (writable && !std::exchange(socket->writable, true)) wait(socket, fd, true);
    }

    void wait(const std::shared_ptr<Socket>& socket, int fd, bool for_writing) {
        const auto kind =
            for_writing ? asio::posix::descriptor_base::wait_write : asio::posix::descriptor_base::wait_read;
        socket->descriptor.async_wait(kind, [self = weak_from_this(), kept = std::weak_ptr(socket), fd,
                                             for_writing](const error_code& error) {
            const auto channel = self.lock();
            if (error || !channel) return;
            ares_process_fd(channel->channel_, for_writing ? ARES_SOCKET_BAD : fd,
                            for_writing ? fd : ARES_SOCKET_BAD);
            const auto alive = kept.lock();
            if (!alive) return;
            channel->wait(alive, fd, for_writing);
        });
    }

    void arm() {
        if (pending_ == 0 || std::exchange(armed_, true)) return;
        timer_.expires_after(retry_check);
        timer_.async_wait([self = weak_from_this()](const error_code& cancelled) {
            const auto channel = self.lock();
            if (cancelled || !channel) return;
            channel->armed_ = false;
            ares_process_fd(channel->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
            channel->arm();
        });
    }

    asio::io_context& loop_;
    asio::steady_timer timer_;
    ares_channel channel_ = nullptr;
    std::map<int, std::shared_ptr<Socket>> sockets_;
    std::size_t pending_ = 0;
    bool armed_ = false;
};

DeviceResolver::DeviceResolver(asio::io_context& loop, std::string device)
    : loop_(loop), device_(std::move(device)) {
    static const int initialised = ares_library_init(ARES_LIB_INIT_ALL);
    static_cast<void>(initialised);
    open();
}

DeviceResolver::~DeviceResolver() {
    if (channel_) channel_->cancel();
}

void DeviceResolver::set_servers(const std::vector<std::string>& servers) {
    if (servers == servers_) return;
    servers_ = servers;
    if (const auto channel = std::exchange(channel_, nullptr)) channel->cancel();
    open();
}

void DeviceResolver::open() {
    auto channel = std::make_shared<Channel>(loop_);
    if (channel->open(device_, fmt::format("{}", fmt::join(servers_, ",")))) channel_ = std::move(channel);
}

Error DeviceResolver::nobody_to_ask() const {
    return {Errc::unreachable,
            servers_.empty() ? fmt::format("no name server is known for {}: give the uplink \"dns\"", device_)
                             : fmt::format("the name servers of {} are no addresses: {}", device_,
                                           fmt::join(servers_, ", "))};
}

void DeviceResolver::ask(const std::string& host, int port, Handler asker) {
    const auto handler = [this, asker = std::move(asker),
                          alive = std::weak_ptr(alive_)](Result<Endpoints> found) {
        if (alive.expired()) return;
        asker(found || !servers_.empty() ? std::move(found) : Result<Endpoints>(nobody_to_ask()));
    };
    if (channel_) return channel_->ask(host, port, handler);
    asio::post(loop_, [handler, error = nobody_to_ask()] { handler(error); });
}

}  // namespace busbar::gateway
