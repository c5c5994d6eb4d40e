// SPDX-License-Identifier: Apache-2.0
#include "gateway/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <sstream>

namespace busbar::gateway {
namespace {

using boost::system::error_code;

error_code last_openssl_error() {
    const unsigned long error = ERR_get_error();
    if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return boost::asio::error::eof;
    }
    return {static_cast<int>(error), boost::asio::error::get_ssl_category()};
}

/// SSL_ERROR_SYSCALL without errno is a peer that went away.
error_code last_system_error(int saved_errno) {
    if (saved_errno == 0) return boost::asio::error::eof;
    return {saved_errno, boost::system::system_category()};
}

}  // namespace

TlsStream::TlsStream(boost::asio::ip::tcp::socket socket, SslPtr ssl)
    : socket_(std::move(socket)), ssl_(std::move(ssl)) {
    error_code ignored;
    socket_.native_non_blocking(true, ignored);
    SSL_set_fd(ssl_.get(), socket_.native_handle());
    SSL_set_read_ahead(ssl_.get(), 1);  // a record in one read of the socket, not its head and its body
}

TlsStream::Step TlsStream::handshake() {
    return attempt([this](std::size_t&) { return SSL_do_handshake(ssl_.get()); });
}

TlsStream::Step TlsStream::read(boost::asio::mutable_buffer target) {
    if (target.size() == 0) return {};
    return attempt(
        [&](std::size_t& bytes) { return SSL_read_ex(ssl_.get(), target.data(), target.size(), &bytes); });
}

TlsStream::Step TlsStream::write(boost::asio::const_buffer source) {
    if (source.size() == 0) return {};
    return attempt(
        [&](std::size_t& bytes) { return SSL_write_ex(ssl_.get(), source.data(), source.size(), &bytes); });
}

template <class Call>
TlsStream::Step TlsStream::attempt(Call call) {
    // OpenSSL keeps the number of the descriptor, which after a close may be another's.
    if (!socket_.is_open()) return {.error = boost::asio::error::bad_descriptor};
    ERR_clear_error();
    errno = 0;
    Step step;
    const int result = call(step.bytes);
    const int saved_errno = errno;
    if (result == 1) return step;
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {.wants = Step::Wants::readable};
        case SSL_ERROR_WANT_WRITE:
            return {.wants = Step::Wants::writable};
        case SSL_ERROR_ZERO_RETURN:
            return {.error = boost::asio::error::eof};
        case SSL_ERROR_SYSCALL:
            return {.error = last_system_error(saved_errno)};
        default:
            return {.error = last_openssl_error()};
    }
}

void TlsStream::finish() {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    error_code ignored;
    socket_.shutdown(boost::asio::socket_base::shutdown_send, ignored);
}

void TlsStream::close() {
    if (!socket_.is_open()) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    error_code ignored;
    socket_.close(ignored);
}

void TlsStream::abort() {
    error_code ignored;
    socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

std::uint64_t TlsStream::bytes_received() const {
    return BIO_number_read(SSL_get_rbio(ssl_.get()));
}

std::string TlsStream::peer_address() const {
    error_code gone;
    const auto endpoint = socket_.remote_endpoint(gone);
    if (gone) return "";
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

}  // namespace busbar::gateway
