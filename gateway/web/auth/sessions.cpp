// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/auth/sessions.hpp"

#include <algorithm>

#include "gateway/web/auth/secrets.hpp"

namespace busbar::gateway {

SteadyTime Sessions::end_of(const Session& session) {
    return std::min(session.seen + idle, session.began + absolute);
}

Sessions::Begun Sessions::begin(const std::string& user, const std::string& from, SteadyTime now) {
    make_room(user, now);
    Begun begun{random_secret(), random_id()};
    by_digest_[digest_of(begun.secret)] = {begun.id, user, from, now, now};
    return begun;
}

void Sessions::make_room(const std::string& user, SteadyTime now) {
    std::erase_if(by_digest_, [=](const auto& entry) { return end_of(entry.second) <= now; });
    const auto end_oldest = [this](auto counts) {
        auto oldest = by_digest_.end();
        for (auto i = by_digest_.begin(); i != by_digest_.end(); ++i) {
            if (!counts(i->second)) continue;
            if (oldest == by_digest_.end() || i->second.seen < oldest->second.seen) oldest = i;
        }
        if (oldest != by_digest_.end()) by_digest_.erase(oldest);
    };
    const auto of_user = [&](const Session& session) { return session.user == user; };
    const auto count = std::count_if(by_digest_.begin(), by_digest_.end(),
                                     [&](const auto& entry) { return of_user(entry.second); });
    if (static_cast<std::size_t>(count) >= most_of_a_user) end_oldest(of_user);
    if (by_digest_.size() >= most) end_oldest([](const Session&) { return true; });
}

const Session* Sessions::enter(std::string_view secret, SteadyTime now) {
    const auto found = by_digest_.find(digest_of(secret));
    if (found == by_digest_.end()) return nullptr;
    if (end_of(found->second) <= now) {
        by_digest_.erase(found);
        return nullptr;
    }
    found->second.seen = now;
    return &found->second;
}

bool Sessions::lasts(std::string_view id, SteadyTime now) const {
    return std::any_of(by_digest_.begin(), by_digest_.end(), [=](const auto& entry) {
        return entry.second.id == id && end_of(entry.second) > now;
    });
}

bool Sessions::end(std::string_view id) {
    return std::erase_if(by_digest_, [=](const auto& entry) { return entry.second.id == id; }) > 0;
}

void Sessions::end_all_of(std::string_view user) {
    std::erase_if(by_digest_, [=](const auto& entry) { return entry.second.user == user; });
}

std::vector<Session> Sessions::all(SteadyTime now) const {
    std::vector<Session> list;
    for (const auto& [digest, session] : by_digest_) {
        if (end_of(session) > now) list.push_back(session);
    }
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.began < b.began; });
    return list;
}

}  // namespace busbar::gateway
