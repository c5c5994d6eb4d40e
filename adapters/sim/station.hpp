// SPDX-License-Identifier: Apache-2.0
// A box at its place on the line: what it hears, how late it answers, and the faults ordered for it.
#pragma once

#include "adapters/sim/box.hpp"

namespace busbar::sim {

/// Counts run down to zero as they are used up.
struct LineFaults {
    int drop = 0;    ///< requests not heard
    int garble = 0;  ///< answers damaged on their way
    int late = 0;    ///< answers sent `late_by` later than usual
    milliseconds late_by{0};
    int dirty = 0;        ///< answers with a stray byte in front
    int foreign = 0;      ///< answers in the name of the next unit id
    int twice = 0;        ///< answers that come a second time
    bool silent = false;  ///< hears and says nothing, as if unplugged from the line
};

class Station {
  public:
    Station(int unit, std::unique_ptr<Box> box) : unit_(unit), box_(std::move(box)) {}

    struct Answer {
        Bytes payload;
        SteadyTime due;
        bool garbled;
        bool dirty;
        bool foreign;
        bool twice;
    };

    /// A request for this unit arrived undamaged. Empty: no answer will come.
    std::optional<Answer> request(const Bytes& payload, SteadyTime now);

    /// A request for all units: not counted, not answered.
    void broadcast(const Bytes& payload, SteadyTime now);

    /// What the box says by itself.
    std::vector<Bytes> take_notifications(SteadyTime now);

    [[nodiscard]] int unit() const { return unit_; }
    [[nodiscard]] LineFaults& faults() { return faults_; }
    [[nodiscard]] Box& box() { return *box_; }
    [[nodiscard]] const Box& box() const { return *box_; }

    /// What the box shows, and the counters of the line.
    [[nodiscard]] nlohmann::json show(SteadyTime now) const;

  private:
    /// Too soon after the last answer to be heard? Counts what is sooner than the box wants.
    bool too_soon(SteadyTime now);

    int unit_;
    std::unique_ptr<Box> box_;
    LineFaults faults_;
    int requests_ = 0;
    int answers_ = 0;
    int gap_violations_ = 0;
    std::optional<SteadyTime> last_request_;
    std::optional<SteadyTime> last_answer_;  ///< when it is, or was, due
};

}  // namespace busbar::sim
