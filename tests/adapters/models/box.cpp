// SPDX-License-Identifier: Apache-2.0
// Access rules, the car's arithmetic, and encodings written a second time so that they share no slip with
// ours.
#include "box.hpp"

#include <algorithm>
#include <bit>
#include <sstream>

namespace busbar::adapters::models {
namespace {

using config::Table;

ExchangeError refusal(int exception) {
    return {{Errc::refused, "exception " + std::to_string(exception)}, exception};
}

Table table_of(char letter) {
    static const std::map<char, Table> tables{
        {'h', Table::holding}, {'i', Table::input}, {'c', Table::coil}, {'d', Table::discrete}};
    return tables.at(letter);
}

int number(const std::string& text) {
    return std::stoi(text, nullptr, 0);
}

std::set<std::pair<Table, int>> places(const std::string& list) {
    std::set<std::pair<Table, int>> found;
    std::istringstream stream(list);
    for (std::string entry; stream >> entry;) {
        const auto dash = entry.find('-');
        const int first = number(entry.substr(1, dash == std::string::npos ? dash : dash - 1));
        const int last = dash == std::string::npos ? first : number(entry.substr(dash + 1));
        for (int address = first; address <= last; ++address) found.emplace(table_of(entry[0]), address);
    }
    return found;
}

}  // namespace

Box::Box(const Model& model, SteadyTime& clock)
    : Registers("box", {}, [&clock] { return clock; }),
      model_(model),
      clock_(clock),
      readable_(places(model.readable)),
      writable_(places(model.writable)) {
    fed_ = settled_ = clock;
    look_.total_wh = 1'234'500;
    power(true);
}

void Box::plug(bool in) {
    settle();
    if (in && !look_.plugged) look_.session_wh = 0;
    look_.plugged = in;
    settle();
}

void Box::power(bool on) {
    powered_ = on;
    fed_ = clock_;
    if (on) {
        old_.clear();
        for (const auto& preset : model_.power_on) {
            int address = preset.address;
            for (const auto word : preset.words) memory_[{preset.table, address++}] = word;
        }
    }
    settle();
}

bool Box::expired() const {
    return starved_ || (model_.watchdog > 0ms && clock_ - fed_ > model_.watchdog);
}

void Box::settle() {
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(clock_ - settled_).count();
    settled_ = clock_;
    look_.total_wh += look_.watts() * hours;
    look_.session_wh += look_.watts() * hours;
    look_.fault = fault_;
    look_.offered = expired() && model_.fallback ? model_.fallback(*this) : model_.offered(*this);
    if (!powered_ || fault_ || look_.offered < 6) look_.offered = 0;
    look_.charging = look_.plugged && asks_ && look_.offered > 0;
    look_.amperes = look_.charging ? look_.offered : 0;
    most_offered = std::max(most_offered, look_.offered);
    model_.show(*this, look_);
}

std::optional<ExchangeError> Box::hear(const Span& span, milliseconds reply_timeout) {
    settle();
    if (answered_ && clock_ - *answered_ < model_.gap) ++complaints["too soon after its last answer"];
    if (!powered_ || !connected_ || (span.unit != model_.unit && span.unit != model_.second_unit)) {
        clock_ += reply_timeout;
        return ExchangeError{{Errc::timeout, "no answer"}};
    }
    clock_ += 20ms;
    if (model_.watchdog_register < 0 && span.unit == model_.unit) fed_ = clock_;
    answered_ = clock_;
    if (busy_ > 0) {
        --busy_;
        return refusal(6);
    }
    return std::nullopt;
}

Words Box::words_of(const Span& span) const {
    Words words;
    for (int i = 0; i < span.count; ++i) {
        const Place place{span.table, span.address + i};
        const auto old = old_.find(place);
        const auto now = memory_.find(place);
        if (old != old_.end() && clock_ < old->second.first) {
            words.push_back(old->second.second);
        } else {
            words.push_back(now == memory_.end() ? std::uint16_t{0} : now->second);
        }
    }
    return words;
}

Exchange<Words> Box::transfer_read(const Span& span, milliseconds reply_timeout) {
    if (auto error = hear(span, reply_timeout)) return *error;
    int known = 0;
    for (int i = 0; i < span.count; ++i) known += readable_.contains({span.table, span.address + i}) ? 1 : 0;
    if (known == 0) ++probes[span.address];
    if (known > 0 && known < span.count) ++complaints["spans undocumented addresses: " + to_text(span)];
    if (known < span.count) return refusal(2);
    if (span.count > model_.longest_read) {
        ++complaints["too long: " + to_text(span)];
        return refusal(3);
    }
    return words_of(span);
}

Exchange<void> Box::transfer_write(const Span& span, const Words& words, config::WriteFunction /*function*/,
                                   milliseconds reply_timeout) {
    if (auto error = hear(span, reply_timeout)) return *error;
    if (const int exception = judge(span, words)) return refusal(exception);
    writes.push_back({clock_, span.address, words});
    if (span.address == model_.watchdog_register) fed_ = clock_;
    if (span.address == model_.healed_by) starved_ = false;
    for (int i = 0; i < span.count; ++i) {
        const Place place{span.table, span.address + i};
        const auto index = static_cast<std::size_t>(i);
        if (lag_ > 0ms && memory_[place] != words[index]) old_[place] = {clock_ + lag_, memory_[place]};
        memory_[place] = words[index];
    }
    settle();
    return {};
}

int Box::judge(const Span& span, const Words& words) {
    for (int i = 0; i < span.count; ++i) {
        if (writable_.contains({span.table, span.address + i})) continue;
        ++complaints["writes what is not writable: " + to_text(span)];
        return 2;
    }
    const int exception = model_.refuses ? model_.refuses(*this, span.address, words.front()) : 0;
    if (exception != 0) {
        ++complaints["writes " + std::to_string(words.front()) + " to " + to_text(span)];
    }
    return exception;
}

void Box::put(Table table, int address, int value) {
    memory_[{table, address}] = static_cast<std::uint16_t>(value);
}

void Box::put32(Table table, int address, double value, bool low_first) {
    const auto whole = static_cast<std::uint32_t>(value);
    put(table, address + (low_first ? 1 : 0), static_cast<int>(whole >> 16));
    put(table, address + (low_first ? 0 : 1), static_cast<int>(whole & 0xFFFF));
}

void Box::put_float(Table table, int address, double value, bool low_first) {
    put32(table, address, std::bit_cast<std::uint32_t>(static_cast<float>(value)), low_first);
}

void Box::put_double(Table table, int address, double value) {
    const auto image = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 4; ++i) put(table, address + i, static_cast<int>(image >> (48 - 16 * i) & 0xFFFF));
}

void Box::put_text(Table table, int address, std::string_view text, int per_register, bool swapped) {
    for (std::size_t at = 0; at < text.size(); at += static_cast<std::size_t>(per_register)) {
        const int first = static_cast<unsigned char>(text[at]);
        const int second =
            per_register == 2 && at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
        const int word = per_register == 1 ? first : swapped ? second << 8 | first : first << 8 | second;
        put(table, address++, word);
    }
}

int Box::get(int address, Table table) const {
    const auto cell = memory_.find({table, address});
    return cell == memory_.end() ? 0 : cell->second;
}

std::uint32_t Box::get32(int address, Table table) const {
    return static_cast<std::uint32_t>(get(address, table)) << 16 |
           static_cast<std::uint32_t>(get(address + 1, table));
}

double Box::get_float(int address, bool low_first) const {
    const auto high = get32(address);
    return static_cast<double>(std::bit_cast<float>(low_first ? high << 16 | high >> 16 : high));
}

std::size_t Box::writes_since(SteadyTime from) const {
    return static_cast<std::size_t>(
        std::count_if(writes.begin(), writes.end(), [&](const Write& write) { return write.at > from; }));
}

}  // namespace busbar::adapters::models
