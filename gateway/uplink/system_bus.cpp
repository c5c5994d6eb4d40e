// SPDX-License-Identifier: Apache-2.0
// sdbus-c++ 1.2 or 2. What it throws ends here.
#include "gateway/uplink/system_bus.hpp"

#include <poll.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <string_view>
#include <type_traits>
#include <utility>

#include "gateway/uplink/sdbus_version.hpp"

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// So many messages, and the rest of the program has its turn.
constexpr int messages_at_once = 32;

// Ours and the wire's: the same, but for what contains a variant or a path.

using WireDict = std::map<std::string, sdbus::Variant>;
using WireSections = std::map<std::string, WireDict>;
using WireObjects = std::map<sdbus::ObjectPath, WireSections>;
using WirePair = sdbus::Struct<std::uint32_t, std::uint32_t>;

sdbus::Variant to_variant(const dbus::Value& value);

template <class T>
T to_wire(const T& value) {
    return value;
}
sdbus::Variant to_wire(const dbus::Opaque& value) {
    return value.value ? *static_cast<const sdbus::Variant*>(value.value.get()) : sdbus::Variant();
}
sdbus::ObjectPath to_wire(const dbus::ObjectPath& value) {
    return sdbus::ObjectPath(value.text);
}
std::vector<sdbus::ObjectPath> to_wire(const std::vector<dbus::ObjectPath>& value) {
    std::vector<sdbus::ObjectPath> wire;
    wire.reserve(value.size());
    for (const auto& path : value) wire.emplace_back(path.text);
    return wire;
}
WirePair to_wire(const dbus::Pair& value) {
    return {value.first, value.second};
}
WireDict to_wire(const dbus::Dict& value) {
    WireDict wire;
    for (const auto& [key, item] : value) wire.emplace(key, to_variant(item));
    return wire;
}
std::vector<WireDict> to_wire(const std::vector<dbus::Dict>& value) {
    std::vector<WireDict> wire;
    wire.reserve(value.size());
    for (const auto& dict : value) wire.push_back(to_wire(dict));
    return wire;
}
WireSections to_wire(const dbus::Sections& value) {
    WireSections wire;
    for (const auto& [key, dict] : value) wire.emplace(key, to_wire(dict));
    return wire;
}
WireObjects to_wire(const dbus::Objects& value) {
    WireObjects wire;
    for (const auto& [path, sections] : value) wire.emplace(path, to_wire(sections));
    return wire;
}

sdbus::Variant to_variant(const dbus::Value& value) {
    return std::visit([](const auto& item) { return sdbus::Variant(to_wire(item)); }, value.as);
}

dbus::Value from_variant(const sdbus::Variant& variant);

template <class T>
T from_wire(T value) {
    return value;
}
dbus::ObjectPath from_wire(const sdbus::ObjectPath& value) {
    return {value};
}
std::vector<dbus::ObjectPath> from_wire(const std::vector<sdbus::ObjectPath>& value) {
    std::vector<dbus::ObjectPath> paths;
    paths.reserve(value.size());
    for (const auto& path : value) paths.push_back({path});
    return paths;
}
dbus::Pair from_wire(const WirePair& value) {
    return {std::get<0>(value), std::get<1>(value)};
}
dbus::Dict from_wire(const WireDict& value) {
    dbus::Dict dict;
    for (const auto& [key, item] : value) dict.emplace(key, from_variant(item));
    return dict;
}
std::vector<dbus::Dict> from_wire(const std::vector<WireDict>& value) {
    std::vector<dbus::Dict> dicts;
    dicts.reserve(value.size());
    for (const auto& dict : value) dicts.push_back(from_wire(dict));
    return dicts;
}
dbus::Sections from_wire(const WireSections& value) {
    dbus::Sections sections;
    for (const auto& [key, dict] : value) sections.emplace(key, from_wire(dict));
    return sections;
}
dbus::Objects from_wire(const WireObjects& value) {
    dbus::Objects objects;
    for (const auto& [path, sections] : value) objects.emplace(path, from_wire(sections));
    return objects;
}

struct Reader {
    dbus::Value (*of_variant)(const sdbus::Variant&);
    dbus::Value (*of_message)(sdbus::Message&);
};

template <class Wire>
Reader reader() {
    return {[](const sdbus::Variant& variant) { return dbus::Value{from_wire(variant.get<Wire>())}; },
            [](sdbus::Message& message) {
                Wire value;
                message >> value;
                return dbus::Value{from_wire(std::move(value))};
            }};
}

template <class... Wires>
std::map<std::string, Reader> readers() {
    return {{wire::signature<Wires>(), reader<Wires>()}...};
}

/// By D-Bus signature.
const std::map<std::string, Reader>& all_readers() {
    static const auto all = readers<bool, std::uint8_t, std::int32_t, std::uint32_t, std::int64_t,
                                    std::uint64_t, std::string, sdbus::ObjectPath, std::vector<std::string>,
                                    std::vector<sdbus::ObjectPath>, dbus::Bytes, std::vector<dbus::Bytes>,
                                    std::vector<WireDict>, WirePair, WireDict, WireSections, WireObjects>();
    return all;
}

dbus::Value from_variant(const sdbus::Variant& variant) {
    const auto found = all_readers().find(variant.peekValueType());
    if (found != all_readers().end()) return found->second.of_variant(variant);
    return {dbus::Opaque{std::make_shared<const sdbus::Variant>(variant)}};
}

/// Up to the first argument that is of none of our types.
SystemBus::Values read(sdbus::Message& message) {
    SystemBus::Values values;
    while (!message.isEmpty()) {
        const auto [type, contents] = wire::peek_type(message);
        const auto found = all_readers().find(type == "r" ? "(" + contents + ")" : type + contents);
        if (found == all_readers().end()) break;
        values.push_back(found->second.of_message(message));
    }
    return values;
}

Error to_error(const sdbus::Error& error) {
    static const std::map<std::string_view, Errc> codes{
        {"org.freedesktop.DBus.Error.ServiceUnknown", Errc::unreachable},
        {"org.freedesktop.DBus.Error.NameHasNoOwner", Errc::unreachable},
        {"org.freedesktop.DBus.Error.NoReply", Errc::timeout},
        {"org.freedesktop.DBus.Error.Timeout", Errc::timeout},
        {"org.freedesktop.DBus.Error.UnknownMethod", Errc::unsupported},
        {"org.freedesktop.DBus.Error.UnknownInterface", Errc::unsupported},
        {"org.freedesktop.DBus.Error.UnknownObject", Errc::unsupported},
        {"org.freedesktop.DBus.Error.Disconnected", Errc::io}};
    const auto found = codes.find(error.getName());
    return {found == codes.end() ? Errc::refused : found->second, error.getMessage()};
}

}  // namespace

class SystemBus::Impl : public std::enable_shared_from_this<SystemBus::Impl> {
  public:
    Impl(asio::io_context& loop, std::function<void()> lost)
        : loop_(loop), descriptor_(loop), timer_(loop), lost_(std::move(lost)) {}

    /// May throw sdbus::Error.
    void open() {
        wire_ = std::make_shared<Wire>();
        wire_->connection = sdbus::createSystemBusConnection();
        descriptor_.assign(dup(wire_->connection->getEventLoopPollData().fd));
        pump_soon();
    }

    void stop() {
        stopped_ = true;
        error_code ignored;
        descriptor_.close(ignored);
        timer_.cancel();
        wire_.reset();
    }

    void call(const Call& what, Reply reply) {
        try {
            auto& proxy = proxy_of(what);
            auto answered = [self = weak_from_this(), reply](sdbus::MethodReply& answer,
                                                             const sdbus::Error* error) {
                const auto living = self.lock();
                if (living && !living->stopped_) reply(living->result(answer, error));
            };
            const auto message = message_of(proxy, what);
            wire::call(proxy, message, std::move(answered), what.timeout);
        } catch (const sdbus::Error& error) {
            asio::post(loop_, [self = shared_from_this(), reply = std::move(reply), e = to_error(error)] {
                if (!self->stopped_) reply(e);
            });
        }
        pump_soon();
    }

    Result<Values> call_and_wait(const Call& what) {
        try {
            auto& proxy = proxy_of(what);
            auto answer = proxy.callMethod(message_of(proxy, what), what.timeout);
            return read(answer);
        } catch (const sdbus::Error& error) {
            return to_error(error);
        }
    }

    Result<void> listen(const std::string& rule, std::function<void(const Signal&)> heard) {
        try {
            wire_->slots.push_back(
                wire::add_match(*wire_->connection, rule,
                                [self = weak_from_this(), heard = std::move(heard)](sdbus::Message& message) {
                                    const auto living = self.lock();
                                    if (!living || living->stopped_) return;
                                    heard({message.getPath(), message.getMemberName(), read(message)});
                                }));
        } catch (const sdbus::Error& error) {
            return to_error(error);
        }
        pump_soon();
        return {};
    }

  private:
    /// Dies in the order of need: slots and proxies before their connection.
    struct Wire {
        std::unique_ptr<sdbus::IConnection> connection;
        std::map<std::pair<std::string, std::string>, std::unique_ptr<sdbus::IProxy>> proxies;
        std::vector<sdbus::Slot> slots;
    };

    /// Kept as long as the connection: a proxy takes the answers it waits for with it.
    sdbus::IProxy& proxy_of(const Call& what) {
        auto& proxy = wire_->proxies[{what.service, what.path}];
        if (!proxy) proxy = wire::make_proxy(*wire_->connection, what.service, what.path);
        return *proxy;
    }

    static sdbus::MethodCall message_of(sdbus::IProxy& proxy, const Call& what) {
        auto message = wire::make_call(proxy, what.interface, what.method);
        for (const auto& argument : what.arguments)
            std::visit([&](const auto& value) { message << to_wire(value); }, argument.as);
        return message;
    }

    static Result<Values> result(sdbus::MethodReply& answer, const sdbus::Error* error) {
        if (error != nullptr) return to_error(*error);
        try {
            return read(answer);
        } catch (const sdbus::Error& unreadable) {
            return to_error(unreadable);
        }
    }

    void pump_soon() {
        if (std::exchange(pump_posted_, true)) return;
        asio::post(loop_, [self = shared_from_this()] { self->pump(); });
    }

    void pump() {
        pump_posted_ = false;
        if (stopped_) return;
        const auto kept = wire_;  // a handler may end us
        try {
            int left = messages_at_once;
            while (left > 0 && !stopped_ && wire::process(*kept->connection)) --left;
            if (stopped_) return;
            if (left == 0) return pump_soon();
            wait();
        } catch (const sdbus::Error&) {
            if (stopped_) return;
            const auto lost = std::move(lost_);
            stop();
            lost();
        }
    }

    void wait() {
        const auto poll = wire_->connection->getEventLoopPollData();
        if ((poll.events & POLLIN) != 0 && !std::exchange(reading_, true))
            wait(asio::posix::descriptor_base::wait_read, reading_);
        if ((poll.events & POLLOUT) != 0 && !std::exchange(writing_, true))
            wait(asio::posix::descriptor_base::wait_write, writing_);
        timer_.cancel();
        const int milliseconds_left = poll.getPollTimeout();
        if (milliseconds_left < 0) return;
        timer_.expires_after(milliseconds(milliseconds_left));
        timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
            if (!cancelled) self->pump_soon();
        });
    }

    void wait(asio::posix::descriptor_base::wait_type what, bool& waiting) {
        descriptor_.async_wait(what, [self = shared_from_this(), &waiting](const error_code& cancelled) {
            waiting = false;
            if (!cancelled) self->pump_soon();
        });
    }

    asio::io_context& loop_;
    asio::posix::stream_descriptor descriptor_;  ///< a copy: closing it is our own business
    asio::steady_timer timer_;
    std::function<void()> lost_;
    std::shared_ptr<Wire> wire_;
    bool stopped_ = false;
    bool pump_posted_ = false;
    bool reading_ = false;
    bool writing_ = false;
};

Result<std::unique_ptr<SystemBus>> SystemBus::connect(asio::io_context& loop, std::function<void()> lost) {
    auto impl = std::make_shared<Impl>(loop, std::move(lost));
    try {
        impl->open();
    } catch (const sdbus::Error& error) {
        return to_error(error);
    }
    return std::unique_ptr<SystemBus>(new SystemBus(std::move(impl)));
}

SystemBus::SystemBus(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

SystemBus::~SystemBus() {
    impl_->stop();
}

void SystemBus::call(const Call& what, Reply reply) {
    impl_->call(what, std::move(reply));
}

Result<SystemBus::Values> SystemBus::call_and_wait(const Call& what) {
    return impl_->call_and_wait(what);
}

Result<void> SystemBus::listen(const std::string& rule, std::function<void(const Signal&)> heard) {
    return impl_->listen(rule, std::move(heard));
}

}  // namespace busbar::gateway
