// SPDX-License-Identifier: Apache-2.0
// Read from top to bottom: find, connect, shake hands; a failure at any step tries the next address or
// reports.
#include "gateway/tls_dial.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <sstream>
#include <utility>

#include "gateway/wall_clock.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr seconds stage_limit{10};
constexpr std::size_t most_addresses = 4;

struct Option {
    int level;
    int name;
    int value;
};
/// Pings find a dead peer (10 s); keep-alive and the limit on unacknowledged data (ms) are the backstop.
constexpr std::array<Option, 6> options{{
    {IPPROTO_TCP, TCP_NODELAY, 1},
    {SOL_SOCKET, SO_KEEPALIVE, 1},
    {IPPROTO_TCP, TCP_KEEPIDLE, 30},
    {IPPROTO_TCP, TCP_KEEPINTVL, 5},
    {IPPROTO_TCP, TCP_KEEPCNT, 3},
    {IPPROTO_TCP, TCP_USER_TIMEOUT, 20'000},
}};

void tune(tcp::socket& socket) {
    for (const Option& option : options) {
        setsockopt(socket.native_handle(), option.level, option.name, &option.value, sizeof option.value);
    }
}

/// Another address of the same host could do better.
bool is_worth_another_address(LinkCause cause) {
    return cause == LinkCause::refused || cause == LinkCause::unreachable || cause == LinkCause::timeout ||
           cause == LinkCause::closed;
}

}  // namespace

TlsDial::TlsDial(asio::io_context& loop, HostLookup& lookup, const TlsClient& tls, std::string host, int port)
    : lookup_(lookup), tls_(tls), host_(std::move(host)), port_(port), deadline_(loop), socket_(loop) {}

void TlsDial::start(Handler handler) {
    handler_ = std::move(handler);
    const int stage = begin_stage(stage_limit, [this] {
        report(LinkFailure{LinkCause::dns, fmt::format("no answer about the name {} within 10 s", host_)});
    });
    lookup_.find(host_, port_, weak_from_this(),
                 [this, stage](const Result<HostLookup::Endpoints>& endpoints) {
                     if (is_now(stage)) found(endpoints);
                 });
}

void TlsDial::cancel() {
    handler_ = nullptr;
    deadline_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (stream_) stream_->close();
}

void TlsDial::found(const Result<HostLookup::Endpoints>& endpoints) {
    if (!endpoints) {
        report(LinkFailure{LinkCause::dns, fmt::format("{}: {}", host_, endpoints.error().detail)});
        return;
    }
    addresses_ = *endpoints;
    if (addresses_.size() > most_addresses) addresses_.resize(most_addresses);
    connect_next();
}

void TlsDial::connect_next() {
    if (tried_ == addresses_.size()) {
        report(std::move(failure_));
        return;
    }
    const auto& address = addresses_[tried_++];
    const int stage =
        begin_stage(SteadyTime::duration(stage_limit) / static_cast<int>(addresses_.size()), [this] {
            address_failed({LinkCause::timeout, place() + ": no answer to the connection request"});
        });
    stream_.reset();
    socket_ = tcp::socket(socket_.get_executor());
    error_code no_socket;
    socket_.open(address.protocol(), no_socket);
    if (!no_socket) tune(socket_);
    // Without a socket the connect reports the error, on the usual path.
    socket_.async_connect(address, [self = shared_from_this(), stage](const error_code& error) {
        if (self->is_now(stage)) self->connected(error);
    });
}

void TlsDial::connected(const error_code& error) {
    if (error) {
        address_failed({cause_of_socket(error), fmt::format("{}: {}", place(), error.message())});
        return;
    }
    const int stage = begin_stage(stage_limit, [this] {
        address_failed(
            {LinkCause::timeout, place() + ": connected, but no answer to the TLS handshake within 10 s"});
    });
    stream_ = std::make_shared<TlsStream>(std::move(socket_), tls_.connection_to(host_, verification_time()));
    stream_->async_handshake(
        [self = shared_from_this(), kept = stream_, stage](const error_code& outcome, std::size_t) {
            if (self->is_now(stage)) self->shaken(outcome);
        });
}

void TlsDial::shaken(const error_code& error) {
    if (error) {
        address_failed(tls_failure(error));
        return;
    }
    const auto stream = std::exchange(stream_, nullptr);
    report(std::nullopt, std::move(*stream));
}

LinkFailure TlsDial::tls_failure(const error_code& error) const {
    const long verdict = SSL_get_verify_result(&stream_->ssl());
    if (verdict != X509_V_OK) {
        return {cause_of_certificate(verdict),
                fmt::format("{}: {}", place(), X509_verify_cert_error_string(verdict))};
    }
    const bool from_openssl = error.category() == asio::error::get_ssl_category();
    const auto cause =
        from_openssl ? cause_of_tls(static_cast<unsigned long>(error.value())) : cause_of_socket(error);
    return {cause, fmt::format("{}: TLS handshake: {}", place(), error.message())};
}

void TlsDial::address_failed(LinkFailure failure) {
    const bool go_on = is_worth_another_address(failure.cause);
    const bool got_further = stream_ != nullptr;
    if (!failure_ || got_further || failure_->cause == LinkCause::unreachable) failure_ = std::move(failure);
    if (stream_) stream_->close();
    if (go_on) {
        connect_next();
    } else {
        report(std::move(failure_));
    }
}

void TlsDial::report(std::optional<LinkFailure> failure, std::optional<TlsStream> stream) {
    const auto handler = std::exchange(handler_, nullptr);
    cancel();
    handler(std::move(failure), std::move(stream));
}

int TlsDial::begin_stage(SteadyTime::duration limit, std::function<void()> expired) {
    const int stage = ++stage_;
    deadline_.expires_after(limit);
    deadline_.async_wait(
        [self = shared_from_this(), stage, expired = std::move(expired)](const error_code& cancelled) {
            if (!cancelled && self->is_now(stage)) expired();
        });
    return stage;
}

std::string TlsDial::place() const {
    std::ostringstream text;
    text << host_ << " (" << addresses_[tried_ - 1] << ')';
    return text.str();
}

}  // namespace busbar::gateway
