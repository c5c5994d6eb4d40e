// SPDX-License-Identifier: Apache-2.0
// getaddrinfo_a, waited for in slices.
#include "adapters/name_lookup.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <utility>

namespace busbar::adapters {

/// Heap memory that glibc's resolver thread writes to until the request is done.
struct NameLookup::Request {
    std::string host;
    std::string port;
    addrinfo hints{};
    gaicb block{};

    Request(std::string host_name, std::string port_number, int socket_type)
        : host(std::move(host_name)), port(std::move(port_number)) {
        hints.ai_socktype = socket_type;
        block.ar_name = host.c_str();
        block.ar_service = port.c_str();
        block.ar_request = &hints;
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;
    ~Request() {
        if (block.ar_result) ::freeaddrinfo(block.ar_result);
    }
};

NameLookup::NameLookup(std::string host, int port, int socket_type)
    : host_(std::move(host)), port_(std::to_string(port)), socket_type_(socket_type) {}

NameLookup::~NameLookup() {
    if (!request_ || ::gai_cancel(&request_->block) != EAI_NOTCANCELED) return;
    // The resolver still writes to it: better one lost block at the stop than a write into freed memory.
    [[maybe_unused]] const auto* left_to_the_resolver = request_.release();
}

void NameLookup::forget() {
    request_.reset();
}

Result<const addrinfo*> NameLookup::addresses(const Interrupt& interrupt, SteadyTime deadline) {
    if (!request_) {
        request_ = std::make_unique<Request>(host_, port_, socket_type_);
        std::array<gaicb*, 1> list{&request_->block};
        if (::getaddrinfo_a(GAI_NOWAIT, list.data(), 1, nullptr) != 0) {
            request_.reset();
            return Error{Errc::io, fmt::format("{}: the name lookup could not be started", host_)};
        }
    }
    const std::array<const gaicb*, 1> list{&request_->block};
    while (::gai_error(&request_->block) == EAI_INPROGRESS) {
        if (interrupt.wait(-1, 0, steady_now()) == Interrupt::Woken::interrupted) return stopped();
        if (steady_now() >= deadline)
            return Error{Errc::unreachable, fmt::format("{}: the name lookup takes long", host_)};
        const timespec slice{0, 50'000'000};
        ::gai_suspend(list.data(), 1, &slice);
    }
    if (const int error = ::gai_error(&request_->block); error != 0) {
        request_.reset();
        return Error{Errc::unreachable, fmt::format("{}: {}; an address instead of a name always works",
                                                    host_, ::gai_strerror(error))};
    }
    return request_->block.ar_result;
}

}  // namespace busbar::adapters
