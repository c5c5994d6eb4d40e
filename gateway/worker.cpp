// SPDX-License-Identifier: Apache-2.0
// std::thread around io_context::run.
#include "gateway/worker.hpp"

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <thread>
#include <utility>

namespace busbar::gateway {
namespace {

/// A new thread inherits the mask of its parent: all signals stay with the main thread.
class SignalsBlocked {
  public:
    SignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

}  // namespace

struct Worker::Impl {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{context.get_executor()};
    std::thread thread;
};

Worker::Worker(const std::string& name) : impl_(std::make_unique<Impl>()) {
    const SignalsBlocked blocked;
    impl_->thread = std::thread([this] { impl_->context.run(); });
    ::pthread_setname_np(impl_->thread.native_handle(), name.substr(0, 15).c_str());
}

Worker::~Worker() {
    stop();
}

void Worker::post(std::function<void()> work) {
    boost::asio::post(impl_->context, std::move(work));
}

boost::asio::io_context& Worker::context() {
    return impl_->context;
}

void Worker::stop() {
    impl_->context.stop();
    if (impl_->thread.joinable()) impl_->thread.join();
}

}  // namespace busbar::gateway
