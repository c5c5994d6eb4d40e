// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_manager.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/uplink/modem_dbus.hpp"
#include "gateway/uplink/sdbus_version.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using namespace modem_dbus;

const std::string root = "/org/freedesktop/ModemManager1";
const std::string simple_interface = modem_interface + ".Simple";

constexpr milliseconds settle{200};  ///< one look for a burst of changes
constexpr seconds look_anyway{60};   ///< signals may be lost, and ModemManager may not run yet
constexpr seconds bus_pause{30};
constexpr std::chrono::microseconds patience = 120s;
constexpr std::uint32_t signal_rate_s = 30;

}  // namespace

class ModemManager::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, Listener listener, Log log)
        : listener_(std::move(listener)),
          log_(std::move(log)),
          descriptor_(loop),
          bus_timer_(loop),
          look_timer_(loop) {}
    ~Impl() { hang_up(); }

    void connect();
    template <class... Arguments>
    void command(const std::string& path, const std::string& interface, const std::string& method,
                 const Done& done, const Arguments&... arguments);

    Modems modems;

  private:
    using Handler = std::function<void(sdbus::MethodReply&, const sdbus::Error*)>;

    void subscribe();
    void hang_up();
    void lost(const std::string& why);
    void turn();
    void arm();
    void wait(asio::posix::stream_descriptor::wait_type type);
    void call(const std::string& path, const sdbus::MethodCall& message, Handler handler);
    sdbus::IProxy& proxy(const std::string& path);
    void look_after(std::chrono::microseconds delay);
    void look();
    void looked(const Objects& objects);
    void ask_sim(const std::string& path);
    void publish();
    void prepare(const std::string& path, const Interfaces& interfaces);
    void ask_time(const std::string& path);
    void say_absent(const std::string& why);

    Listener listener_;
    Log log_;
    asio::posix::stream_descriptor descriptor_;  ///< the connection's own; released, never closed
    asio::steady_timer bus_timer_;
    asio::steady_timer look_timer_;
    std::unique_ptr<sdbus::IConnection> bus_;
    std::map<std::string, std::unique_ptr<sdbus::IProxy>> proxies_;  ///< after the bus: they go first
    std::vector<sdbus::Slot> slots_;                                 ///< as they
    Modems fresh_;                                                   ///< of the look under way
    std::size_t sims_open_ = 0;
    bool looking_ = false;
    std::optional<SteadyTime> look_at_;
    std::set<std::string> signal_set_up_;  ///< modems
    std::set<std::string> time_asked_;     ///< modems, since they registered
    std::string absent_;                   ///< why, as it was said last
};

void ModemManager::Impl::connect() {
    try {
        bus_ = sdbus::createSystemBusConnection();
        subscribe();
        descriptor_.assign(bus_->getEventLoopPollData().fd);
    } catch (const std::exception& error) {
        return lost(error.what());
    }
    look_after(0us);
    turn();
}

void ModemManager::Impl::subscribe() {
    const auto stale = [this](sdbus::Message&) { look_after(settle); };
    slots_.push_back(wire::add_match(
        *bus_, fmt::format("type='signal',sender='{}'", service), [this, stale](sdbus::Message& message) {
            if (std::string_view(message.getMemberName()) != "NetworkTimeChanged") return stale(message);
            std::string text;
            message >> text;
            if (const auto utc = network_time_of(text)) listener_.network_time(*utc);
        }));
    slots_.push_back(wire::add_match(
        *bus_,
        fmt::format("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{}'",
                    service),
        stale));
}

void ModemManager::Impl::hang_up() {
    if (descriptor_.is_open()) descriptor_.release();
    slots_.clear();
    proxies_.clear();
    bus_.reset();
    looking_ = false;
    look_at_.reset();
    look_timer_.cancel();
    signal_set_up_.clear();
    time_asked_.clear();
}

void ModemManager::Impl::lost(const std::string& why) {
    hang_up();
    say_absent(fmt::format("the system bus does not answer ({}): install and start dbus", why));
    bus_timer_.expires_after(bus_pause);
    bus_timer_.async_wait([weak = weak_from_this()](const auto& cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->connect();
    });
}

void ModemManager::Impl::say_absent(const std::string& why) {
    if (std::exchange(absent_, why) != why)
        log_.warning("modem_manager_absent",
                     fmt::format("PIN, signal and recovery of modems are left out: {}.", why));
    if (modems.empty()) return;
    modems.clear();
    listener_.changed();
}

/// Everything that has come in, then waits for more.
void ModemManager::Impl::turn() {
    try {
        while (bus_ && wire::process(*bus_)) {
        }
        if (bus_) arm();
    } catch (const sdbus::Error& error) {
        lost(error.what());
    }
}

void ModemManager::Impl::arm() {
    const auto poll = bus_->getEventLoopPollData();
    descriptor_.cancel();
    wait(asio::posix::stream_descriptor::wait_read);
    if ((poll.events & POLLOUT) != 0) wait(asio::posix::stream_descriptor::wait_write);
    bus_timer_.cancel();
    const int timeout_ms = poll.getPollTimeout();
    if (timeout_ms < 0) return;
    bus_timer_.expires_after(milliseconds(timeout_ms));
    bus_timer_.async_wait([weak = weak_from_this()](const auto& cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->turn();
    });
}

void ModemManager::Impl::wait(asio::posix::stream_descriptor::wait_type type) {
    descriptor_.async_wait(type, [weak = weak_from_this()](const auto& cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->turn();
    });
}

sdbus::IProxy& ModemManager::Impl::proxy(const std::string& path) {
    auto& slot = proxies_[path];
    if (!slot) slot = wire::make_proxy(*bus_, service, path);
    return *slot;
}

/// `handler` runs in a callback of C code: nothing it throws may get there.
void ModemManager::Impl::call(const std::string& path, const sdbus::MethodCall& message, Handler handler) {
    wire::call(
        proxy(path), message,
        [handler = std::move(handler)](sdbus::MethodReply& reply, const sdbus::Error* error) {
            try {
                handler(reply, error);
            } catch (const sdbus::Error& unexpected) {
                handler(reply, &unexpected);
            }
        },
        static_cast<std::uint64_t>(patience.count()));
    arm();
}

template <class... Arguments>
void ModemManager::Impl::command(const std::string& path, const std::string& interface,
                                 const std::string& method, const Done& done, const Arguments&... arguments) {
    try {
        if (!bus_) throw wire::error("org.freedesktop.DBus.Error.ServiceUnknown", "no bus");
        auto message = wire::make_call(proxy(path), interface, method);
        (void)(message << ... << arguments);
        call(path, message, [done](sdbus::MethodReply&, const sdbus::Error* error) {
            done(error != nullptr ? Result<void>(error_of(*error)) : Result<void>());
        });
    } catch (const sdbus::Error& error) {
        done(error_of(error));
    }
}

void ModemManager::Impl::look_after(std::chrono::microseconds delay) {
    // Changes come in bursts: the first of them starts the wait, so that no stream of them can defer the
    // look.
    const auto at = steady_now() + delay;
    if (look_at_ && *look_at_ <= at) return;
    look_at_ = at;
    look_timer_.expires_after(delay);
    look_timer_.async_wait([weak = weak_from_this()](const auto& cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled) self->look();
    });
}

void ModemManager::Impl::look() {
    look_at_.reset();
    if (!bus_) return;
    if (looking_) return look_after(settle);
    looking_ = true;
    try {
        call(root, wire::make_call(proxy(root), "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"),
             [this](sdbus::MethodReply& reply, const sdbus::Error* error) {
                 Objects objects;
                 if (error == nullptr) {
                     reply >> objects;
                     return looked(objects);
                 }
                 looking_ = false;
                 say_absent(error_of(*error).detail);
                 look_after(look_anyway);
             });
    } catch (const sdbus::Error& error) {
        lost(error.what());
    }
}

void ModemManager::Impl::looked(const Objects& objects) {
    if (!std::exchange(absent_, "").empty()) log_.info("modem_manager_present", "ModemManager answers.");
    fresh_.clear();
    for (const auto& [path, interfaces] : objects) {
        if (!interfaces.contains(modem_interface)) continue;
        fresh_[path] = facts_of(interfaces);
    }
    sims_open_ = 1;
    for (const auto& [path, modem] : Modems(fresh_)) {
        if (!modem.sim.empty()) ask_sim(path);
        prepare(path, objects.at(sdbus::ObjectPath(path)));
    }
    publish();
}

/// SIMs are not among the managed objects.
void ModemManager::Impl::ask_sim(const std::string& path) {
    const std::string sim = fresh_.at(path).sim;
    auto message = wire::make_call(proxy(sim), "org.freedesktop.DBus.Properties", "GetAll");
    message << sim_interface;
    ++sims_open_;
    call(sim, message, [this, path](sdbus::MethodReply& reply, const sdbus::Error* error) {
        Properties properties;
        if (error == nullptr) reply >> properties;
        take_sim(properties, fresh_[path]);
        publish();
    });
}

void ModemManager::Impl::publish() {
    if (--sims_open_ > 0) return;
    looking_ = false;
    std::erase_if(proxies_, [this](const auto& entry) {
        return entry.first != root && !fresh_.contains(entry.first) &&
               std::none_of(fresh_.begin(), fresh_.end(),
                            [&](const auto& modem) { return modem.second.sim == entry.first; });
    });
    std::erase_if(signal_set_up_, [this](const auto& path) { return !fresh_.contains(path); });
    look_after(look_anyway);
    if (fresh_ == modems) return;
    modems = fresh_;
    listener_.changed();
}

/// What a modem has to be asked for once it is able to answer.
void ModemManager::Impl::prepare(const std::string& path, const Interfaces& interfaces) {
    const ModemState state = fresh_.at(path).state;
    if (state >= ModemState::enabled && interfaces.contains(signal_interface) &&
        signal_set_up_.insert(path).second)
        command(
            path, signal_interface, "Setup", [](const Result<void>&) {}, signal_rate_s);
    if (state < ModemState::registered) {
        time_asked_.erase(path);
    } else if (interfaces.contains(time_interface) && time_asked_.insert(path).second) {
        ask_time(path);
    }
}

void ModemManager::Impl::ask_time(const std::string& path) {
    call(path, wire::make_call(proxy(path), time_interface, "GetNetworkTime"),
         [this](sdbus::MethodReply& reply, const sdbus::Error* error) {
             if (error != nullptr) return;  // many networks tell none
             std::string text;
             reply >> text;
             if (const auto utc = network_time_of(text)) listener_.network_time(*utc);
         });
}

ModemManager::ModemManager(asio::io_context& loop, Listener listener, const Log& log)
    : impl_(std::make_shared<Impl>(loop, std::move(listener), log)) {
    asio::post(loop, [weak = std::weak_ptr(impl_)] {
        if (const auto impl = weak.lock()) impl->connect();
    });
}

ModemManager::~ModemManager() = default;

const Modems& ModemManager::modems() const {
    return impl_->modems;
}

void ModemManager::send_pin(const std::string& modem, const Secret& pin, const Done& done) {
    impl_->command(impl_->modems.at(modem).sim, sim_interface, "SendPin", done, std::string(pin.reveal()));
}

void ModemManager::enable(const std::string& modem, bool on, const Done& done) {
    impl_->command(modem, modem_interface, "Enable", done, on);
}

void ModemManager::reset(const std::string& modem, const Done& done) {
    impl_->command(modem, modem_interface, "Reset", done);
}

void ModemManager::disconnect(const std::string& modem, const Done& done) {
    impl_->command(modem, simple_interface, "Disconnect", done, sdbus::ObjectPath("/"));
}

}  // namespace busbar::gateway
