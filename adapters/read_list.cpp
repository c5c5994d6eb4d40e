// SPDX-License-Identifier: Apache-2.0
// Due by age; given up by evidence.
#include "adapters/read_list.hpp"

#include <algorithm>
#include <utility>

#include "adapters/profile_conditions.hpp"
#include "adapters/register_codec.hpp"
#include "adapters/register_plan.hpp"

namespace busbar::adapters {
namespace {

using config::Access;
using config::PollClass;
using config::Register;

constexpr int most_silences = 3;

bool overlap(const Span& a, const Span& b) {
    return a.unit == b.unit && a.table == b.table && a.address < b.address + b.count &&
           b.address < a.address + a.count;
}

bool is_partial(const Register& reg) {
    const auto bits = own_bits(reg);
    return std::any_of(bits.begin(), bits.end(), [](auto word) { return word != 0xFFFF; });
}

std::vector<std::string> written_by(const config::Profile& profile) {
    std::vector<std::string> names;
    if (profile.limit) names = profile.limit->registers;
    names.push_back(profile.watchdog.reg);
    if (profile.enable) names.push_back(profile.enable->reg);
    for (const auto& entry : profile.sequences) {
        for (const auto& step : entry.second) {
            if (const auto* write = std::get_if<config::WriteStep>(&step)) names.push_back(write->reg);
        }
    }
    return names;
}

}  // namespace

ReadList::ReadList(const std::vector<View>& views)
    : pacing_(views.front().profile->pacing), limits_(views.front().profile->read_limits) {
    for (const auto& view : views) add(view);
    probe_ = find_probe(views.front());
    if (const auto* block = block_of(blocks_, probe_)) probe_ = *block;
}

void ReadList::add(const View& view) {
    for (const auto& block : view.profile->read_limits.blocks) {
        blocks_.push_back({view.values->unit_of(block.unit_name), block.table, block.address, block.count});
    }
    for (const auto& entry : view.profile->registers) {
        if (entry.second.access != Access::write) add(entry.second, *view.values);
    }
    mark_written(view);
}

Span ReadList::find_probe(const View& view) const {
    for (const auto& rule : view.profile->state) {
        for (const auto& condition : rule.when) {
            const auto* reg = view.values->find(condition.reg);
            if (reg != nullptr && reg->access != Access::write && reg->when.empty())
                return view.values->span_of(*reg);
        }
    }
    const auto always = [](const Item& item) { return item.entries.front().reg->when.empty(); };
    const auto item = std::find_if(items_.begin(), items_.end(), always);
    return item == items_.end() ? view.values->span_of({}) : item->span;
}

void ReadList::add(const Register& reg, const RegisterValues& values) {
    const auto span = values.span_of(reg);
    auto item =
        std::find_if(items_.begin(), items_.end(), [&](const Item& known) { return known.span == span; });
    if (item == items_.end()) {
        items_.emplace_back();
        item = std::prev(items_.end());
        item->span = span;
    }
    item->entries.push_back({&reg, &values});
    item->poll = std::min(item->poll, reg.poll);
    item->bring_up = item->bring_up || reg.poll == PollClass::once;
}

void ReadList::mark(const RegisterValues& values, const std::string& name, bool first) {
    for (auto& item : items_) {
        const bool is_it = std::any_of(item.entries.begin(), item.entries.end(), [&](const Entry& entry) {
            return entry.values == &values && entry.reg->name == name;
        });
        if (!is_it) continue;
        item.poll = std::min(item.poll, PollClass::slow);
        item.bring_up = item.bring_up || first;
    }
}

/// What is written is read back, and read first where writing costs EEPROM or must keep the bits beside it.
void ReadList::mark_written(const View& view) {
    const auto& profile = *view.profile;
    const auto limit_first = profile.limit && profile.limit->stored;
    for (const auto& required : profile.required) mark(*view.values, required.reg, true);
    if (profile.limit) {
        for (const auto& name : profile.limit->registers) mark(*view.values, name, limit_first);
    }
    if (profile.limit && profile.enable) mark(*view.values, profile.enable->reg, limit_first);
    if (profile.limit) {  // never offered more than this unit can, not even for a moment
        auto bounds = profile.limit->max_registers;
        bounds.push_back(profile.limit->min_register);
        for (const auto& name : bounds) {
            const auto* reg = view.values->find(name);
            if (reg != nullptr && reg->poll != PollClass::once) mark(*view.values, name, true);
        }
    }
    for (const auto& name : written_by(profile)) {
        const auto* reg = view.values->find(name);
        if (reg != nullptr && is_partial(*reg)) mark(*view.values, name, true);
    }
}

void ReadList::restart() {
    for (auto& item : items_) {
        item.missing = item.known = item.retest = item.culprit = false;
        item.alone = item.silences = 0;
        item.not_before = SteadyTime{};
    }
}

bool ReadList::usable(const Item& item) const {
    return !item.missing && std::any_of(item.entries.begin(), item.entries.end(), [](const Entry& entry) {
        return hold(entry.reg->when, *entry.values);
    });
}

bool ReadList::is_due(const Item& item, SteadyTime from) const {
    if (from < item.not_before) return false;
    if (item.retest) return true;
    const auto age = item.entries.front().values->age(item.span);
    if (!age) return true;
    switch (item.poll) {
        case PollClass::fast:
            return *age < from;
        case PollClass::slow:
            return *age + pacing_.slow_interval <= from || *age < refreshed_from_;
        default:
            return false;
    }
}

std::optional<Span> ReadList::next(Scope scope, SteadyTime from) const {
    std::vector<Span> due;
    std::vector<Span> readable;
    for (const auto& item : items_) {
        if (!usable(item)) continue;
        const bool wanted = (scope == Scope::everything || item.bring_up) && is_due(item, from);
        if (wanted && item.alone != 0) return item.span;
        if (item.alone != 0) continue;
        if (block_of(blocks_, item.span) == nullptr) readable.push_back(item.span);
        if (wanted) due.push_back(item.span);
    }
    const auto reads = plan_reads(std::move(due), readable, limits_, blocks_);
    if (reads.empty()) return std::nullopt;
    return reads.front();
}

std::vector<ReadList::Item*> ReadList::inside(const Span& span) {
    std::vector<Item*> found;
    for (auto& item : items_) {
        if (usable(item) && overlap(item.span, span)) found.push_back(&item);
    }
    return found;
}

/// The group's culprit is known: its others may be read together again.
void ReadList::settle_group(int group) {
    if (group == 0) return;
    const auto of_group = [&](const Item& item) { return item.alone == group; };
    const bool all_tested = std::none_of(items_.begin(), items_.end(),
                                         [&](const Item& item) { return of_group(item) && item.retest; });
    const bool found = std::any_of(items_.begin(), items_.end(),
                                   [&](const Item& item) { return of_group(item) && item.culprit; });
    if (!all_tested || !found) return;
    for (auto& item : items_) {
        if (of_group(item) && !item.culprit) item.alone = 0;
    }
}

void ReadList::answered(const Span& span) {
    for (auto* item : inside(span)) {
        item->known = true;
        item->retest = item->culprit = false;
        item->silences = 0;
        item->not_before = SteadyTime{};
        settle_group(item->alone);
    }
}

ReadList::Missing ReadList::give_up(Item& item, SteadyTime now) {
    item.not_before = now + pacing_.slow_interval;
    item.retest = false;
    item.culprit = true;
    item.missing = !item.known;
    settle_group(item.alone);
    Missing missing{item.span, {}};
    for (const auto& entry : item.entries) missing.names.push_back(entry.reg->name);
    return missing;
}

ReadList::Conclusion ReadList::refused(const Span& span, SteadyTime now) {
    const auto items = inside(span);
    Conclusion conclusion{true, {}};
    if (items.size() > 1 && block_of(blocks_, span) == nullptr) {
        ++groups_;
        for (auto* item : items) {
            item->alone = groups_;
            item->retest = true;
            item->not_before = SteadyTime{};
        }
        return conclusion;
    }
    for (auto* item : items) {
        auto missing = give_up(*item, now);
        if (item->missing) conclusion.missing.push_back(std::move(missing));
    }
    conclusion.learned = !conclusion.missing.empty();
    return conclusion;
}

void ReadList::postpone(Item& item, SteadyTime now) const {
    const bool again_soon = item.known || item.poll == PollClass::fast;
    item.not_before = now + (again_soon ? SteadyEpoch::duration(1) : pacing_.slow_interval);
}

void ReadList::busy(const Span& span, SteadyTime now) {
    for (auto* item : inside(span)) postpone(*item, now);
}

/// A connection that is closed on a read of several may be closed because of one that was never read.
ReadList::Conclusion ReadList::failed(const Span& span, SteadyTime now, bool hung_up) {
    const auto items = inside(span);
    const auto is_known = [](const Item* item) { return item->known; };
    const bool all_known = std::all_of(items.begin(), items.end(), is_known);
    bool silent = std::none_of(items.begin(), items.end(), is_known);
    for (auto* item : items) {
        postpone(*item, now);
        if (!hung_up) ++item->silences;
        silent = silent && item->silences >= most_silences;
    }
    if (items.empty() || all_known || !(hung_up || silent)) return {};
    return refused(span, now);
}

void ReadList::rest(int unit, SteadyTime until) {
    for (auto& item : items_) {
        if (item.span.unit == unit) item.not_before = std::max(item.not_before, until);
    }
}

}  // namespace busbar::adapters
