// SPDX-License-Identifier: Apache-2.0
// One turn of the loop: whatever the charge points changed in it is committed together, and only then do the
// frames leave that depend on it. Bus commands do not wait here: they are gone before the turn ends.
#pragma once

#include <functional>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/store/store.hpp"

namespace busbar::gateway {

class TurnMember {
  public:
    virtual ~TurnMember() = default;
    /// `committed`: everything saved so far is on the disk. False: hold back what must not leave without it.
    virtual void end_turn(bool committed) = 0;
};

class Turn {
  public:
    /// `at_end` runs the given function once the present turn is over; `later` some seconds from now.
    using Schedule = std::function<void(std::function<void()>)>;

    Turn(Store& store, Schedule at_end, Schedule later, Log log)
        : store_(store), at_end_(std::move(at_end)), later_(std::move(later)), log_(std::move(log)) {}

    /// The member has something for the end of this turn.
    void join(TurnMember& member);
    /// The member goes away.
    void leave(const TurnMember& member);

  private:
    void schedule_end();
    void end();
    bool commit();

    Store& store_;
    Schedule at_end_;
    Schedule later_;
    Log log_;
    std::vector<TurnMember*> members_;
    bool scheduled_ = false;
    bool store_failing_ = false;
};

}  // namespace busbar::gateway
