// SPDX-License-Identifier: Apache-2.0
#include "gateway/system_resolver.hpp"

#include <netdb.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <utility>

#include "gateway/base/time.hpp"

namespace busbar::gateway {
namespace {

using boost::system::error_code;

/// The first look comes soon, for names in /etc/hosts; then ever later.
constexpr milliseconds first_look{1};
constexpr milliseconds slowest_look{50};

/// Lives on the heap, because the C library writes to it from its thread.
class Query {
  public:
    Query(const std::string& host, int port) : host_(host), service_(std::to_string(port)) {
        hints_.ai_family = AF_UNSPEC;
        hints_.ai_socktype = SOCK_STREAM;
        hints_.ai_flags = AI_ADDRCONFIG;
        request_.ar_name = host_.c_str();
        request_.ar_service = service_.c_str();
        request_.ar_request = &hints_;
        gaicb* list[] = {&request_};
        refusal_ = getaddrinfo_a(GAI_NOWAIT, list, 1, nullptr);
    }
    ~Query() {
        if (request_.ar_result != nullptr) freeaddrinfo(request_.ar_result);
    }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    [[nodiscard]] int state() { return refusal_ != 0 ? refusal_ : gai_error(&request_); }
    /// True: the C library has let go of it.
    [[nodiscard]] bool cancel() { return state() != EAI_INPROGRESS || gai_cancel(&request_) == EAI_CANCELED; }

    /// REQUIRES: state() is 0.
    [[nodiscard]] Endpoints endpoints() const {
        Endpoints found;
        for (const addrinfo* entry = request_.ar_result; entry != nullptr; entry = entry->ai_next) {
            boost::asio::ip::tcp::endpoint endpoint;
            endpoint.resize(entry->ai_addrlen);
            std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
            found.push_back(endpoint);
        }
        return found;
    }

  private:
    std::string host_;
    std::string service_;
    addrinfo hints_{};
    gaicb request_{};
    int refusal_ = 0;
};

}  // namespace

class SystemResolver::Question {
  public:
    Question(boost::asio::io_context& loop, const std::string& host, int port)
        : query_(std::make_unique<Query>(host, port)), timer_(loop) {}
    ~Question() {
        // A query that runs on keeps its memory: the process is about to end.
        if (query_ && !query_->cancel()) static_cast<void>(query_.release());
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

    /// `answered` is called once.
    void look_later(std::function<void(Result<Endpoints>)> answered) {
        timer_.expires_after(next_look_);
        next_look_ = std::min(next_look_ * 2, slowest_look);
        timer_.async_wait([this, answered = std::move(answered)](const error_code& cancelled) mutable {
            if (!cancelled) look(std::move(answered));
        });
    }

  private:
    void look(std::function<void(Result<Endpoints>)> answered) {
        const int state = query_->state();
        if (state == EAI_INPROGRESS) return look_later(std::move(answered));
        if (state != 0) return answered(Error{Errc::unreachable, gai_strerror(state)});
        answered(query_->endpoints());
    }

    std::unique_ptr<Query> query_;
    boost::asio::steady_timer timer_;
    milliseconds next_look_ = first_look;
};

SystemResolver::~SystemResolver() = default;

void SystemResolver::ask(const std::string& host, int port, Handler handler) {
    const auto question = std::make_shared<Question>(loop_, host, port);
    questions_.insert(question);
    question->look_later([this, kept = std::weak_ptr(question), handler = std::move(handler)](auto found) {
        questions_.erase(kept.lock());
        handler(std::move(found));
    });
}

}  // namespace busbar::gateway
