// SPDX-License-Identifier: Apache-2.0
#include "gateway/host_lookup.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <optional>

namespace busbar::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// How long a fresh answer may hold up a dial that could use the last good one.
constexpr milliseconds patience{500};

Endpoints families_in_turn(const Endpoints& endpoints) {
    Endpoints of_one;
    Endpoints of_other;
    for (const auto& endpoint : endpoints)
        (endpoint.protocol() == endpoints.front().protocol() ? of_one : of_other).push_back(endpoint);
    Endpoints mixed;
    for (std::size_t n = 0; n < std::max(of_one.size(), of_other.size()); ++n) {
        if (n < of_one.size()) mixed.push_back(of_one[n]);
        if (n < of_other.size()) mixed.push_back(of_other[n]);
    }
    return mixed;
}

}  // namespace

struct HostLookup::Host {
    explicit Host(asio::io_context& loop) : patience_timer(loop) {}

    struct Waiting {
        std::weak_ptr<void> asker;
        Handler handler;
    };
    std::vector<Waiting> waiting;
    bool asking = false;  ///< the resolver is at work
    bool silent = false;  ///< the question before it failed, or this one has used up the patience
    Endpoints last_good;
    std::optional<asio::ip::tcp::endpoint> preferred;
    asio::steady_timer patience_timer;

    void keep(const Endpoints& endpoints) {
        last_good = families_in_turn(endpoints);
        const auto first =
            preferred ? std::find(last_good.begin(), last_good.end(), *preferred) : last_good.end();
        if (first != last_good.end()) std::rotate(last_good.begin(), first, first + 1);
    }

    void tell(const Result<Found>& found) {
        for (const auto& [asker, handler] : std::exchange(waiting, {})) {
            if (const auto alive = asker.lock()) handler(found);
        }
    }
    void tell_from_memory() { tell(Found{last_good, true}); }
};

HostLookup::HostLookup(asio::io_context& loop, std::unique_ptr<Resolver> resolver)
    : loop_(loop), resolver_(std::move(resolver)) {}
HostLookup::~HostLookup() = default;

HostLookup::Host& HostLookup::at(const std::string& name, int port) {
    auto& host = hosts_[{name, port}];
    if (!host) host = std::make_unique<Host>(loop_);
    return *host;
}

void HostLookup::remember(const std::string& host, int port, const Endpoints& endpoints) {
    at(host, port).keep(endpoints);
}

void HostLookup::prefer(const std::string& name, int port, const asio::ip::tcp::endpoint& endpoint) {
    Host& host = at(name, port);
    host.preferred = endpoint;
    host.keep(Endpoints(host.last_good));
}

Endpoints HostLookup::last_good(const std::string& host, int port) const {
    const auto known = hosts_.find({host, port});
    return known == hosts_.end() ? Endpoints{} : known->second->last_good;
}

void HostLookup::find(const std::string& name, int port, std::weak_ptr<void> asker, Handler handler) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(name, not_an_address);
    if (!not_an_address) {
        const asio::ip::tcp::endpoint endpoint(address, static_cast<std::uint16_t>(port));
        asio::post(loop_, [asker = std::move(asker), handler = std::move(handler), endpoint] {
            if (const auto alive = asker.lock()) handler(Found{{endpoint}});
        });
        return;
    }
    Host& host = at(name, port);
    std::erase_if(host.waiting, [](const auto& waiting) { return waiting.asker.expired(); });
    host.waiting.push_back({std::move(asker), std::move(handler)});
    if (!host.asking) {
        host.asking = true;
        resolver_->ask(name, port, [this, &host](auto endpoints) { answered(host, std::move(endpoints)); });
    }
    if (host.last_good.empty() || host.waiting.size() > 1) return;
    host.patience_timer.expires_after(host.silent ? milliseconds(0) : patience);
    host.patience_timer.async_wait([&host](const error_code& cancelled) {
        if (cancelled) return;
        host.silent = true;
        host.tell_from_memory();
    });
}

void HostLookup::answered(Host& host, Result<Endpoints> endpoints) {
    host.asking = false;
    host.silent = !endpoints;
    host.patience_timer.cancel();
    if (endpoints) host.keep(*endpoints);
    if (endpoints) return host.tell(Found{host.last_good});
    if (host.last_good.empty()) return host.tell(endpoints.error());
    host.tell_from_memory();
}

}  // namespace busbar::gateway
