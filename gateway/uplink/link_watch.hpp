// SPDX-License-Identifier: Apache-2.0
// Hears from the kernel, within milliseconds and without any privilege, what becomes of interfaces and their
// addresses.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "gateway/base/result.hpp"
#include "gateway/uplink/link_table.hpp"

namespace busbar::gateway {

/// Loop thread only.
class LinkWatch {
  public:
    /// `changed` is called with all interfaces, later, whenever anything of them is another. Error: the
    /// system has no rtnetlink for us.
    static Result<std::unique_ptr<LinkWatch>> open(boost::asio::io_context& loop,
                                                   std::function<void(const InterfacesFacts&)> changed);
    ~LinkWatch();
    LinkWatch(const LinkWatch&) = delete;
    LinkWatch& operator=(const LinkWatch&) = delete;

    /// As they are; known as soon as it is open.
    [[nodiscard]] const InterfacesFacts& facts() const;

  private:
    class Impl;
    explicit LinkWatch(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace busbar::gateway
