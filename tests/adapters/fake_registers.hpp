// SPDX-License-Identifier: Apache-2.0
// Registers as a test wants them: a memory, misbehaviour on request, and a journal of every exchange.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "adapters/registers.hpp"

namespace busbar::adapters::test {

class FakeRegisters final : public Registers {
  public:
    struct Entry {
        SteadyTime at;
        bool is_write;
        Span span;
        Words words;  ///< written
    };

    /// `clock` is moved on by the time each exchange takes.
    explicit FakeRegisters(SteadyTime& clock, TraceTap tap = {})
        : Registers("fake", std::move(tap), [&clock] { return clock; }), clock_(clock) {}

    Result<SteadyTime> open() override {
        if (unreachable) return Error{Errc::unreachable, "no such device"};
        return opened_at;
    }
    void interrupt() override {}
    [[nodiscard]] bool numbers_requests() const override { return numbered; }

    void set(int unit, config::Table table, int address, const Words& words) {
        for (std::size_t i = 0; i < words.size(); ++i) {
            memory[{unit, table, address + static_cast<int>(i)}] = words[i];
        }
    }
    [[nodiscard]] std::uint16_t word(int unit, config::Table table, int address) const {
        return memory.at({unit, table, address});
    }

    [[nodiscard]] std::vector<Entry> writes() const { return only(true); }
    [[nodiscard]] std::vector<Entry> reads() const { return only(false); }
    [[nodiscard]] std::vector<Words> written_to(int address) const {
        std::vector<Words> values;
        for (const auto& entry : journal) {
            if (entry.is_write && entry.span.address == address) values.push_back(entry.words);
        }
        return values;
    }
    [[nodiscard]] int reads_of(int address) const {
        int count = 0;
        for (const auto& entry : journal) {
            const bool covers =
                entry.span.address <= address && address < entry.span.address + entry.span.count;
            if (!entry.is_write && covers) ++count;
        }
        return count;
    }

    using Place = std::tuple<int, config::Table, int>;
    std::map<Place, std::uint16_t> memory;  ///< an address without an entry answers exception 2
    std::set<int> hangs_up_at;              ///< addresses
    std::set<int> silent_at;
    std::set<int> silent_at_units;
    std::set<int> ignores_writes_at;       ///< echoed, not stored
    std::map<int, int> refuses_writes_at;  ///< exception by address
    int longest_read = 125;                ///< a longer one is refused
    bool silent = false;
    int lose_next = 0;  ///< so many exchanges are not answered
    bool unreachable = false;
    bool numbered = false;
    SteadyTime opened_at{};
    std::vector<Entry> journal;

  private:
    Exchange<Words> transfer_read(const Span& span, milliseconds reply_timeout) override {
        journal.push_back({clock_, false, span, {}});
        if (auto error = failure(span, reply_timeout)) return *error;
        if (span.count > longest_read) return refusal(3);
        Words words;
        for (int address = span.address; address < span.address + span.count; ++address) {
            const auto found = memory.find({span.unit, span.table, address});
            if (found == memory.end()) return refusal(2);
            words.push_back(found->second);
        }
        return words;
    }

    Exchange<void> transfer_write(const Span& span, const Words& words, config::WriteFunction /*function*/,
                                  milliseconds reply_timeout) override {
        journal.push_back({clock_, true, span, words});
        if (auto error = failure(span, reply_timeout)) return *error;
        const auto refused = refuses_writes_at.find(span.address);
        if (refused != refuses_writes_at.end()) return refusal(refused->second);
        if (!ignores_writes_at.contains(span.address)) set(span.unit, span.table, span.address, words);
        return {};
    }

    std::optional<ExchangeError> failure(const Span& span, milliseconds reply_timeout) {
        const auto hit = [&](const std::set<int>& addresses) {
            const auto found = addresses.lower_bound(span.address);
            return found != addresses.end() && *found < span.address + span.count;
        };
        if (hit(hangs_up_at)) return ExchangeError{{Errc::unreachable, "closed"}, 0, true};
        if (silent || lose_next > 0 || hit(silent_at) || silent_at_units.contains(span.unit)) {
            if (lose_next > 0) --lose_next;
            clock_ += reply_timeout;
            return ExchangeError{{Errc::timeout, "no answer"}};
        }
        clock_ += 20ms;
        return std::nullopt;
    }

    static ExchangeError refusal(int exception) { return {{Errc::refused, "refused"}, exception}; }

    [[nodiscard]] std::vector<Entry> only(bool writes) const {
        std::vector<Entry> entries;
        for (const auto& entry : journal) {
            if (entry.is_write == writes) entries.push_back(entry);
        }
        return entries;
    }

    SteadyTime& clock_;
};

}  // namespace busbar::adapters::test
