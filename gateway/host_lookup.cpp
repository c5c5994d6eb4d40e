// SPDX-License-Identifier: Apache-2.0
// getaddrinfo_a asks on a thread of the C library's own, which the end of the process does not wait for, as
// it would for Asio's resolver and its thread. The loop looks at the question until it is answered.
#include "gateway/host_lookup.hpp"

#include <netdb.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// How long a fresh answer may hold up a dial that could use the last good one.
constexpr seconds patience{2};
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
    [[nodiscard]] HostLookup::Endpoints endpoints() const {
        HostLookup::Endpoints found;
        for (const addrinfo* entry = request_.ar_result; entry != nullptr; entry = entry->ai_next) {
            tcp::endpoint endpoint;
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

struct HostLookup::Question {
    explicit Question(asio::io_context& loop) : timer(loop) {}
    ~Question() {
        // A query that runs on keeps its memory: the process is about to end.
        if (query && !query->cancel()) static_cast<void>(query.release());
    }
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

    struct Waiting {
        std::weak_ptr<void> asker;
        Handler handler;
    };
    std::vector<Waiting> waiting;
    std::unique_ptr<Query> query;  ///< the resolver is at work
    SteadyTime asked_at;
    milliseconds next_look{0};
    bool looking = false;  ///< the timer runs
    Endpoints last_good;
    asio::steady_timer timer;

    void ask(const std::string& host, int port);
    [[nodiscard]] bool is_late() const { return !last_good.empty() && steady_now() - asked_at >= patience; }
    /// Takes the answer of the query, if it is there. False: the query runs on.
    bool take_answer();
    void tell(const Result<Endpoints>& found);

    std::string problem;  ///< what the last query failed of
};

void HostLookup::Question::ask(const std::string& host, int port) {
    query = std::make_unique<Query>(host, port);
    asked_at = steady_now();
}

bool HostLookup::Question::take_answer() {
    const int state = query->state();
    if (state == EAI_INPROGRESS) return false;
    if (state == 0) last_good = query->endpoints();
    problem = gai_strerror(state);
    query.reset();
    return true;
}

void HostLookup::Question::tell(const Result<Endpoints>& found) {
    for (const auto& [asker, handler] : std::exchange(waiting, {})) {
        if (const auto alive = asker.lock()) handler(found);
    }
}

HostLookup::HostLookup(asio::io_context& loop) : loop_(loop) {}
HostLookup::~HostLookup() = default;

void HostLookup::find(const std::string& host, int port, std::weak_ptr<void> asker, Handler handler) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(port));
        asio::post(loop_, [asker = std::move(asker), handler = std::move(handler), endpoint] {
            if (const auto alive = asker.lock()) handler(Endpoints{endpoint});
        });
        return;
    }
    auto& question = questions_[{host, port}];
    if (!question) question = std::make_unique<Question>(loop_);
    question->waiting.push_back({std::move(asker), std::move(handler)});
    if (question->looking) return;
    // An answer that came while nobody waited may be old.
    if (!question->query || question->take_answer()) question->ask(host, port);
    question->next_look = first_look;
    arm(*question);
}

void HostLookup::arm(Question& question) {
    question.looking = true;
    question.timer.expires_after(question.next_look);
    question.next_look = std::min(question.next_look * 2, slowest_look);
    question.timer.async_wait([&question](const error_code& cancelled) {
        if (!cancelled) look(question);
    });
}

void HostLookup::look(Question& question) {
    question.looking = false;
    if (question.take_answer()) {
        question.tell(question.last_good.empty()
                          ? Result<Endpoints>(Error{Errc::unreachable, question.problem})
                          : question.last_good);
        return;
    }
    if (question.is_late()) question.tell(question.last_good);
    std::erase_if(question.waiting, [](const auto& waiting) { return waiting.asker.expired(); });
    if (!question.waiting.empty()) arm(question);
}

}  // namespace busbar::gateway
