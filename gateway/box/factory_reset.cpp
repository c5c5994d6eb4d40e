// SPDX-License-Identifier: Apache-2.0
#include "gateway/box/factory_reset.hpp"

#include <algorithm>
#include <utility>

#include "gateway/box/erasure.hpp"

namespace busbar::gateway {
namespace {

constexpr milliseconds look_interval{500};  // whoever asked has the answer by the first
constexpr int most_looks = 20;

}  // namespace

bool all_paused(const std::vector<ChargePointReport>& charge_points) {
    return std::all_of(charge_points.begin(), charge_points.end(), [](const ChargePointReport& one) {
        return std::all_of(one.view.connectors.begin(), one.view.connectors.end(), [](const auto& view) {
            return view.lost || (view.confirmed && view.wanted == Amperes(0));
        });
    });
}

FactoryReset::FactoryReset(Ports ports) : ports_(std::move(ports)), timer_(ports_.loop) {}

Result<void> FactoryReset::begin() {
    if (under_way_) return {};
    if (ports_.update_is_running())
        return Error{Errc::refused, "A release is being installed: try again when that is done."};
    if (const auto marked = ask_for_erasure(ports_.state_dir); !marked) return marked.error();
    under_way_ = true;
    looks_left_ = most_looks;
    ports_.log.warning("factory_reset", "A factory reset begins: chargers are paused, then all is erased.");
    pause();
    await();
    return {};
}

void FactoryReset::pause() {
    for (const auto& one : ports_.site.charge_points()) {
        auto* unit = ports_.site.find_unit(one.id);
        if (unit == nullptr) continue;
        for (const auto& view : unit->view().connectors) {
            auto local = view.local;
            local.paused = true;
            unit->set_local_limit(view.id, local);
        }
    }
}

void FactoryReset::await() {
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        if (--looks_left_ > 0 && !all_paused(ports_.site.charge_points())) return await();
        ports_.end();
    });
}

}  // namespace busbar::gateway
