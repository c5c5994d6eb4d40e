// SPDX-License-Identifier: Apache-2.0
// Which registers of a charger are to be read next, and which it has shown not to have. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/register_values.hpp"
#include "adapters/registers.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// When a register is read:
///  once  until it was read;   slow  every slow_interval, and at refresh();   fast  in each cycle.
/// A register that `required`, `limit` or `enable` writes is read back at least as a slow one. One that lies
/// in a block comes with the whole block. The connectors of a charger have one list: their reads merge.
///
/// A register that was never read and is answered by an exception, a closed connection or three times by
/// silence is not asked for again until restart(). When a read of several was refused, each is asked alone
/// until the one is found; if it was the read's length, they stay alone. A block is never read in parts: it
/// is given up whole. One that was read before rests for a slow_interval.
class ReadList {
  public:
    enum class Scope { bring_up, everything };  ///< bring_up: what must be known before anything is written

    /// A connector's profile, and its view of the values. Both outlive the list.
    struct View {
        const config::Profile* profile;
        const RegisterValues* values;
    };
    /// One for each connector, at least one.
    explicit ReadList(const std::vector<View>& views);

    /// The one read that shows whether the charger answers: of what its state is told from, if it has one.
    [[nodiscard]] Span probe() const { return probe_; }

    /// The charger came back: nothing is known about what it has.
    void restart();
    /// Everything that is read before `from` counts as old.
    void refresh(SteadyTime from) { refreshed_from_ = from; }

    /// The next read of the cycle that began at `from`; empty when the cycle is complete.
    [[nodiscard]] std::optional<Span> next(Scope scope, SteadyTime from) const;

    void answered(const Span& span);

    /// What is given up because of a failed read.
    struct Missing {
        Span span;
        std::vector<std::string> names;
    };
    /// `learned`: something is given up, or its registers are looked for one by one.
    struct Conclusion {
        bool learned = false;
        std::vector<Missing> missing;
    };
    Conclusion refused(const Span& span, SteadyTime now);
    Conclusion failed(const Span& span, SteadyTime now, bool hung_up);
    /// It had no time for this read: later, and nothing is concluded.
    void busy(const Span& span, SteadyTime now);

    /// Nothing of this unit is read before `until`.
    void rest(int unit, SteadyTime until);

  private:
    struct Entry {
        const config::Register* reg;
        const RegisterValues* values;
    };
    /// Registers that share one span: bit fields of a word, and what connectors have in common.
    struct Item {
        Span span;
        std::vector<Entry> entries;
        config::PollClass poll = config::PollClass::once;
        bool bring_up = false;
        bool missing = false;  ///< the charger does not have it
        bool known = false;    ///< was answered once
        bool retest = false;   ///< a read of several with it was refused
        bool culprit = false;  ///< it was refused when asked alone
        int alone = 0;         ///< number of the refused read it was part of; 0: may be merged
        int silences = 0;
        SteadyTime not_before{};  ///< after a failure
    };

    void add(const View& view);
    void add(const config::Register& reg, const RegisterValues& values);
    void mark_written(const View& view);
    void mark(const RegisterValues& values, const std::string& name, bool first);
    [[nodiscard]] Span find_probe(const View& view) const;
    [[nodiscard]] bool usable(const Item& item) const;
    [[nodiscard]] bool is_due(const Item& item, SteadyTime from) const;
    [[nodiscard]] std::vector<Item*> inside(const Span& span);
    void postpone(Item& item, SteadyTime now) const;
    void settle_group(int group);
    Missing give_up(Item& item, SteadyTime now);

    const config::Pacing& pacing_;
    const config::ReadLimits& limits_;
    std::vector<Span> blocks_;  ///< of all connectors, at their unit ids
    std::vector<Item> items_;
    Span probe_;
    SteadyTime refreshed_from_{};
    int groups_ = 0;
};

}  // namespace busbar::adapters
