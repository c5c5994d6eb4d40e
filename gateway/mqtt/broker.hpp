// SPDX-License-Identifier: Apache-2.0
// One connection to an MQTT broker, on the loop: libmosquitto does the protocol, the loop its waiting. The
// only place that knows libmosquitto.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/mqtt/broker_tls.hpp"

struct mosquitto;

namespace busbar::gateway {

struct BrokerMessage {
    std::string topic;
    std::string payload;
    bool retained = false;
};

/// Loop thread only. Whatever a broker does, a connection costs bounded memory and time: one message is
/// written at a time, and who sends too much, answers too late or reads too slowly is left.
class Broker {
  public:
    static constexpr seconds connect_patience{15};  ///< until it has let us in
    static constexpr seconds write_patience{20};    ///< until it has read what we wrote
    static constexpr seconds keep_alive{30};
    /// Received in `window` at most: commands are a few bytes each.
    static constexpr std::size_t most_bytes = 64 * 1024;
    static constexpr seconds window{10};
    /// A command's payload; a longer message is handed on without any.
    static constexpr std::size_t longest_payload = 64;

    struct Events {
        std::function<void()> connected;
        /// Once, also for one that never connected. The connection may be destroyed in it.
        std::function<void(const std::string& why)> lost;
        std::function<void(const BrokerMessage&)> message;
        std::function<void()> drained;  ///< ready() again
    };

    /// `settings.client_id` is not empty; `will` is the topic that becomes "offline" when we are gone. `tls`
    /// null: none.
    Broker(boost::asio::io_context& loop, const config::Mqtt& settings, const std::string& will,
           std::unique_ptr<BrokerTls> tls, Events events);
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;
    ~Broker();  ///< drops the connection without a word, and no event comes any more

    /// `address`: an IP literal. Error: as Events::lost, which then is not called.
    Result<void> connect(const std::string& address);

    /// Connected, and all that was published is written.
    [[nodiscard]] bool ready() const;
    /// REQUIRES: ready(). Retained.
    void publish(const std::string& topic, const std::string& payload);
    /// REQUIRES: connected.
    void subscribe(const std::string& filter);
    /// Publishes a last message and says goodbye, as far as the socket takes it at once.
    void leave(const std::string& topic, const std::string& payload);

  private:
    struct Callbacks;
    struct Free {
        void operator()(mosquitto* client) const;
    };

    void on_readable();
    void on_writable();
    void on_tick();
    void wait_readable();
    void wait_writable();
    void arm();
    [[nodiscard]] bool within_budget(std::size_t before);
    [[nodiscard]] std::size_t readable_bytes();
    /// Hands on what the library has just told. False: the connection is lost, `this` may be gone.
    [[nodiscard]] bool settle(int result);
    void lose(const std::string& why);
    [[nodiscard]] std::string words_of(int result) const;

    std::unique_ptr<BrokerTls> tls_;  ///< outlives the client
    Events events_;
    int port_;
    std::unique_ptr<mosquitto, Free> client_;
    boost::asio::posix::stream_descriptor socket_;  ///< a duplicate: the library closes its own as it likes
    boost::asio::steady_timer timer_;
    SteadyTime since_;  ///< connect(), or when the last write began to wait
    SteadyTime window_from_;
    std::size_t window_bytes_ = 0;
    bool connected_ = false;
    bool told_ = false;  ///< events_.connected
    bool waits_to_write_ = false;
    int words_at_once_ = 0;  ///< of the library, while it reads
    int refusal_ = 0;        ///< CONNACK's code
    std::string problem_;    ///< the library's newest words of an error
    std::vector<BrokerMessage> heard_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace busbar::gateway
