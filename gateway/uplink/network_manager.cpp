// SPDX-License-Identifier: Apache-2.0
// A signal says that something changed; what, is asked anew as a whole: nothing can be missed or mixed up.
#include "gateway/uplink/network_manager.hpp"

#include <algorithm>
#include <utility>

#include "gateway/uplink/connection_profiles.hpp"

namespace busbar::gateway {
namespace {

constexpr milliseconds first_look{1'000};
constexpr milliseconds longest_wait{60'000};
/// Signals come in swarms.
constexpr milliseconds swarm{100};
constexpr milliseconds patience_at_stop{1'000};

constexpr const char* bus_service = "org.freedesktop.DBus";
constexpr const char* object_manager = "org.freedesktop.DBus.ObjectManager";

const char* const rules_of_change[] = {
    "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.DBus.ObjectManager'",
    "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.DBus.Properties',"
    "arg0='org.freedesktop.NetworkManager.Device'",
    "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.DBus.Properties',"
    "arg0='org.freedesktop.NetworkManager.IP4Config'",
    "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.DBus.Properties',"
    "arg0='org.freedesktop.NetworkManager.IP6Config'"};
constexpr const char* rule_of_state =
    "type='signal',sender='org.freedesktop.NetworkManager',interface='org.freedesktop.NetworkManager.Device',"
    "member='StateChanged'";
constexpr const char* rule_of_owner =
    "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
    "arg0='org.freedesktop.NetworkManager'";

template <class T>
const T* argument(const SystemBus::Values& values, std::size_t index) {
    return index < values.size() ? std::get_if<T>(&values[index].as) : nullptr;
}

SystemBus::Call put_back(const std::string& path) {
    // Without settings: those of the profile.
    return {.service = nm::service,
            .path = path,
            .interface = nm::device,
            .method = "Reapply",
            .arguments = {{dbus::Sections{}}, {std::uint64_t{0}}, {std::uint32_t{0}}},
            .timeout = patience_at_stop};
}

}  // namespace

NetworkManager::NetworkManager(Surroundings around)
    : around_(std::move(around)),
      retry_timer_(around_.loop),
      fetch_timer_(around_.loop),
      random_(std::random_device{}()),
      backoff_(first_look, longest_wait) {
    look();
}

NetworkManager::~NetworkManager() {
    for (const auto& [interface, metric] : told_) {
        const auto* device = device_of(devices_, interface, modem_interface_);
        if (device == nullptr || !bus_) continue;
        const auto result = bus_->call_and_wait(put_back(device->path));
        if (!result && result.error().code == Errc::timeout) break;
    }
}

void NetworkManager::look() {
    if (!bus_) {
        if (const auto connected = connect(); !connected) {
            bus_.reset();
            absent("there is no system D-Bus (" + connected.error().detail + ")");
            return look_again();
        }
    }
    // A call of its own would start it, though somebody stopped it.
    bus_->call(
        {bus_service, "/org/freedesktop/DBus", bus_service, "NameHasOwner", {{std::string(nm::service)}}},
        [this](const Result<SystemBus::Values>& result) {
            const bool* there = result ? argument<bool>(*result, 0) : nullptr;
            if (there != nullptr && *there) return fetch();
            absent("it is not running");
            look_again();
        });
}

Result<void> NetworkManager::connect() {
    auto bus = SystemBus::connect(around_.loop, [this] {
        bus_.reset();
        absent("the system D-Bus went away");
        look_again();
    });
    if (!bus) return bus.error();
    bus_ = std::move(*bus);
    for (const char* rule : rules_of_change) {
        const auto heard = bus_->listen(rule, [this](const auto&) { fetch_soon(); });
        if (!heard) return heard.error();
    }
    const auto states = bus_->listen(rule_of_state, [this](const auto& signal) { on_state(signal); });
    if (!states) return states.error();
    return bus_->listen(rule_of_owner, [this](const auto& signal) { on_owner(signal); });
}

void NetworkManager::look_again() {
    const double fraction = std::uniform_real_distribution<>(0, 1)(random_);
    retry_timer_.expires_after(backoff_.next(fraction));
    retry_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) look();
    });
}

void NetworkManager::absent(const std::string& why) {
    if (!std::exchange(absence_told_, true)) {
        around_.log.warning("network_manager_absent",
                            "NetworkManager is not there: " + why +
                                ". Carrier and addresses are followed without it; name servers come from the "
                                "configuration only, and the default route stays as it is.");
    }
    forget();
}

void NetworkManager::forget() {
    fetch_timer_.cancel();
    fetching_ = false;
    fetch_again_ = false;
    objects_.clear();
    failures_.clear();
    told_.clear();
    const bool knew = !std::exchange(devices_, {}).empty();
    answer(Error{Errc::unreachable, "NetworkManager is not there."});
    if (knew) around_.changed();
}

void NetworkManager::on_owner(const SystemBus::Signal& signal) {
    const auto* owner = argument<std::string>(signal.arguments, 2);
    if (owner == nullptr) return;
    if (owner->empty()) {
        absent("it was stopped, or has ended");
        look_again();
    } else {
        retry_timer_.cancel();
        fetch_soon();
    }
}

void NetworkManager::on_state(const SystemBus::Signal& signal) {
    const auto* state = argument<std::uint32_t>(signal.arguments, 0);
    const auto* reason = argument<std::uint32_t>(signal.arguments, 2);
    if (state == nullptr || reason == nullptr) return;
    if (*state == nm::state_failed) failures_[signal.path] = *reason;
    if (*state == nm::state_activated) failures_.erase(signal.path);
    // It comes up with the metric of its profile, perhaps before we look.
    std::erase_if(told_, [&](const auto& told) {
        const auto* device = device_of(devices_, told.first, modem_interface_);
        return device != nullptr && device->path == signal.path;
    });
    fetch_soon();
}

std::optional<std::uint32_t> NetworkManager::failure_of(const std::string& device_path) const {
    const auto found = failures_.find(device_path);
    return found == failures_.end() ? std::nullopt : std::optional(found->second);
}

void NetworkManager::fetch_soon() {
    if (fetching_) {
        fetch_again_ = true;
        return;
    }
    fetching_ = true;
    fetch_timer_.expires_after(swarm);
    fetch_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) fetch();
    });
}

void NetworkManager::fetch() {
    if (!bus_) return;
    fetching_ = true;
    bus_->call({nm::service, nm::root, object_manager, "GetManagedObjects"},
               [this](const Result<SystemBus::Values>& result) {
                   fetching_ = false;
                   const auto* objects = result ? argument<dbus::Objects>(*result, 0) : nullptr;
                   if (objects != nullptr) return take(*objects);
                   absent(result ? "it answers in an unknown way" : result.error().detail);
                   look_again();
               });
}

void NetworkManager::take(dbus::Objects objects) {
    backoff_.reset();
    retry_timer_.cancel();
    if (std::exchange(absence_told_, false))
        around_.log.info("network_manager_back", "NetworkManager is there.");
    objects_ = std::move(objects);
    std::erase_if(failures_, [this](const auto& failure) { return !objects_.contains(failure.first); });
    auto devices = network_devices(objects_, failures_);
    const bool changed = devices != devices_;
    devices_ = std::move(devices);
    route();
    if (std::exchange(fetch_again_, false)) fetch_soon();
    answer({});
    if (changed) around_.changed();
}

void NetworkManager::answer(const Result<void>& result) {
    for (const auto& done : std::exchange(waiting_, {})) done(result);
}

void NetworkManager::refresh(std::function<void(Result<void>)> done) {
    if (!bus_ || absence_told_) return done(Error{Errc::unreachable, "NetworkManager is not there."});
    waiting_.push_back(std::move(done));
    fetch_timer_.cancel();
    fetch();
}

void NetworkManager::call(const std::string& path, const std::string& interface, const std::string& method,
                          std::vector<dbus::Value> arguments, SystemBus::Reply reply) {
    if (!bus_) return reply(Error{Errc::io, "NetworkManager is not there."});
    bus_->call({nm::service, path, interface, method, std::move(arguments)}, std::move(reply));
}

void NetworkManager::set_route_metrics(std::map<std::string, std::int64_t> metrics,
                                       std::string modem_interface) {
    metrics_ = std::move(metrics);
    modem_interface_ = std::move(modem_interface);
    route();
}

void NetworkManager::route() {
    for (const auto& [interface, metric] : metrics_) {
        const auto* device = device_of(devices_, interface, modem_interface_);
        if (device == nullptr || device->state != nm::state_activated || device->external) {
            told_.erase(interface);
        } else if (const auto told = told_.find(interface); told == told_.end() || told->second != metric) {
            told_[interface] = metric;
            reapply(interface, device->path, metric);
        }
    }
}

void NetworkManager::reapply(const std::string& interface, const std::string& path, std::int64_t metric) {
    call(path, nm::device, "GetAppliedConnection", {{std::uint32_t{0}}},
         [this, interface, path, metric](const Result<SystemBus::Values>& result) {
             const auto* applied = result ? argument<dbus::Sections>(*result, 0) : nullptr;
             const auto* version = result ? argument<std::uint64_t>(*result, 1) : nullptr;
             if (applied == nullptr || version == nullptr) return reapplied(interface, result);
             auto profile = *applied;
             if (!set_route_metric(profile, metric)) return;
             call(path, nm::device, "Reapply", {{profile}, {*version}, {std::uint32_t{0}}},
                  [this, interface](const auto& answer) { reapplied(interface, answer); });
         });
}

void NetworkManager::reapplied(const std::string& interface, const Result<SystemBus::Values>& result) const {
    if (result) return;
    around_.log.warning("default_route_unmoved",
                        "NetworkManager does not change the routes of " + interface + ": " +
                            result.error().detail +
                            " Sessions are not touched by that; other programs may use another uplink.",
                        {{"interface", interface}});
}

}  // namespace busbar::gateway
