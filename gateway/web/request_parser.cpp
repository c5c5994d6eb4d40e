// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/request_parser.hpp"

#include <fmt/format.h>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/src.hpp>
#include <optional>

#include "gateway/web/problem.hpp"
#include "gateway/web/target.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;

/// A body in memory that takes only what has come: beast's own reserves what the header announces.
struct ArrivedBody {
    using value_type = std::string;

    class reader {
      public:
        template <bool is_request, class Fields>
        reader(http::header<is_request, Fields>&, value_type& body) : body_(body) {}

        void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, error_code& error) {
            error = {};
            const std::size_t size = asio::buffer_size(buffers);
            const std::size_t before = body_.size();
            body_.resize(before + size);
            asio::buffer_copy(asio::buffer(body_.data() + before, size), buffers);
            return size;
        }
        static void finish(error_code& error) { error = {}; }

      private:
        value_type& body_;
    };
};

std::string size_text(std::uint64_t bytes) {
    constexpr std::uint64_t mebi = 1024 * 1024;
    return bytes % mebi == 0 ? fmt::format("{} MiB", bytes / mebi) : fmt::format("{} KiB", bytes / 1024);
}

}  // namespace

struct RequestParser::Impl {
    explicit Impl(std::uint32_t header) : most_header(header) { begin(); }

    void begin() {
        parser.emplace();
        parser->header_limit(most_header);
        parser->body_limit(boost::none);
        most_body = 0;
        state = State::head;
        asked = {};
        target.clear();
    }

    HttpResponse refusal(const error_code& error) const {
        if (error == http::error::header_limit) {
            return problem(431, "header_too_large",
                           "A request's header may have " + size_text(most_header) + ".");
        }
        if (error == http::error::body_limit) {
            return problem_with({{"most_bytes", static_cast<std::int64_t>(most_body)}}, 413, "body_too_large",
                                "This request's body may have " + size_text(most_body) + ".");
        }
        return problem(400, "bad_request", "This is no HTTP request: " + error.message() + ".");
    }

    /// The head as an HttpRequest. False: its target is no path.
    bool read_head() {
        const auto& head = parser->get();
        target = std::string(head.target());
        asked.method = std::string(head.method_string());
        for (const auto& field : head) {
            asked.fields.emplace_back(std::string(field.name_string()), std::string(field.value()));
        }
        state = State::body;
        const auto split = parse_target(target);
        if (!split) return false;
        asked.path = split->path;
        asked.query = split->query;
        return true;
    }

    /// One call of the parser with what there is. True: something was consumed or the state moved.
    bool step(error_code& error) {
        const std::size_t used = parser->put(buffer.data(), error);
        buffer.consume(used);
        auto& arrived = parser->get().body();
        asked.body += arrived;
        arrived.clear();
        if (error == http::error::need_more) {
            error = {};
            return false;
        }
        return used > 0;
    }

    std::optional<HttpResponse> advance() {
        error_code error;
        const bool wants_head = state == State::head;
        // With eager off the parser stops behind the header: whoever serves may look at it first.
        parser->eager(!wants_head);
        while (!error && !parser->is_done() && !(wants_head && parser->is_header_done())) {
            if (buffer.size() == 0 || !step(error)) break;
        }
        if (error) return refusal(error);
        if (wants_head && parser->is_header_done() && !read_head()) {
            return problem(400, "bad_request", "The request's target is not a path.");
        }
        if (!wants_head && parser->is_done()) state = State::complete;
        return std::nullopt;
    }

    std::uint32_t most_header;
    beast::flat_buffer buffer;
    std::optional<http::request_parser<ArrivedBody>> parser;
    std::uint64_t most_body = 0;
    State state = State::head;
    HttpRequest asked;
    std::string target;
};

RequestParser::RequestParser(std::uint32_t most_header) : impl_(std::make_unique<Impl>(most_header)) {}
RequestParser::~RequestParser() = default;

std::optional<HttpResponse> RequestParser::feed(std::string_view bytes) {
    auto& buffer = impl_->buffer;
    buffer.commit(asio::buffer_copy(buffer.prepare(bytes.size()), asio::buffer(bytes.data(), bytes.size())));
    return impl_->advance();
}

RequestParser::State RequestParser::state() const {
    return impl_->state;
}
bool RequestParser::begun() const {
    return impl_->state != State::head || impl_->parser->got_some() || impl_->buffer.size() > 0;
}
bool RequestParser::expects_continue() const {
    return beast::iequals(impl_->parser->get()[http::field::expect], "100-continue");
}
bool RequestParser::keep_alive() const {
    return impl_->state != State::head && impl_->parser->keep_alive();
}
HttpRequest& RequestParser::request() {
    return impl_->asked;
}
std::string_view RequestParser::target() const {
    return impl_->target;
}

std::optional<HttpResponse> RequestParser::limit_body(std::uint64_t most) {
    impl_->most_body = most;
    impl_->parser->body_limit(most);
    // The parser holds an announced length against the limit only while it reads the header.
    const auto announced = impl_->parser->content_length();
    if (announced && *announced > most) return impl_->refusal(http::error::body_limit);
    return std::nullopt;
}

void RequestParser::next() {
    impl_->begin();
}

}  // namespace busbar::gateway
