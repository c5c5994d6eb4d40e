// SPDX-License-Identifier: Apache-2.0
// The resolver of the C library, which follows the system's routing and configuration.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <set>

#include "gateway/resolver.hpp"

namespace busbar::gateway {

/// getaddrinfo_a asks on a thread of the C library's own, which the end of the process does not wait for, as
/// it would for Asio's resolver and its thread. The loop looks at each question until it is answered;
/// questions that nobody answers keep nothing else busy.
class SystemResolver final : public Resolver {
  public:
    explicit SystemResolver(boost::asio::io_context& loop) : loop_(loop) {}
    ~SystemResolver() override;

    void ask(const std::string& host, int port, Handler handler) override;

  private:
    class Question;

    boost::asio::io_context& loop_;
    std::set<std::shared_ptr<Question>> questions_;
};

}  // namespace busbar::gateway
