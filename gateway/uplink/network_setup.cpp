// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/network_setup.hpp"

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "gateway/uplink/own_connections.hpp"

namespace busbar::gateway {
namespace {

using dbus::ObjectPath;
using dbus::Sections;
using Values = SystemBus::Values;

constexpr milliseconds between_looks{500};
constexpr seconds patience_of_scan{12};
constexpr seconds patience_of_join{45};
constexpr std::uint32_t to_disk = 1;  // NMSettingsUpdate2Flags

constexpr const char* settings_with_secrets[] = {"802-11-wireless-security", "802-1x", "gsm", "ppp"};

Error not_there(const std::string& interface) {
    return {Errc::invalid, "NetworkManager has no device " + interface + "."};
}

const ObjectPath* path_at(const Values& values, std::size_t index) {
    return index < values.size() ? std::get_if<ObjectPath>(&values[index].as) : nullptr;
}

/// Grows with each scan that ended.
std::int64_t last_scan(const dbus::Objects& objects, const std::string& device) {
    const auto object = objects.find(device);
    if (object == objects.end() || !object->second.contains(nm::wireless)) return 0;
    return dbus::get<std::int64_t>(object->second.at(nm::wireless), "LastScan");
}

}  // namespace

class NetworkSetup::Impl : public std::enable_shared_from_this<NetworkSetup::Impl> {
  public:
    using Networks = std::function<void(Result<std::vector<WifiNetwork>>)>;

    Impl(boost::asio::io_context& loop, NetworkManager& manager) : loop_(loop), manager_(manager) {}

    void stop() { stopped_ = true; }

    void scan(const std::string& interface, Networks done) {
        const auto* device = device_at(interface);
        if (device == nullptr) return done(not_there(interface));
        const auto before = last_scan(manager_.objects(), device->path);
        const auto until = steady_now() + patience_of_scan;
        call(device->path, nm::wireless, "RequestScan", {{dbus::Dict{}}},
             [this, path = device->path, before, until, done = std::move(done)](const Result<Values>& asked) {
                 // Refused: it scans already, or did so just now. What it heard then will do.
                 const bool fresh = asked.has_value();
                 await_scan(path, before, fresh ? until : steady_now(), done);
             });
    }

    /// `keep`: over restarts, when it is up.
    void activate(const std::string& interface, Result<Sections> profile, bool keep, const Done& done) {
        if (!profile) return done(profile.error());
        (*profile)["connection"]["uuid"] = {own_connection_uuid()};
        const auto* device = device_at(interface);
        if (device == nullptr) return done(not_there(interface));
        manager_.forget_failure(device->path);
        const dbus::Dict options{{"persist", {std::string("volatile")}}};
        call(nm::manager_path, nm::service, "AddAndActivateConnection2",
             {{*profile}, {ObjectPath{device->path}}, {ObjectPath{"/"}}, {options}},
             [this, interface, keep, done](const Result<Values>& result) {
                 const auto* made = result ? path_at(*result, 0) : nullptr;
                 if (made == nullptr) return done(error_of(result));
                 await_up({interface, made->text, steady_now() + patience_of_join, keep, done});
             });
    }

    void close_access_point(const std::string& interface, const Done& done) {
        const auto* device = device_at(interface);
        if (device == nullptr) return done(not_there(interface));
        if (device->active_connection.empty()) return done({});
        call(nm::manager_path, nm::service, "DeactivateConnection", {{ObjectPath{device->active_connection}}},
             [done](const Result<Values>& result) { done(outcome(result)); });
    }

    void set_address(const std::string& interface, const std::optional<StaticAddress>& address, seconds limit,
                     const Done& done) {
        Sections trial;
        if (const auto valid = set_ipv4(trial, address); !valid) return done(valid.error());
        const auto* device = device_at(interface);
        if (device == nullptr) return done(not_there(interface));
        if (device->profile.empty()) return done(Error{Errc::refused, interface + " is not connected."});
        if (pending())
            return done(Error{Errc::refused, "Another change of an address waits to be confirmed."});
        Change change{interface, device->path, device->profile, address, done};
        call(nm::manager_path, nm::service, "CheckpointCreate",
             {{std::vector<ObjectPath>{{device->path}}},
              {static_cast<std::uint32_t>(limit.count())},
              {std::uint32_t{0}}},
             [this, change, limit](const Result<Values>& result) {
                 const auto* made = result ? path_at(*result, 0) : nullptr;
                 if (made == nullptr) return change.done(error_of(result));
                 checkpoint_ = made->text;
                 pending_ = {change.interface, change.address ? change.address->address : "",
                             steady_now() + limit};
                 read_profile(change);
             });
    }

    void confirm(const Done& done) {
        if (!pending())
            return done(Error{Errc::refused, "There is no change of an address to confirm any more."});
        call(nm::manager_path, nm::service, "CheckpointDestroy",
             {{ObjectPath{std::exchange(checkpoint_, {})}}},
             [done](const Result<Values>& result) { done(outcome(result)); });
    }

    [[nodiscard]] std::optional<PendingAddress> pending() const {
        if (checkpoint_.empty() || steady_now() >= pending_.until) return std::nullopt;
        return pending_;
    }

  private:
    struct Activation {
        std::string interface;
        std::string profile;  ///< path
        SteadyTime until;
        bool keep;
        Done done;
    };
    struct Change {
        std::string interface;
        std::string device;   ///< path
        std::string profile;  ///< path
        std::optional<StaticAddress> address;
        Done done;
    };

    [[nodiscard]] const NetworkDevice* device_at(const std::string& interface) const {
        return device_of(manager_.devices(), interface, {});
    }

    static Error error_of(const Result<Values>& result) {
        if (result) return {Errc::garbled, "NetworkManager answered in an unknown way."};
        if (result.error().code == Errc::unsupported)
            return {Errc::unsupported, "This version of NetworkManager cannot do that."};
        return result.error();
    }

    static Result<void> outcome(const Result<Values>& result) {
        if (!result) return error_of(result);
        return {};
    }

    void call(const std::string& path, const std::string& interface, const std::string& method,
              std::vector<dbus::Value> arguments, SystemBus::Reply reply) {
        manager_.call(path, interface, method, std::move(arguments),
                      [self = shared_from_this(), reply = std::move(reply)](const Result<Values>& result) {
                          if (!self->stopped_) reply(result);
                      });
    }

    void later(std::function<void()> what) {
        auto timer = std::make_shared<boost::asio::steady_timer>(loop_, between_looks);
        timer->async_wait([self = shared_from_this(), timer, what = std::move(what)](const auto& cancelled) {
            if (!cancelled && !self->stopped_) what();
        });
    }

    void refresh(std::function<void(Result<void>)> done) {
        manager_.refresh([self = shared_from_this(), done = std::move(done)](const Result<void>& fresh) {
            if (!self->stopped_) done(fresh);
        });
    }

    void await_scan(const std::string& device, std::int64_t before, SteadyTime until, const Networks& done) {
        refresh([this, device, before, until, done](const Result<void>& fresh) {
            if (!fresh) return done(fresh.error());
            const bool ended = last_scan(manager_.objects(), device) != before || steady_now() >= until;
            if (ended) return done(wifi_networks(manager_.objects(), device));
            later([this, device, before, until, done] { await_scan(device, before, until, done); });
        });
    }

    void await_up(const Activation& activation) {
        refresh([this, activation](const Result<void>& fresh) {
            if (!fresh) return activation.done(fresh.error());
            const auto* device = device_at(activation.interface);
            if (device == nullptr) return activation.done(not_there(activation.interface));
            if (device->profile == activation.profile && device->state == nm::state_activated)
                return activation.keep ? keep(activation) : activation.done({});
            if (const auto failure = manager_.failure_of(device->path))
                return give_up(activation, words_for(*failure, device->kind));
            if (!manager_.objects().contains(activation.profile)) return give_up(activation, {});
            if (steady_now() >= activation.until) return give_up(activation, "it took too long");
            later([this, activation] { await_up(activation); });
        });
    }

    void keep(const Activation& activation) {
        call(activation.profile, nm::profile, "Update2", {{Sections{}}, {to_disk}, {dbus::Dict{}}},
             [done = activation.done](const Result<Values>& result) { done(outcome(result)); });
    }

    void give_up(const Activation& activation, const std::string& words) {
        call(activation.profile, nm::profile, "Delete", {}, [](const auto&) {});
        activation.done(Error{Errc::refused,
                              "Not connected: " + (words.empty() ? "NetworkManager gave up" : words) + "."});
    }

    void read_profile(const Change& change) {
        call(change.profile, nm::profile, "GetSettings", {}, [this, change](const Result<Values>& result) {
            const auto* settings =
                result && !result->empty() ? std::get_if<Sections>(&result->front().as) : nullptr;
            if (settings == nullptr) return roll_back(change, error_of(result));
            read_secrets(change, *settings, 0);
        });
    }

    /// An update takes away the secrets that it does not bring.
    void read_secrets(const Change& change, Sections settings, std::size_t next) {
        while (next < std::size(settings_with_secrets) && !settings.contains(settings_with_secrets[next]))
            ++next;
        if (next == std::size(settings_with_secrets)) return update(change, std::move(settings));
        const std::string section = settings_with_secrets[next];
        call(change.profile, nm::profile, "GetSecrets", {{section}},
             [this, change, settings, section, next](const Result<Values>& result) mutable {
                 if (!result) return roll_back(change, error_of(result));
                 const auto* secrets = result->empty() ? nullptr : std::get_if<Sections>(&result->front().as);
                 if (secrets != nullptr && secrets->contains(section)) {
                     for (const auto& [key, value] : secrets->at(section)) settings[section][key] = value;
                 }
                 read_secrets(change, std::move(settings), next + 1);
             });
    }

    void update(const Change& change, Sections settings) {
        if (const auto set = set_ipv4(settings, change.address); !set) return roll_back(change, set.error());
        call(change.profile, nm::profile, "Update2", {{std::move(settings)}, {to_disk}, {dbus::Dict{}}},
             [this, change](const Result<Values>& updated) {
                 if (!updated) return roll_back(change, error_of(updated));
                 call(nm::manager_path, nm::service, "ActivateConnection",
                      {{ObjectPath{change.profile}}, {ObjectPath{change.device}}, {ObjectPath{"/"}}},
                      [this, change](const Result<Values>& result) {
                          if (!result) return roll_back(change, error_of(result));
                          change.done({});
                      });
             });
    }

    void roll_back(const Change& change, const Error& error) {
        call(nm::manager_path, nm::service, "CheckpointRollback",
             {{ObjectPath{std::exchange(checkpoint_, {})}}},
             [change, error](const auto&) { change.done(error); });
    }

    boost::asio::io_context& loop_;
    NetworkManager& manager_;
    bool stopped_ = false;
    std::string checkpoint_;    ///< path; "" none is open
    PendingAddress pending_{};  ///< what it is for
};

NetworkSetup::NetworkSetup(boost::asio::io_context& loop, NetworkManager& manager)
    : impl_(std::make_shared<Impl>(loop, manager)) {}

NetworkSetup::~NetworkSetup() {
    impl_->stop();
}

void NetworkSetup::scan(const std::string& interface,
                        std::function<void(Result<std::vector<WifiNetwork>>)> done) {
    impl_->scan(interface, std::move(done));
}

void NetworkSetup::join(const std::string& interface, const WifiLogin& login, const Done& done) {
    impl_->activate(interface, wifi_profile(login, interface), true, done);
}

void NetworkSetup::open_access_point(const std::string& interface, const WifiLogin& login, const Done& done) {
    impl_->activate(interface, access_point_profile(login, interface), false, done);
}

void NetworkSetup::close_access_point(const std::string& interface, const Done& done) {
    impl_->close_access_point(interface, done);
}

void NetworkSetup::set_address(const std::string& interface, const std::optional<StaticAddress>& address,
                               seconds confirm, const Done& done) {
    impl_->set_address(interface, address, confirm, done);
}

void NetworkSetup::confirm(const Done& done) {
    impl_->confirm(done);
}

std::optional<PendingAddress> NetworkSetup::pending() const {
    return impl_->pending();
}

}  // namespace busbar::gateway
