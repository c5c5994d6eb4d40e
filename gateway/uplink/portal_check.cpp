// SPDX-License-Identifier: Apache-2.0
// Read from top to bottom: find, connect, ask, read the head.
#include "gateway/uplink/portal_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <utility>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;

constexpr int http_port = 80;
constexpr std::size_t largest_head = 4096;
constexpr std::size_t longest_portal = 200;

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// "login.example" of "http://login.example:8080/path".
std::string_view host_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of(":/?#"));
}

}  // namespace

std::string redirect_of(std::string_view head, std::string_view host) {
    const bool is_redirect = head.starts_with("HTTP/1.") && head.substr(8).starts_with(" 3");
    while (is_redirect && !head.empty()) {
        const auto end = std::min(head.find('\n'), head.size() - 1);
        const auto line = head.substr(0, end);
        head.remove_prefix(end + 1);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !same_letters(line.substr(0, colon), "location")) continue;
        const auto url = trimmed(line.substr(colon + 1));
        const auto target = host_of(url);
        if (target.empty() || same_letters(target, host)) return {};
        return std::string(url.substr(0, longest_portal));
    }
    return {};
}

PortalCheck::PortalCheck(asio::io_context& loop, Path path, std::string host)
    : path_(std::move(path)), host_(std::move(host)), socket_(loop), deadline_(loop) {}

void PortalCheck::start(milliseconds limit, Handler handler) {
    handler_ = std::move(handler);
    deadline_.expires_after(limit);
    deadline_.async_wait([self = shared_from_this()](const error_code& cancelled) {
        if (!cancelled) self->report({});
    });
    path_.lookup->find(host_, http_port, weak_from_this(), [this](const Result<HostLookup::Found>& found) {
        if (!handler_) return;
        found ? connect(found->endpoints) : report({});
    });
}

void PortalCheck::cancel() {
    handler_ = nullptr;
    deadline_.cancel();
    error_code ignored;
    socket_.close(ignored);
}

void PortalCheck::connect(const Endpoints& endpoints) {
    error_code error;
    socket_.open(endpoints.front().protocol(), error);
    if (!error) error = prepare(socket_, path_);
    if (error) return report({});
    socket_.async_connect(endpoints.front(), [self = shared_from_this()](const error_code& failed) {
        failed ? self->report({}) : self->ask();
    });
}

void PortalCheck::ask() {
    if (!handler_) return;
    request_ = fmt::format("GET / HTTP/1.1\r\nHost: {}\r\nUser-Agent: busbar/" BUSBAR_VERSION
                           "\r\nConnection: close\r\n\r\n",
                           host_);
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](const error_code& failed, std::size_t) {
                          failed ? self->report({}) : self->read();
                      });
}

void PortalCheck::read() {
    if (!handler_) return;
    const auto before = head_.size();
    head_.resize(largest_head);
    socket_.async_read_some(asio::buffer(head_) + before,
                            [self = shared_from_this(), before](const error_code& failed, std::size_t more) {
                                self->head_.resize(before + more);
                                const bool is_whole = self->head_.find("\r\n\r\n") != std::string::npos;
                                if (!failed && !is_whole && self->head_.size() < largest_head)
                                    return self->read();
                                self->report(redirect_of(self->head_, self->host_));
                            });
}

void PortalCheck::report(std::string portal) {
    const auto handler = std::exchange(handler_, nullptr);
    if (!handler) return;
    cancel();
    handler(std::move(portal));
}

}  // namespace busbar::gateway
