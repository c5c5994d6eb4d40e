// SPDX-License-Identifier: Apache-2.0
// A dump of links, then one of addresses, then what the kernel tells; a dump again when it told more than we
// read, and now and then in case it did not tell.
#include "gateway/uplink/link_watch.hpp"

#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr seconds between_dumps{30};
/// A message of the kernel is at most this long (netlink(7): 8 kB; dumps use up to 32).
constexpr std::size_t largest_message = 32 * 1024;

int open_socket() {
    const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0) return fd;
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

}  // namespace

class LinkWatch::Impl : public std::enable_shared_from_this<LinkWatch::Impl> {
  public:
    Impl(asio::io_context& loop, int fd, std::function<void(const InterfacesFacts&)> changed)
        : socket_(loop, fd), timer_(loop), changed_(std::move(changed)) {}

    void start() {
        dump();
        read();  // the kernel has answered a dump when send() returns
        facts_ = table_.facts();
        wait();
        dump_later();
    }
    void stop() {
        changed_ = nullptr;
        socket_.close();
        timer_.cancel();
    }
    [[nodiscard]] const InterfacesFacts& facts() const { return facts_; }

  private:
    /// The kernel runs one dump a socket at a time.
    void dump() {
        again_ = asked_ != 0;
        if (again_) return;
        fresh_ = {};
        ask(RTM_GETLINK);
    }

    void ask(std::uint16_t type) {
        struct {
            nlmsghdr header;
            rtgenmsg body;
        } request{};
        request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
        request.header.nlmsg_type = type;
        request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        request.header.nlmsg_seq = ++sequence_;
        request.body.rtgen_family = AF_UNSPEC;
        asked_ = type;
        // What cannot be asked now is asked with the next dump.
        static_cast<void>(send(socket_.native_handle(), &request, request.header.nlmsg_len, 0));
    }

    void wait() {
        socket_.async_wait(asio::posix::descriptor_base::wait_read,
                           [self = shared_from_this()](const error_code& error) {
                               if (error || !self->changed_) return;
                               self->read();
                               self->publish();
                               if (self->changed_) self->wait();
                           });
    }

    void dump_later() {
        timer_.expires_after(between_dumps);
        timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
            if (cancelled || !self->changed_) return;
            self->asked_ = 0;
            self->dump();
            self->dump_later();
        });
    }

    void read() {
        for (;;) {
            const auto size = recv(socket_.native_handle(), buffer_.data(), buffer_.size(), MSG_TRUNC);
            if (size < 0 && errno == ENOBUFS) {  // more was told than we read
                dump();
            } else if (size <= 0) {
                return;
            } else if (static_cast<std::size_t>(size) <= buffer_.size()) {
                take(static_cast<std::size_t>(size));
            }
        }
    }

    void take(std::size_t size) {
        std::size_t at = 0;
        while (at + sizeof(nlmsghdr) <= size) {
            const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data() + at);
            if (message->nlmsg_len < sizeof(nlmsghdr) || at + message->nlmsg_len > size) return;
            take(*message);
            at += NLMSG_ALIGN(message->nlmsg_len);
        }
    }

    void take(const nlmsghdr& message) {
        const bool of_dump = message.nlmsg_seq == sequence_ && asked_ != 0;
        if (of_dump && (message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) again_ = true;
        if (of_dump && message.nlmsg_type == NLMSG_DONE) return dumped();
        // News during a dump may be older or newer than it: both tables hear them.
        if (!of_dump) table_.apply(message);
        fresh_.apply(message);
    }

    void dumped() {
        if (asked_ == RTM_GETLINK && !again_) return ask(RTM_GETADDR);
        asked_ = 0;
        if (again_) return dump();
        table_ = std::exchange(fresh_, {});
    }

    void publish() {
        auto facts = table_.facts();
        if (facts == facts_) return;
        facts_ = std::move(facts);
        changed_(facts_);
    }

    asio::posix::stream_descriptor socket_;
    asio::steady_timer timer_;
    std::function<void(const InterfacesFacts&)> changed_;  ///< empty: stopped
    alignas(nlmsghdr) std::array<char, largest_message> buffer_{};
    std::uint32_t sequence_ = 0;
    std::uint16_t asked_ = 0;  ///< the dump under way; 0: none
    bool again_ = false;       ///< it was spoilt
    LinkTable table_;
    LinkTable fresh_;  ///< grows while a dump is under way
    InterfacesFacts facts_;
};

Result<std::unique_ptr<LinkWatch>> LinkWatch::open(asio::io_context& loop,
                                                   std::function<void(const InterfacesFacts&)> changed) {
    const int fd = open_socket();
    if (fd < 0) {
        return Error{Errc::io,
                     std::string("interfaces cannot be watched (rtnetlink): ") + std::strerror(errno)};
    }
    auto impl = std::make_shared<Impl>(loop, fd, std::move(changed));
    impl->start();
    return std::unique_ptr<LinkWatch>(new LinkWatch(std::move(impl)));
}

LinkWatch::LinkWatch(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

LinkWatch::~LinkWatch() {
    impl_->stop();
}

const InterfacesFacts& LinkWatch::facts() const {
    return impl_->facts();
}

}  // namespace busbar::gateway
