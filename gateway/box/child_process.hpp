// SPDX-License-Identifier: Apache-2.0
// A program that runs beside the gateway: no shell, no environment, no input, and never longer than us.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::gateway {

/// Loop thread only. Its destruction ends the program (SIGTERM to its group, SIGKILL 5 s later), and so does
/// the end of this process, however it comes: setpriv(1) has the kernel see to that. timeout(1) ends it at
/// its time even while this process hangs.
class ChildProcess {
  public:
    /// `arguments` begins with the program's path. `ended` is called once with its exit status (-1: a
    /// signal), later, unless this is destroyed before.
    static Result<std::unique_ptr<ChildProcess>> start(boost::asio::io_context& loop,
                                                       const std::vector<std::string>& arguments,
                                                       seconds at_most, std::function<void(int)> ended);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

  private:
    struct Watch;
    explicit ChildProcess(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
    std::shared_ptr<Watch> watch_;
};

}  // namespace busbar::gateway
