// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/set_up_mode.hpp"

#include <utility>

namespace busbar::gateway {

SetUpMode::SetUpMode(Ports ports) : ports_(std::move(ports)), timer_(ports_.loop) {}

void SetUpMode::toggle() {
    if (is_open()) return close();
    auto* network = ports_.network();
    const auto interface = ports_.interface();
    if (network == nullptr || interface.empty()) {
        return ports_.log.warning(
            "set_up_refused",
            "There is no access point to open: the configuration has no WiFi uplink that "
            "NetworkManager manages. The pages are there by Ethernet.");
    }
    interface_ = interface;  // the LED answers the finger at once
    network->open_access_point(
        interface, ports_.login(), [this, alive = std::weak_ptr(alive_)](const Result<void>& opened) {
            if (alive.expired()) return;
            if (opened)
                return ports_.log.info("set_up_opened", "The access point for set-up is open.",
                                       {{"interface", interface_}});
            ports_.log.warning("set_up_refused", opened.error().detail);
            interface_.clear();
        });
    timer_.expires_after(lasts);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled && is_open()) close();
    });
}

void SetUpMode::close() {
    timer_.cancel();
    const auto interface = std::exchange(interface_, {});
    ports_.log.info("set_up_closed", "The access point for set-up is closed.", {{"interface", interface}});
    if (auto* network = ports_.network()) network->close_access_point(interface, [](const auto&) {});
}

}  // namespace busbar::gateway
