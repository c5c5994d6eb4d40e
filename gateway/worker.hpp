// SPDX-License-Identifier: Apache-2.0
// The one hand-over between threads: a thread with its own io_context, to which work is posted.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace busbar::gateway {

/// Work posted here runs in order on the worker's thread. A result goes back with asio::post to the executor
/// of the loop that wants it; what it captures must then be safe to touch there. Signals are left to the main
/// thread.
class Worker {
  public:
    /// `name` shows in top and gdb; 15 characters at most.
    explicit Worker(const std::string& name);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();  ///< stop()

    /// Any thread. `work` must not throw. After stop() it is dropped.
    void post(std::function<void()> work);

    /// For timers that belong to the worker's thread.
    boost::asio::io_context& context();

    /// Not from the worker's thread. Lets the work under way finish, drops what is queued, joins.
    void stop();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// A value that several threads may use, one at a time and for moments only.
template <class T>
class Guarded {
  public:
    template <class Use>
    auto with(Use use) {
        const std::lock_guard lock(mutex_);
        return use(value_);
    }

  private:
    std::mutex mutex_;
    T value_{};
};

}  // namespace busbar::gateway
