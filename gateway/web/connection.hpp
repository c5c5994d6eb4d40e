// SPDX-License-Identifier: Apache-2.0
// One client: read a request, answer it, again. Every wait has an end, every buffer a bound.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/time.hpp"
#include "gateway/web/channel.hpp"
#include "gateway/web/http.hpp"
#include "gateway/web/request_parser.hpp"

namespace busbar::gateway {

/// What a listener serves, and how patient it is.
struct HttpService {
    /// The head of a request is there. May fill in its login, and say how large its body may be. An answer
    /// refuses the request, whose body is then not kept.
    std::function<std::optional<HttpResponse>(HttpRequest& head, std::uint64_t& most_body)> admit;
    HttpHandler answer;
    /// A last hand on every answer, also those to what is no request.
    std::function<void(HttpResponse&)> finish{};
    Log log{};

    std::uint32_t most_header = 8 * 1024;
    std::uint64_t most_body = 1024 * 1024;
    seconds handshake{10};
    seconds request{30};  ///< from its first byte to its last
    seconds upload{900};  ///< the same where a sink takes its body
    seconds idle{30};     ///< until the first byte of the next
    seconds taking{30};   ///< until the client has taken 64 KiB
    seconds answering{120};
};

/// Loop thread only. Kept alive by what it waits for.
class Connection final : public ResponseStream, public std::enable_shared_from_this<Connection> {
  public:
    using Ended = std::function<void(Connection&)>;

    /// `remote`: the client's address, or empty. `ended` once, from within close() too.
    Connection(std::unique_ptr<Channel> channel, std::shared_ptr<const HttpService> service,
               std::string remote, Ended ended);

    /// `wait`: before it may cost anything.
    void start(milliseconds wait = milliseconds(0));
    /// Nothing of a request is there: closing it loses nothing.
    [[nodiscard]] bool is_waiting() const { return phase_ == Phase::opening || phase_ == Phase::waiting; }
    /// It stands, and nobody has asked anything since.
    [[nodiscard]] bool is_idle() const { return phase_ == Phase::waiting; }
    [[nodiscard]] SteadyTime waits_since() const { return waits_since_; }
    [[nodiscard]] const std::string& remote() const { return remote_; }

    bool send(std::string_view bytes) override;
    [[nodiscard]] std::size_t queued() const override;
    [[nodiscard]] bool open() const override { return phase_ != Phase::closed; }
    void end() override;
    /// At once, whatever waits.
    void close();

  private:
    enum class Phase { opening, waiting, reading, answering, streaming, lingering, closed };

    void shake_hands();
    void await_request();
    void read();
    void advance(std::string_view bytes);
    void have_head();
    void pass_on_body();
    void refuse(HttpResponse answer);
    void respond();
    void answer_later(const HttpResponse& answer);
    void write(HttpResponse answer);
    void put(std::shared_ptr<const std::string> bytes);
    void push();
    void have_pushed(std::size_t size);
    void all_pushed();
    void linger();
    void arm(seconds wait, void (Connection::*expired)());
    void request_expired();

    std::unique_ptr<Channel> channel_;
    std::shared_ptr<const HttpService> service_;
    std::string remote_;
    Ended ended_;
    boost::asio::steady_timer timer_;
    SteadyTime deadline_;
    SteadyTime waits_since_;
    RequestParser parser_;
    std::vector<char> input_;
    Phase phase_ = Phase::opening;

    bool head_seen_ = false;
    bool is_head_method_ = false;
    bool keep_alive_ = true;
    bool reading_ = false;
    std::optional<HttpResponse> refused_;  ///< the answer once the body has passed
    std::size_t lingered_ = 0;

    /// A part of what waits for the client.
    struct Piece {
        std::shared_ptr<const std::string> bytes;
        std::size_t taken = 0;
    };
    std::deque<Piece> output_;
    std::size_t queued_ = 0;
    bool pushing_ = false;
    bool ending_ = false;  ///< a stream: nothing follows what waits
};

}  // namespace busbar::gateway
