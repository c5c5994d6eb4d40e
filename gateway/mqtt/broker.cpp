// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/broker.hpp"

#include <fmt/format.h>
#include <mosquitto.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace busbar::gateway {
namespace {

using boost::system::error_code;

constexpr seconds tick{1};
constexpr int at_most_once = 0;
constexpr bool retain = true;
constexpr std::string_view offline = "offline";
constexpr int most_words_at_once = 256;

void init_library() {
    static const int ready = mosquitto_lib_init();
    static_cast<void>(ready);
}

}  // namespace

void Broker::Free::operator()(mosquitto* client) const {
    mosquitto_destroy(client);
}

/// They only note: the connection acts when the library has returned.
struct Broker::Callbacks {
    static void on_connect(mosquitto* /*client*/, void* self, int code) {
        auto& broker = *static_cast<Broker*>(self);
        broker.connected_ = code == 0;
        broker.refusal_ = code;
    }
    static void on_message(mosquitto* /*client*/, void* self, const mosquitto_message* message) {
        const auto length = static_cast<std::size_t>(std::max(message->payloadlen, 0));
        const bool sound = length > 0 && length <= longest_payload;
        static_cast<Broker*>(self)->heard_.push_back(
            {message->topic,
             sound ? std::string(static_cast<const char*>(message->payload), length) : std::string(),
             message->retain});
    }
    /// It has a word for each packet. It reads on for as long as TLS has more at hand: who sends without end
    /// would keep the loop in there.
    static void on_log(mosquitto* client, void* self, int level, const char* text) {
        auto& broker = *static_cast<Broker*>(self);
        if (level == MOSQ_LOG_ERR) broker.problem_ = text;
        if (++broker.words_at_once_ == most_words_at_once) ::shutdown(mosquitto_socket(client), SHUT_RDWR);
    }
};

Broker::Broker(boost::asio::io_context& loop, const config::Mqtt& settings, const std::string& will,
               std::unique_ptr<BrokerTls> tls, Events events)
    : tls_(std::move(tls)), events_(std::move(events)), port_(settings.port), socket_(loop), timer_(loop) {
    init_library();
    client_.reset(mosquitto_new(settings.client_id.c_str(), true, this));
    auto* client = client_.get();
    mosquitto_connect_callback_set(client, Callbacks::on_connect);
    mosquitto_message_callback_set(client, Callbacks::on_message);
    mosquitto_log_callback_set(client, Callbacks::on_log);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_will_set(client, will.c_str(), static_cast<int>(offline.size()), offline.data(), at_most_once,
                       retain);
    if (!settings.user.empty()) {
        const std::string password(settings.password.reveal());
        mosquitto_username_pw_set(client, settings.user.c_str(),
                                  password.empty() ? nullptr : password.c_str());
    }
    if (tls_) mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, tls_->context());
    if (tls_) mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
}

Broker::~Broker() = default;

Result<void> Broker::connect(const std::string& address) {
    since_ = window_from_ = steady_now();
    const int result =
        mosquitto_connect_async(client_.get(), address.c_str(), port_, static_cast<int>(keep_alive.count()));
    const int own = ::dup(mosquitto_socket(client_.get()));
    if (result > 0 || own < 0) {
        if (own >= 0) ::close(own);
        return Error{Errc::unreachable, words_of(result)};
    }
    socket_.assign(own);
    wait_readable();
    wait_writable();
    arm();
    return {};
}

bool Broker::ready() const {
    return told_ && !mosquitto_want_write(client_.get());
}

void Broker::publish(const std::string& topic, const std::string& payload) {
    mosquitto_publish(client_.get(), nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(),
                      at_most_once, retain);
    if (mosquitto_want_write(client_.get())) wait_writable();
}

void Broker::subscribe(const std::string& filter) {
    mosquitto_subscribe(client_.get(), nullptr, filter.c_str(), at_most_once);
    if (mosquitto_want_write(client_.get())) wait_writable();
}

void Broker::leave(const std::string& topic, const std::string& payload) {
    if (!connected_) return;
    publish(topic, payload);
    mosquitto_disconnect(client_.get());
}

void Broker::wait_readable() {
    socket_.async_wait(socket_.wait_read, [this, alive = std::weak_ptr(alive_)](const error_code& cancelled) {
        if (!alive.expired() && !cancelled) on_readable();
    });
}

void Broker::wait_writable() {
    if (std::exchange(waits_to_write_, true)) return;
    if (connected_) since_ = steady_now();
    socket_.async_wait(socket_.wait_write,
                       [this, alive = std::weak_ptr(alive_)](const error_code& cancelled) {
                           if (!alive.expired() && !cancelled) on_writable();
                       });
}

void Broker::arm() {
    timer_.expires_after(tick);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const error_code& cancelled) {
        if (!alive.expired() && !cancelled) on_tick();
    });
}

std::size_t Broker::readable_bytes() {
    int bytes = 0;
    const bool told = ::ioctl(socket_.native_handle(), FIONREAD, &bytes) == 0;
    return told ? static_cast<std::size_t>(std::max(bytes, 0)) : 0;
}

/// What the library has read since `before` bytes waited. It keeps a message that is not complete yet,
/// however long it says that it will be: this is what bounds it.
bool Broker::within_budget(std::size_t before) {
    const auto now = steady_now();
    if (now - window_from_ > window) {
        window_from_ = now;
        window_bytes_ = 0;
    }
    window_bytes_ += before - std::min(before, readable_bytes());
    return window_bytes_ <= most_bytes;
}

void Broker::on_readable() {
    const auto before = readable_bytes();
    words_at_once_ = 0;
    const int result = mosquitto_loop_read(client_.get(), 1);
    if (!settle(result)) return;
    if (!within_budget(before)) return lose("it sends more than a broker has to say to us");
    if (mosquitto_want_write(client_.get())) wait_writable();
    wait_readable();
}

/// While TLS is being agreed on it is the library's reading that goes on, whatever the socket is ready for.
void Broker::on_writable() {
    waits_to_write_ = false;
    if (!connected_ && tls_ && !settle(mosquitto_loop_read(client_.get(), 1))) return;
    if (!settle(mosquitto_loop_write(client_.get(), 1))) return;
    // Before it has let us in, what is to be written may wait for what is to be read: the tick asks again.
    if (connected_ && mosquitto_want_write(client_.get())) return wait_writable();
    if (told_) events_.drained();
}

void Broker::on_tick() {
    if (!settle(mosquitto_loop_misc(client_.get()))) return;
    const auto waited = steady_now() - since_;
    if (!connected_ && waited > connect_patience)
        return lose(fmt::format("it has not let us in within {} s", connect_patience.count()));
    const bool writes = mosquitto_want_write(client_.get());
    if (connected_ && writes && waited > write_patience)
        return lose(fmt::format("it has read nothing for {} s", write_patience.count()));
    if (writes) wait_writable();
    arm();
}

bool Broker::settle(int result) {
    if (result != MOSQ_ERR_SUCCESS || refusal_ != 0) {
        lose(words_of(result));
        return false;
    }
    const std::weak_ptr alive = alive_;
    if (connected_ && !std::exchange(told_, true)) events_.connected();
    for (const auto& message : std::exchange(heard_, {})) {
        if (alive.expired()) return false;
        events_.message(message);
    }
    return !alive.expired();
}

void Broker::lose(const std::string& why) {
    socket_.close();
    timer_.cancel();
    alive_.reset();
    const auto lost = std::move(events_.lost);
    lost(why);
}

std::string Broker::words_of(int result) const {
    if (refusal_ != 0) {
        std::string_view refusal = mosquitto_connack_string(refusal_);
        if (refusal.ends_with('.')) refusal.remove_suffix(1);
        return fmt::format("it refuses us: {}", refusal);
    }
    if (tls_ && !tls_->refusal().empty()) return "its certificate is refused: " + tls_->refusal();
    if (result == MOSQ_ERR_ERRNO) return error_code(errno, boost::system::system_category()).message();
    std::string words = problem_.empty() ? mosquitto_strerror(result) : problem_;
    if (words.ends_with('.')) words.pop_back();
    return words;
}

}  // namespace busbar::gateway
