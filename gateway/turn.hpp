// SPDX-License-Identifier: Apache-2.0
// One turn of the loop: whatever the charge points changed in it is committed together, and only then do the
// frames leave that depend on it; what the disk has nothing to do with does not wait for it. Bus commands do
// not wait here: they are gone before the turn ends.
#pragma once

#include <functional>
#include <vector>

#include "gateway/backoff.hpp"
#include "gateway/base/log.hpp"
#include "gateway/store/store.hpp"

namespace busbar::gateway {

class TurnMember {
  public:
    virtual ~TurnMember() = default;
    /// The disk may take its time now.
    virtual void before_commit() {}
    /// `committed`: everything saved so far is on the disk. False: hold back what must not leave without it.
    virtual void end_turn(bool committed) = 0;
};

class Turn {
  public:
    /// After a failed commit the next one is tried so much later, whatever happens meanwhile: a disk that
    /// takes nothing costs next to nothing, and what it holds back leaves soon after it has healed.
    static constexpr milliseconds first_retry{125};
    static constexpr milliseconds longest_retry{1000};

    /// Runs the given function once the present turn is over.
    using AtEnd = std::function<void(std::function<void()>)>;
    /// Runs the given function after a while; there is one at a time.
    using Later = std::function<void(milliseconds, std::function<void()>)>;

    /// `random` yields values in [0, 1).
    Turn(Store& store, AtEnd at_end, Later later, std::function<double()> random, Log log)
        : store_(store),
          at_end_(std::move(at_end)),
          later_(std::move(later)),
          random_(std::move(random)),
          log_(std::move(log)) {}

    /// The member has something for the end of this turn.
    void join(TurnMember& member);
    /// The member goes away.
    void leave(const TurnMember& member);

  private:
    void schedule_end();
    void end();
    bool commit();

    Store& store_;
    AtEnd at_end_;
    Later later_;
    std::function<double()> random_;
    Log log_;
    std::vector<TurnMember*> members_;
    bool scheduled_ = false;
    bool store_failing_ = false;
    bool awaits_retry_ = false;
    Backoff retry_{first_retry, longest_retry};
};

}  // namespace busbar::gateway
