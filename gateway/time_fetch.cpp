// SPDX-License-Identifier: Apache-2.0
#include "gateway/time_fetch.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <ctime>
#include <memory>
#include <utility>

#include "gateway/csms_request.hpp"
#include "gateway/tls_dial.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr seconds answer_limit{10};
constexpr std::size_t largest_head = 16 * 1024;
constexpr std::string_view name = "date:";

/// One request on one connection; keeps itself alive until it has reported.
class Request : public std::enable_shared_from_this<Request> {
  public:
    using Handler = std::function<void(Result<UtcTime>)>;

    Request(asio::io_context& loop, TlsStream stream, const std::string& host, Handler handler)
        : stream_(std::move(stream)),
          deadline_(loop),
          text_(fmt::format("HEAD / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host)),
          handler_(std::move(handler)) {}

    void start() {
        deadline_.expires_after(answer_limit);
        deadline_.async_wait([self = shared_from_this()](const error_code& cancelled) {
            if (!cancelled) self->report(Error{Errc::timeout, "no answer to an HTTP request within 10 s"});
        });
        asio::async_write(stream_, asio::buffer(text_),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->report(Error{Errc::unreachable, error.message()});
                              self->read();
                          });
    }

  private:
    void read() {
        asio::async_read_until(stream_, asio::dynamic_buffer(head_, largest_head), "\r\n\r\n",
                               [self = shared_from_this()](const error_code& error, std::size_t size) {
                                   if (error) return self->report(Error{Errc::unreachable, error.message()});
                                   self->report(date_of(std::string_view(self->head_).substr(0, size)));
                               });
    }

    void report(const Result<UtcTime>& time) {
        deadline_.cancel();
        stream_.abort();
        if (const auto handler = std::exchange(handler_, nullptr)) handler(time);
    }

    TlsStream stream_;
    asio::steady_timer deadline_;
    const std::string text_;
    std::string head_;
    Handler handler_;
};

}  // namespace

Result<UtcTime> date_of(std::string_view http_head) {
    for (std::size_t at = http_head.find('\n'); at != std::string_view::npos;
         at = http_head.find('\n', at + 1)) {
        const std::string line(http_head.substr(at + 1, http_head.find('\r', at) - at - 1));
        if (strncasecmp(line.c_str(), name.data(), name.size()) != 0) continue;
        std::tm parts{};
        const char* end = strptime(line.c_str() + name.size(), " %a, %d %b %Y %H:%M:%S GMT", &parts);
        if (end == nullptr || *end != '\0') return Error{Errc::garbled, "the answer's Date is none: " + line};
        return UtcTime(seconds(timegm(&parts)));
    }
    return Error{Errc::garbled, "the answer has no Date"};
}

void fetch_time(asio::io_context& loop, const Path& path, const TlsClient& tls, const config::Url& url,
                std::function<void(Result<UtcTime>)> handler) {
    DialLimits limits;
    limits.dates_matter = false;
    const auto dial = std::make_shared<TlsDial>(loop, path, tls, url.host, url.port, limits);
    dial->start([&loop, host = request_host(url), handler = std::move(handler)](Dialled dialled) {
        if (dialled.failure) return handler(Error{Errc::unreachable, dialled.failure->detail});
        std::make_shared<Request>(loop, *std::move(dialled.stream), host, handler)->start();
    });
}

}  // namespace busbar::gateway
