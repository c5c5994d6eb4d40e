// SPDX-License-Identifier: Apache-2.0
#include "gateway/transfer/carrier.hpp"
#include "gateway/transfer/curl_library.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace busbar::gateway {
namespace {

/// Between two looks for what was posted; a post wakes it at once.
constexpr int wait_ms = 500;

}  // namespace

struct Carrier::Multi {
    using Tell = std::function<void(Id, const ExchangeEnd&)>;

    explicit Multi(Tell to) : tell(std::move(to)) {}
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;
    ~Multi() {
        for (const auto& [id, one] : running) curl().multi_remove_handle(handle, one->handle());
        running.clear();
        if (handle != nullptr) curl().multi_cleanup(handle);
    }

    /// On the loop, before the first exchange is handed over. Whoever has a location has loaded libcurl.
    void open() {
        if (handle == nullptr) handle = curl().multi_init();
    }
    /// From the loop: what was posted need not wait for a look.
    void wake() const {
        if (handle != nullptr) curl().multi_wakeup(handle);
    }

    void add(Id id, std::unique_ptr<Exchange> exchange) {
        if (const auto prepared = exchange->prepare(); !prepared) return tell(id, {prepared.error()});
        curl().multi_add_handle(handle, exchange->handle());
        running.emplace(id, std::move(exchange));
    }

    void remove(Id id) {
        const auto found = running.find(id);
        if (found == running.end()) return;
        curl().multi_remove_handle(handle, found->second->handle());
        running.erase(found);
    }

    void step() {
        int still = 0;
        curl().multi_perform(handle, &still);
        tell_ends();
        if (!running.empty()) curl().multi_poll(handle, nullptr, 0, wait_ms, nullptr);
    }

    void tell_ends() {
        int rest = 0;
        while (CURLMsg* message = curl().multi_info_read(handle, &rest)) {
            if (message->msg != CURLMSG_DONE) continue;
            for (auto& [id, one] : running) {
                if (one->handle() != message->easy_handle) continue;
                const Id ended = id;
                const auto end = one->end(message->data.result);  // the message is gone with its handle
                remove(ended);
                tell(ended, end);
                break;
            }
        }
    }

    CURLM* handle = nullptr;
    std::map<Id, std::unique_ptr<Exchange>> running{};
    Tell tell;
    bool stepping = false;
};

Carrier::Carrier(boost::asio::any_io_executor loop)
    : loop_(std::move(loop)),
      self_(std::make_shared<Carrier*>(this)),
      multi_(
          std::make_unique<Multi>([loop = loop_, self = std::weak_ptr(self_)](Id id, const ExchangeEnd& end) {
              boost::asio::post(loop, [self, id, end] {
                  if (const auto carrier = self.lock()) (*carrier)->ended(id, end);
              });
          })),
      worker_("transfers") {}

Carrier::~Carrier() {
    self_.reset();
    multi_->wake();
    worker_.stop();
}

void Carrier::ended(Id id, const ExchangeEnd& end) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    const auto done = std::move(found->second);
    waiting_.erase(found);
    done(end);
}

namespace {

/// One step after the other, so that what is posted meanwhile has its turn.
template <class Multi>
void keep_stepping(Multi& multi, Worker& worker) {
    multi.step();
    multi.stepping = !multi.running.empty();
    if (multi.stepping) worker.post([&multi, &worker] { keep_stepping(multi, worker); });
}

}  // namespace

Carrier::Id Carrier::start(ExchangeSpec spec, Done done) {
    const Id id = ++last_;
    multi_->open();
    waiting_.emplace(id, std::move(done));
    const auto exchange =
        std::make_shared<std::unique_ptr<Exchange>>(std::make_unique<Exchange>(std::move(spec)));
    worker_.post([this, id, exchange] {
        multi_->add(id, std::move(*exchange));
        if (!std::exchange(multi_->stepping, true)) keep_stepping(*multi_, worker_);
    });
    multi_->wake();
    return id;
}

void Carrier::cancel(Id id) {
    if (waiting_.erase(id) == 0) return;
    worker_.post([this, id] { multi_->remove(id); });
    multi_->wake();
}

Carrier::Id Carrier::run(std::function<Result<void>()> work, std::function<void(const Result<void>&)> done) {
    const Id id = ++last_;
    waiting_.emplace(id, [done = std::move(done)](const ExchangeEnd& end) { done(end.result); });
    worker_.post([this, id, work = std::move(work)] { multi_->tell(id, {work()}); });
    multi_->wake();
    return id;
}

}  // namespace busbar::gateway
