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
/// A register that `required`, `limit` or `enable` writes is read back at least as a slow one.
///
/// A register that was never read and is answered by an exception, a closed connection or three times by
/// silence is not asked for again until restart(). When a read of several was refused, each is asked alone
/// until the one is found; if it was the read's length, they stay alone. One that was read before rests for a
/// slow_interval.
class ReadList {
  public:
    enum class Scope { bring_up, everything };  ///< bring_up: what must be known before anything is written

    /// Both must outlive this.
    ReadList(const config::Profile& profile, const RegisterValues& values);

    /// The one read that shows whether the charger answers: of what its state is told from, if it has one.
    [[nodiscard]] Span probe() const { return probe_; }

    /// The charger came back: nothing is known about what it has.
    void restart();
    /// Everything that is read before `from` counts as old.
    void refresh(SteadyTime from) { refreshed_from_ = from; }

    /// The next read of the cycle that began at `from`; empty when the cycle is complete.
    [[nodiscard]] std::optional<Span> next(Scope scope, SteadyTime from) const;

    void answered(const Span& span);
    /// Both return the names of registers that are given up because of it, for the log.
    std::vector<std::string> refused(const Span& span, SteadyTime now);
    std::vector<std::string> failed(const Span& span, SteadyTime now, bool hung_up);

  private:
    /// Registers that share one span: bit fields of a word.
    struct Item {
        Span span;
        std::vector<const config::Register*> registers;
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

    void add(const config::Register& reg);
    void mark_written();
    [[nodiscard]] Span find_probe() const;
    [[nodiscard]] bool usable(const Item& item) const;
    [[nodiscard]] bool is_due(const Item& item, SteadyTime from) const;
    [[nodiscard]] std::vector<Item*> inside(const Span& span);
    void settle_group(int group);

    const config::Profile& profile_;
    const RegisterValues& values_;
    std::vector<Item> items_;
    Span probe_;
    SteadyTime refreshed_from_{};
    int groups_ = 0;
};

}  // namespace busbar::adapters
