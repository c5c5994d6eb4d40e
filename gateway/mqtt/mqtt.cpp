// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/mqtt.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cctype>
#include <utility>

#include "gateway/system_resolver.hpp"

namespace busbar::gateway {
namespace {

using boost::system::error_code;

constexpr milliseconds first_wait{1000};
constexpr milliseconds longest_wait{120'000};
/// A connection that lasted as long was none that fails at once.
constexpr seconds lasting{60};
/// States and commands go at most once in it.
constexpr seconds beat{1};
/// Messages written in one go; then the loop does something else.
constexpr int most_in_a_go = 32;
constexpr seconds between_complaints{60};

std::string usual_client_id() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    constexpr std::size_t longest_name = 57;  // 64 with the word before it
    std::string text = std::string(name.data()).substr(0, longest_name);
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '-'; }, '-');
    return "busbar-" + text;
}

}  // namespace

Mqtt::Mqtt(Surroundings around)
    : around_(std::move(around)),
      lookup_(around_.loop, std::make_unique<SystemResolver>(around_.loop)),
      redial_(around_.loop),
      second_(around_.loop),
      backoff_(first_wait, longest_wait) {}

void Mqtt::apply(const std::optional<config::Mqtt>& settings) {
    if (settings == applied_) return;
    stop();
    applied_ = settings_ = settings;
    if (!settings_) return;
    if (settings_->client_id.empty()) settings_->client_id = usual_client_id();
    topics_.emplace(*settings_);
    outbox_ = {};
    commands_ = {};
    complained_ = welcomed_ = false;
    backoff_.reset();
    report_ = {false, "", steady_now(), settings_->host, settings_->port, settings_->allow_control, 0};
    asker_ = std::make_shared<int>(0);
    arm();
    look_up();
}

void Mqtt::stop() {
    redial_.cancel();
    second_.cancel();
    asker_.reset();
    if (broker_) broker_->leave(topics_->availability(), "offline");
    broker_.reset();
    if (settings_) set_connected(false, "the gateway ends");
}

std::optional<MqttReport> Mqtt::report() const {
    return settings_ ? std::optional(report_) : std::nullopt;
}

void Mqtt::look_up() {
    if (!complained_) report_.detail = "looks up " + settings_->host;
    lookup_.find(settings_->host, settings_->port, asker_, [this](const Result<HostLookup::Found>& found) {
        if (!found) return retry(fmt::format("{} is not found: {}", settings_->host, found.error().detail));
        dial(found->endpoints);
    });
}

/// One address an attempt, each in its turn.
void Mqtt::dial(const Endpoints& endpoints) {
    std::unique_ptr<BrokerTls> tls;
    if (settings_->tls) {
        auto made = BrokerTls::make(settings_->host, settings_->ca_file, around_.judged_at());
        if (!made) return retry(made.error().detail);
        tls = *std::move(made);
    }
    broker_ = std::make_unique<Broker>(
        around_.loop, *settings_, topics_->availability(), std::move(tls),
        Broker::Events{[this] { on_connected(); }, [this](const std::string& why) { on_lost(why); },
                       [this](const BrokerMessage& message) { on_message(message); }, [this] { pump(); }});
    const auto address = endpoints.at(attempts_++ % endpoints.size()).address().to_string();
    if (!complained_) report_.detail = "connects to " + address;
    if (const auto begun = broker_->connect(address); !begun) on_lost(begun.error().detail);
}

void Mqtt::on_lost(const std::string& why) {
    broker_.reset();
    commands_ = {};
    if (report_.connected && steady_now() - report_.since > lasting) {
        backoff_.reset();
        complained_ = welcomed_ = false;
    }
    retry(why);
}

void Mqtt::retry(const std::string& why) {
    set_connected(false, why);
    if (!std::exchange(complained_, true)) {
        around_.log.warning("mqtt_lost", fmt::format("No MQTT: {}. It is tried again and again.", why),
                            {{"host", settings_->host}, {"port", std::to_string(settings_->port)}});
    }
    later(redial_, backoff_.next(random_()), [this] { look_up(); });
}

void Mqtt::set_connected(bool connected, std::string detail) {
    if (report_.connected != connected) report_.since = steady_now();
    report_.connected = connected;
    report_.detail = std::move(detail);
}

void Mqtt::on_connected() {
    set_connected(true, "");
    if (!std::exchange(welcomed_, true))
        around_.log.info("mqtt_connected", "The MQTT broker is connected.",
                         {{"host", settings_->host}, {"port", std::to_string(settings_->port)}});
    outbox_.forget();
    broker_->publish(topics_->availability(), "online");
    if (settings_->allow_control) broker_->subscribe(topics_->all_commands());
}

void Mqtt::on_message(const BrokerMessage& message) {
    const auto command = topics_->command_of(message.topic);
    if (!command) return refuse("it is no command's topic");
    if (!settings_->allow_control) return refuse("mqtt.allow_control is not true");
    // One that was retained is carried out again at every connection, long after it was meant.
    if (message.retained) return refuse("a command must not be retained");
    if (!commands_.note(*command, message.payload)) refuse("too many come at once");
}

void Mqtt::refuse(const std::string& why) {
    ++report_.commands_refused;
    const auto now = steady_now();
    if (refusal_logged_at_ && now - *refusal_logged_at_ < between_complaints) return;
    refusal_logged_at_ = now;
    around_.log.warning("mqtt_command_refused",
                        fmt::format("A message of the MQTT broker is not taken: {}.", why));
}

void Mqtt::arm() {
    later(second_, beat, [this] { on_second(); });
}

/// Forgotten with the settings in force.
void Mqtt::later(boost::asio::steady_timer& timer, milliseconds wait, std::function<void()> then) {
    timer.expires_after(wait);
    timer.async_wait([asker = std::weak_ptr(asker_), then = std::move(then)](const error_code& cancelled) {
        if (!cancelled && !asker.expired()) then();
    });
}

void Mqtt::on_second() {
    arm();
    if (!report_.connected) return;
    if (!commands_.empty()) carry_out();
    Retained all;
    for (const auto& charger : around_.chargers()) {
        add_discovery(charger, *topics_, settings_->allow_control, all);
        add_states(charger, *topics_, all);
    }
    outbox_.want(std::move(all));
    pump();
}

void Mqtt::carry_out() {
    for (const auto& wish : commands_.judge(around_.chargers(), [this](const auto& why) { refuse(why); })) {
        const auto& limit = wish.limit.limit;
        around_.log.info("mqtt_command", "A limit that somebody set over MQTT is in force.",
                         {{"charge_point", wish.charge_point},
                          {"connector", std::to_string(wish.connector)},
                          {"paused", wish.limit.paused ? "true" : "false"},
                          {"limit_a", limit ? fmt::format("{:g}", limit->value()) : "none"}});
        around_.carry_out(wish);
    }
}

void Mqtt::pump() {
    for (int written = 0; broker_ && broker_->ready() && !outbox_.empty(); ++written) {
        if (written == most_in_a_go) {
            return boost::asio::post(around_.loop, [this, asker = std::weak_ptr(asker_)] {
                if (!asker.expired()) pump();
            });
        }
        const auto [topic, payload] = outbox_.next();
        broker_->publish(topic, payload);
        outbox_.sent();
    }
}

}  // namespace busbar::gateway
