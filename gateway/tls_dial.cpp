// SPDX-License-Identifier: Apache-2.0
// Read from top to bottom: find, connect, shake hands; a failure at any step tries the next address or
// reports.
#include "gateway/tls_dial.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <sstream>
#include <utility>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t most_addresses = 4;

/// Another address of the same host could do better.
bool is_worth_another_address(LinkCause cause) {
    return cause == LinkCause::refused || cause == LinkCause::unreachable || cause == LinkCause::timeout ||
           cause == LinkCause::closed;
}

}  // namespace

TlsDial::TlsDial(asio::io_context& loop, Path path, const TlsClient& tls, std::string host, int port,
                 DialLimits limits)
    : path_(std::move(path)),
      tls_(tls),
      host_(std::move(host)),
      port_(port),
      limits_(std::move(limits)),
      deadline_(loop),
      socket_(loop) {}

void TlsDial::start(Handler handler) {
    handler_ = std::move(handler);
    const int stage = begin_stage(limits_.name, [this] {
        fail({LinkCause::dns,
              fmt::format("no answer about the name {} within {} s", host_, limits_.name / 1s)});
    });
    path_.lookup->find(host_, port_, weak_from_this(), [this, stage](const Result<HostLookup::Found>& found) {
        if (is_now(stage)) this->found(found);
    });
}

void TlsDial::cancel() {
    handler_ = nullptr;
    deadline_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (stream_) stream_->close();
}

void TlsDial::found(const Result<HostLookup::Found>& found) {
    if (!found) return fail({LinkCause::dns, fmt::format("{}: {}", host_, found.error().detail)});
    outcome_.stale_address = found->stale;
    addresses_ = found->endpoints;
    if (addresses_.size() > most_addresses) addresses_.resize(most_addresses);
    connect_next();
}

void TlsDial::connect_next() {
    if (tried_ == addresses_.size()) return report();
    const auto& address = addresses_[tried_++];
    outcome_.step = DialStep::tcp;
    const int stage = begin_stage(limits_.connect / static_cast<int>(addresses_.size()), [this] {
        address_failed({LinkCause::timeout, place() + ": no answer to the connection request"});
    });
    stream_.reset();
    socket_ = tcp::socket(socket_.get_executor());
    error_code error;
    socket_.open(address.protocol(), error);
    if (!error) error = prepare(socket_, path_);
    connect_began_ = steady_now();
    auto then = [self = shared_from_this(), stage](const error_code& outcome) {
        if (self->is_now(stage)) self->connected(outcome);
    };
    if (error) return asio::post(socket_.get_executor(), [then = std::move(then), error] { then(error); });
    socket_.async_connect(address, std::move(then));
}

void TlsDial::connected(const error_code& error) {
    if (error) {
        address_failed({cause_of_socket(error), fmt::format("{}: {}", place(), error.message())});
        return;
    }
    if (tried_ > 1) path_.lookup->prefer(host_, port_, addresses_[tried_ - 1]);
    outcome_.connected_after = std::chrono::duration_cast<milliseconds>(steady_now() - connect_began_);
    if (limits_.depth == DialStep::tcp) {
        outcome_.failure.reset();
        return report();
    }
    outcome_.step = DialStep::tls;
    const int stage = begin_stage(limits_.handshake, [this] {
        address_failed(
            {LinkCause::timeout, fmt::format("{}: connected, but no answer to the TLS handshake within {} s",
                                             place(), limits_.handshake / 1s)});
    });
    const LinkIdentity nobody;
    stream_ = std::make_shared<TlsStream>(
        std::move(socket_),
        tls_.connection_to(host_, limits_.dates_matter, limits_.who ? *limits_.who : nobody));
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
    outcome_.failure.reset();
    outcome_.stream = std::move(*std::exchange(stream_, nullptr));
    report();
}

LinkFailure TlsDial::tls_failure(const error_code& error) const {
    const long verdict = SSL_get_verify_result(&stream_->ssl());
    if (verdict != X509_V_OK) {
        return {cause_of_certificate(verdict),
                fmt::format("{}: {}", place(), X509_verify_cert_error_string(verdict)), 0,
                flaw_of_certificate(verdict)};
    }
    const bool from_openssl = error.category() == asio::error::get_ssl_category();
    const auto code = static_cast<unsigned long>(error.value());
    const auto cause = from_openssl ? cause_of_tls(code) : cause_of_socket(error);
    LinkFailure failure{cause, fmt::format("{}: TLS handshake: {}", place(), error.message())};
    if (from_openssl) failure.flaw = flaw_of_tls(code);
    return failure;
}

void TlsDial::address_failed(LinkFailure failure) {
    const bool go_on = is_worth_another_address(failure.cause);
    auto& kept = outcome_.failure;
    if (!kept || outcome_.step > failed_at_ || kept->cause == LinkCause::unreachable) {
        kept = std::move(failure);
        failed_at_ = outcome_.step;
    }
    if (stream_) stream_->close();
    if (go_on) return connect_next();
    report();
}

void TlsDial::fail(LinkFailure failure) {
    failed_at_ = outcome_.step;
    outcome_.failure = std::move(failure);
    report();
}

void TlsDial::report() {
    const auto handler = std::exchange(handler_, nullptr);
    if (outcome_.failure) outcome_.step = failed_at_;
    cancel();
    handler(std::move(outcome_));
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
