// SPDX-License-Identifier: Apache-2.0
// Due by age; given up by evidence.
#include "adapters/read_list.hpp"

#include <algorithm>

#include "adapters/profile_conditions.hpp"
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

}  // namespace

ReadList::ReadList(const config::Profile& profile, const RegisterValues& values)
    : profile_(profile), values_(values) {
    for (const auto& entry : profile.registers) {
        if (entry.second.access != Access::write) add(entry.second);
    }
    mark_written();
    probe_ = find_probe();
}

Span ReadList::find_probe() const {
    for (const auto& rule : profile_.state) {
        for (const auto& condition : rule.when) {
            const auto* reg = values_.find(condition.reg);
            if (reg != nullptr && reg->access != Access::write && reg->when.empty())
                return values_.span_of(*reg);
        }
    }
    const auto always = [](const Item& item) { return item.registers.front()->when.empty(); };
    const auto item = std::find_if(items_.begin(), items_.end(), always);
    return item == items_.end() ? values_.span_of({}) : item->span;
}

void ReadList::add(const Register& reg) {
    const auto span = values_.span_of(reg);
    auto item =
        std::find_if(items_.begin(), items_.end(), [&](const Item& known) { return known.span == span; });
    if (item == items_.end()) {
        items_.emplace_back();
        item = std::prev(items_.end());
        item->span = span;
    }
    item->registers.push_back(&reg);
    item->poll = std::min(item->poll, reg.poll);
    item->bring_up = item->bring_up || reg.poll == PollClass::once;
}

/// What is written is read back, and read first where writing costs EEPROM.
void ReadList::mark_written() {
    const auto mark = [&](const std::string& name, bool first) {
        for (auto& item : items_) {
            const bool is_it = std::any_of(item.registers.begin(), item.registers.end(),
                                           [&](const Register* reg) { return reg->name == name; });
            if (!is_it) continue;
            item.poll = std::min(item.poll, PollClass::slow);
            item.bring_up = item.bring_up || first;
        }
    };
    for (const auto& required : profile_.required) mark(required.reg, true);
    if (!profile_.limit) return;
    for (const auto& name : profile_.limit->registers) mark(name, profile_.limit->stored);
    if (profile_.enable) mark(profile_.enable->reg, profile_.limit->stored);
}

void ReadList::restart() {
    for (auto& item : items_) {
        item.missing = item.known = item.retest = item.culprit = false;
        item.alone = item.silences = 0;
        item.not_before = SteadyTime{};
    }
}

bool ReadList::usable(const Item& item) const {
    return !item.missing && std::any_of(item.registers.begin(), item.registers.end(),
                                        [&](const Register* reg) { return hold(reg->when, values_); });
}

bool ReadList::is_due(const Item& item, SteadyTime from) const {
    if (from < item.not_before) return false;
    if (item.retest) return true;
    const auto age = values_.age(item.span);
    if (!age) return true;
    switch (item.poll) {
        case PollClass::fast:
            return *age < from;
        case PollClass::slow:
            return *age + profile_.pacing.slow_interval <= from || *age < refreshed_from_;
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
        readable.push_back(item.span);
        if (wanted) due.push_back(item.span);
    }
    const auto reads = plan_reads(std::move(due), readable, profile_.read_limits);
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

std::vector<std::string> ReadList::refused(const Span& span, SteadyTime now) {
    const auto items = inside(span);
    if (items.size() > 1) {
        ++groups_;
        for (auto* item : items) {
            item->alone = groups_;
            item->retest = true;
            item->not_before = SteadyTime{};
        }
        return {};
    }
    std::vector<std::string> given_up;
    for (auto* item : items) {
        item->not_before = now + profile_.pacing.slow_interval;
        item->retest = false;
        item->culprit = true;
        item->missing = !item->known;
        settle_group(item->alone);
        if (item->known) continue;
        for (const auto* reg : item->registers) given_up.push_back(reg->name);
    }
    return given_up;
}

std::vector<std::string> ReadList::failed(const Span& span, SteadyTime now, bool hung_up) {
    const auto items = inside(span);
    bool hopeless = !items.empty();
    for (auto* item : items) {
        const bool again_soon = item->known || item->poll == PollClass::fast;
        item->not_before = now + (again_soon ? SteadyEpoch::duration(1) : profile_.pacing.slow_interval);
        if (!hung_up) ++item->silences;
        hopeless = hopeless && !item->known && (hung_up || item->silences >= most_silences);
    }
    return hopeless ? refused(span, now) : std::vector<std::string>{};
}

}  // namespace busbar::adapters
