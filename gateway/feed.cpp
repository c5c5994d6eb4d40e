// SPDX-License-Identifier: Apache-2.0
// Look, share, lower, and only then raise into what room there is.
#include "gateway/feed.hpp"

#include <algorithm>
#include <set>

#include "gateway/base/shares.hpp"

namespace busbar::gateway {
namespace {

/// A raise by less than a setpoint can express is not worth a write.
constexpr double fine = 0.05;
constexpr double rounding = 1e-9;

/// When its transaction began; those of unknown time come last.
UtcTime began(const FeedMember& member) {
    const auto* transaction = member.view.transaction;
    return transaction == nullptr ? UtcTime::max() : transaction->start.utc.value_or(UtcTime::max());
}

}  // namespace

Feed::Seat& Feed::seat(const FeedMember& member) {
    const Key key{member.charge_point, member.view.id};
    return seats_.try_emplace(key, Seat{Amperes(0), member.most}).first->second;
}

/// What the member may be offering now, and since when it wants something.
void Feed::look(const FeedMember& member) {
    Seat& one = seat(member);
    if (member.view.lost) {
        one.held = member.when_lost;
    } else if (member.view.confirmed) {
        one.held = one.ceiling;
    } else {
        one.held = std::max(one.was_lost ? member.most : one.held, one.ceiling);
    }
    one.was_lost = member.view.lost;
    const bool wants = member.view.demand > Amperes(0);
    if (!wants) one.turn = 0;
    if (wants && one.turn == 0) one.turn = ++turns_;
}

std::map<Feed::Key, Amperes> Feed::targets(const std::vector<FeedMember>& members) {
    Amperes left = max_current_;
    std::vector<const FeedMember*> heard;
    std::map<Key, Amperes> found;
    for (const auto& member : members) {
        if (member.view.lost) {
            left = left - member.when_lost;
            found[{member.charge_point, member.view.id}] = std::min(seat(member).ceiling, member.when_lost);
        } else {
            heard.push_back(&member);
        }
    }
    std::stable_sort(heard.begin(), heard.end(), [this](const FeedMember* a, const FeedMember* b) {
        return seat(*a).turn < seat(*b).turn;
    });
    std::vector<Demand> demands;
    demands.reserve(heard.size());
    for (const auto* member : heard) demands.push_back({member->view.demand, member->view.minimum});
    const auto parts = shares(left, demands);
    for (std::size_t i = 0; i < heard.size(); ++i)
        found[{heard[i]->charge_point, heard[i]->view.id}] = parts[i];
    return found;
}

Amperes Feed::room_for(const Key& key) const {
    Amperes room = max_current_;
    for (const auto& [other, one] : seats_) {
        if (other != key) room = room - one.held;
    }
    return room;
}

std::vector<Feed::Grant> Feed::review(const std::vector<FeedMember>& members) {
    std::set<Key> present;
    std::vector<const FeedMember*> by_age;
    for (const auto& member : members) {
        present.insert({member.charge_point, member.view.id});
        by_age.push_back(&member);
    }
    // Demands that are there already at the first look have begun in the order of their transactions.
    std::stable_sort(by_age.begin(), by_age.end(),
                     [](const FeedMember* a, const FeedMember* b) { return began(*a) < began(*b); });
    std::erase_if(seats_, [&](const auto& entry) { return !present.contains(entry.first); });
    for (const auto* member : by_age) look(*member);

    std::vector<Grant> grants;
    const auto set = [&](const Key& key, Amperes ceiling) {
        Seat& one = seats_.at(key);
        one.ceiling = ceiling;
        one.held = std::max(one.held, ceiling);
        grants.push_back({key.first, key.second, ceiling});
    };
    const auto wanted = targets(members);
    for (const auto& [key, target] : wanted) {
        if (target.value() < seats_.at(key).ceiling.value() - rounding) set(key, target);
    }
    for (const auto& [key, target] : wanted) {
        const Amperes possible = std::min(target, room_for(key));
        if (possible.value() > seats_.at(key).ceiling.value() + fine) set(key, possible);
    }
    return grants;
}

}  // namespace busbar::gateway
