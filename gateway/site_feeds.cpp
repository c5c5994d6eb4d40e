// SPDX-License-Identifier: Apache-2.0
// The site's shared feeds: reviewed once a turn after anything changed at a charge point.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/site.hpp"

namespace busbar::gateway {
namespace {

Amperes most_of(const Making& making) {
    const Amperes installed = making.charger.max_current;
    return making.profile->limit ? std::min(installed, Amperes(making.profile->limit->max_a)) : installed;
}

/// What a charger offers by itself when nobody talks to it.
Amperes when_lost(const Making& making) {
    switch (making.profile->fallback.value_or(config::Fallback::full_power)) {
        case config::Fallback::stops:
            return Amperes(0);
        case config::Fallback::failsafe:
            return std::min(making.charger.failsafe_current, most_of(making));
        default:
            return most_of(making);
    }
}

}  // namespace

/// A feed that stays knows what its chargers may be offering; a new one has to assume the most.
void Site::replace_groups(const std::vector<config::Group>& groups) {
    std::vector<SharedFeed> next;
    for (const auto& group : groups) {
        const auto same = std::find_if(feeds_.begin(), feeds_.end(),
                                       [&](const SharedFeed& old) { return old.group == group; });
        next.push_back(same == feeds_.end() ? SharedFeed{group, Feed(group.max_current)} : std::move(*same));
    }
    feeds_ = std::move(next);
    schedule_review();
}

void Site::schedule_review() {
    if (feeds_.empty() || std::exchange(review_scheduled_, true)) return;
    boost::asio::post(around_.csms.loop, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) review_feeds();
    });
}

std::vector<FeedMember> Site::members_of(const config::Group& group) const {
    std::vector<FeedMember> members;
    for (const auto& id : group.chargers) {
        const auto unit = units_.find(id);
        if (unit == units_.end()) continue;
        const Making& making = unit->second->making();
        for (auto& connector : unit->second->view().connectors)
            members.push_back({id, std::move(connector), most_of(making), when_lost(making)});
    }
    return members;
}

void Site::review_feeds() {
    review_scheduled_ = false;
    for (auto& [group, feed] : feeds_) {
        for (const auto& grant : feed.review(members_of(group))) {
            if (auto* unit = find_unit(grant.charge_point)) unit->set_ceiling(grant.connector, grant.ceiling);
        }
    }
}

}  // namespace busbar::gateway
