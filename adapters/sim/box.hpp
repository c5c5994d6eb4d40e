// SPDX-License-Identifier: Apache-2.0
// A simulated charger: what the wire can ask of it, what a hand at it can do, and what it shows.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/sim/bytes.hpp"
#include "adapters/sim/car.hpp"
#include "adapters/sim/framing.hpp"
#include "adapters/sim/key_values.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

namespace busbar::sim {

/// How fast a box answers, and how much silence it wants after its last answer.
struct Timing {
    milliseconds answers_after{10};
    milliseconds wants_gap{0};      ///< a request that comes sooner is counted
    milliseconds ignores_below{0};  ///< a request that comes sooner is not heard
};

/// One unit. Knows no clock: it is brought forward by advance() before anything else is asked of it.
class Box {
  public:
    explicit Box(SteadyTime start) : start_(start), now_(start) {}
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;
    virtual ~Box() = default;

    /// Lets the box and its car live until `now`, in steps short enough for their ramps and delays.
    void advance(SteadyTime now);

    /// One request without its frame. Empty: the box does not answer.
    virtual std::optional<Bytes> exchange(const Bytes& request) = 0;
    [[nodiscard]] virtual Timing timing() const = 0;

    /// A request to all units (0) reaches it too; nobody answers it.
    [[nodiscard]] virtual bool hears_broadcasts() const { return false; }

    /// What the box said by itself since the last call, in its frames. Only if speaks_by_itself().
    [[nodiscard]] virtual bool speaks_by_itself() const { return false; }
    virtual std::vector<Bytes> take_notifications() { return {}; }

    virtual Car& car() = 0;
    virtual Result<void> fault(std::string_view name) = 0;  ///< an error lists the names
    virtual void clear_fault() = 0;
    virtual Result<void> lock(bool locked);       ///< the external lock input
    virtual Result<void> card(const Bytes& uid);  ///< at the reader; empty takes it away
    virtual void power_cycle() = 0;

    [[nodiscard]] virtual nlohmann::json show() const = 0;
    [[nodiscard]] virtual nlohmann::json writes() const = 0;  ///< the last ones, oldest first

  protected:
    virtual void step(SteadyTime::duration length) = 0;  ///< now() is already the step's end

    [[nodiscard]] SteadyTime now() const { return now_; }
    [[nodiscard]] SteadyTime start() const { return start_; }

  private:
    SteadyTime start_;
    SteadyTime now_;
};

/// What every box is told when it is made.
struct BoxSetup {
    int unit = 1;
    int speed = 1;  ///< batteries and meters run this many times faster
    SteadyTime start;
};

/// One row of the table of models.
struct Model {
    std::string_view name;
    std::string_view about;
    const Protocol* protocol;
    std::unique_ptr<Box> (*make)(KeyValues& keys, const BoxSetup& setup);  ///< mistakes stay in `keys`
};

}  // namespace busbar::sim
