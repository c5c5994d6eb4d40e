// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace busbar::gateway {
namespace {

/// A failback that lasted less than this was a mistake.
constexpr seconds proof_of_failback{600};
/// The hold that mistakes made longer is forgotten after this.
constexpr seconds hold_memory{3600};

bool is_hopeless(UplinkState state) {
    return state < UplinkState::probing;
}
bool is_fit(UplinkState state) {
    return state == UplinkState::online || state == UplinkState::suspect;
}

seconds hold_of(const Selection& selection, const FailoverPolicy& policy) {
    return selection.hold.value_or(policy.failback_hold);
}

/// A person's choice goes before every priority.
auto rank(const UplinkView& view, const FailoverPolicy& policy) {
    return std::tuple(view.id != policy.preferred, view.priority);
}

/// Best first: by how well it works, then by rank. For an active uplink that has to be left.
const UplinkView& best_of(const std::vector<UplinkView>& views, const FailoverPolicy& policy) {
    const auto order = [&](const UplinkView& view) {
        const int grade = is_fit(view.state)                   ? 0
                          : view.state == UplinkState::probing ? 1
                          : !is_hopeless(view.state)           ? 2
                                                               : 3;
        return std::tuple_cat(std::tuple(grade), rank(view, policy));
    };
    return *std::min_element(views.begin(), views.end(),
                             [&](const auto& a, const auto& b) { return order(a) < order(b); });
}

const UplinkView* find(const std::vector<UplinkView>& views, const std::string& id) {
    const auto found =
        std::find_if(views.begin(), views.end(), [&](const auto& view) { return view.id == id; });
    return found == views.end() ? nullptr : &*found;
}

/// Its newest probe passed, after `active` began to fail and before it failed again.
bool is_proved(const UplinkView& view, const UplinkView& active) {
    if (!view.last_good || !active.failing_since ||
        (view.last_failure && *view.last_failure > *view.last_good))
        return false;
    return *active.failing_since <= *view.last_good && *view.last_good <= active.last_failure;
}

/// The best that is online; else the best that answers though it has yet to prove that it will last.
const UplinkView* proved_rescue(const UplinkView& active, const std::vector<UplinkView>& views,
                                const FailoverPolicy& policy) {
    const auto order = [&](const UplinkView& view) {
        return std::tuple_cat(std::tuple(view.state != UplinkState::online), rank(view, policy));
    };
    const UplinkView* rescue = nullptr;
    for (const auto& view : views) {
        if (is_proved(view, active) && (rescue == nullptr || order(view) < order(*rescue))) rescue = &view;
    }
    return rescue;
}

/// A person chose it, and it has not been left since.
bool is_by_hand(const UplinkView& view, const Selection& current, const FailoverPolicy& policy) {
    return view.id == policy.preferred && policy.preferred_at > current.since;
}

/// When the hold of this better uplink is over; empty: it is no candidate.
std::optional<SteadyTime> failback_at(const UplinkView& view, const UplinkView& active,
                                      const Selection& current, const FailoverPolicy& policy) {
    if (view.state != UplinkState::online || rank(view, policy) >= rank(active, policy)) return std::nullopt;
    return is_by_hand(view, current, policy) ? view.since : view.since + hold_of(current, policy);
}

const UplinkView* better_one(const UplinkView& active, const Selection& current,
                             const std::vector<UplinkView>& views, const FailoverPolicy& policy,
                             SteadyTime now) {
    const UplinkView* better = nullptr;
    for (const auto& view : views) {
        const auto at = failback_at(view, active, current, policy);
        if (at && *at <= now && (better == nullptr || rank(view, policy) < rank(*better, policy)))
            better = &view;
    }
    return better;
}

Selection switch_to(const UplinkView& target, Selection from, Move move, std::string reason, SteadyTime now) {
    from.active = target.id;
    from.since = now;
    from.move = move;
    from.reason = fmt::format("{}: {}", target.name, reason);
    from.was_failback = false;
    return from;
}

/// The uplink that was gone back to is left again: if too soon, the next failback waits longer.
void learn(Selection& selection, const FailoverPolicy& policy, SteadyTime now) {
    if (!selection.was_failback || now - selection.since >= proof_of_failback) return;
    selection.hold = std::min(hold_of(selection, policy) * 2, policy.failback_hold_max);
    selection.hold_grew_at = now;
}

void forgive(Selection& selection, SteadyTime now) {
    if (!selection.hold_grew_at || now - *selection.hold_grew_at < hold_memory) return;
    selection.hold.reset();
    selection.hold_grew_at.reset();
}

Selection first_choice(const std::vector<UplinkView>& views, const FailoverPolicy& policy, SteadyTime now) {
    const UplinkView& best = best_of(views, policy);
    auto choice = switch_to(best, {}, Move::none, "the first choice of those that may work", now);
    choice.server_down = best.state == UplinkState::server_silent;
    return choice;
}

Selection leave(const UplinkView& active, const UplinkView& target, Selection from,
                const FailoverPolicy& policy, SteadyTime now) {
    learn(from, policy, now);
    return switch_to(target, std::move(from), Move::forced, fmt::format("{} {}", active.name, active.reason),
                     now);
}

Selection go_back(const UplinkView& active, const UplinkView& better, Selection from,
                  const FailoverPolicy& policy, SteadyTime now) {
    const bool by_hand = is_by_hand(better, from, policy);
    const auto waited = std::chrono::floor<seconds>(now - better.since).count();
    auto choice = switch_to(better, std::move(from), Move::planned,
                            by_hand ? std::string("chosen by hand")
                                    : fmt::format("online for {} s and preferred to {}", waited, active.name),
                            now);
    choice.was_failback = !by_hand;
    return choice;
}

}  // namespace

Selection select(const std::optional<Selection>& before, const std::vector<UplinkView>& views,
                 const FailoverPolicy& policy, SteadyTime now) {
    const UplinkView* active = before ? find(views, before->active) : nullptr;
    if (active == nullptr) return first_choice(views, policy, now);

    Selection choice = *before;
    choice.move = Move::none;
    forgive(choice, now);
    if (is_hopeless(active->state)) {
        const UplinkView& best = best_of(views, policy);
        if (!is_hopeless(best.state)) choice = leave(*active, best, choice, policy, now);
    } else if (!is_fit(active->state)) {
        const UplinkView* rescue = proved_rescue(*active, views, policy);
        if (rescue != nullptr) choice = leave(*active, *rescue, choice, policy, now);
    } else if (const UplinkView* better = better_one(*active, choice, views, policy, now)) {
        choice = go_back(*active, *better, choice, policy, now);
    }
    choice.server_down = find(views, choice.active)->state == UplinkState::server_silent;
    return choice;
}

std::optional<SteadyTime> next_choice(const Selection& current, const std::vector<UplinkView>& views,
                                      const FailoverPolicy& policy) {
    const UplinkView* active = find(views, current.active);
    if (active == nullptr || !is_fit(active->state)) return std::nullopt;
    std::optional<SteadyTime> next;
    for (const auto& view : views) {
        const auto at = failback_at(view, *active, current, policy);
        if (at && (!next || *at < *next)) next = at;
    }
    return next;
}

}  // namespace busbar::gateway
