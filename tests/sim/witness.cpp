// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/witness.hpp"

#include <algorithm>

namespace busbar::simulation {

void Witness::on_sent(const Json& frame) {
    link.on_sent(frame);
    messages.on_sent(frame);
    limits.on_sent(frame);
    status.on_sent(frame);
    keys.on_sent(frame);
}

void Witness::on_received(const Json& frame) {
    link.on_received(frame);
    messages.on_received(frame);
    limits.on_received(frame);
    status.on_received(frame);
    keys.on_received(frame);
    if (!link.accepted()) {
        online_since_.reset();
    } else if (!online_since_) {
        online_since_ = scene_.now();
    }
}

void Witness::on_connected() {
    link.on_connected();
    if (link.accepted()) online_since_ = scene_.now();
}

void Witness::on_disconnected() {
    online_since_.reset();
    limits.on_link_lost();
    keys.on_link_or_process_lost();
}

void Witness::on_fresh_start() {
    online_since_.reset();
    link.on_fresh_start();
    status.on_fresh_start();
    transactions.on_fresh_start();
}

void Witness::on_process_end() {
    on_fresh_start();
    messages.on_process_end();
    transactions.on_process_end();
    limits.on_process_end();
    keys.on_link_or_process_lost();
}

void Witness::on_enqueued(const ocpp::QueuedMessage& message) {
    messages.on_enqueued(message);
    transactions.on_enqueued(message);
    if (message.action != "StartTransaction") return;
    const Json payload = Json::parse(message.payload, nullptr, false);
    limits.on_transaction_begun(payload.value("connectorId", 0));
}

void Witness::on_committed() {
    messages.on_committed();
    transactions.on_committed();
}

void Witness::on_time(std::optional<Moment> disk_good_since, std::optional<Moment> peace_since,
                      const std::vector<ocpp::ConnectorView>& views) {
    constexpr Moment until_saved{20'000'000};
    link.on_disk(disk_good_since.has_value());
    messages.on_time(disk_good_since && scene_.now() > *disk_good_since + until_saved);
    limits.on_time();
    std::optional<Moment> calm;
    if (peace_since && online_since_ && disk_good_since) {
        calm = std::max({*peace_since, *online_since_, *disk_good_since});
    }
    status.on_time(link.waits() ? std::nullopt : calm, views);
}

}  // namespace busbar::simulation
