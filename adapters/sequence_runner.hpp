// SPDX-License-Identifier: Apache-2.0
// Runs one named list of writes and waits of the profile at a time.
#pragma once

#include <string>

#include "adapters/duty.hpp"
#include "adapters/profile_state.hpp"
#include "adapters/register_values.hpp"

namespace busbar::adapters {

/// A write to a register that this charger does not have (`when`) is left out. A write that is refused or
/// cannot be made, and a wait for values that do not come, end the sequence with an error.
class SequenceRunner final : public Duty {
  public:
    SequenceRunner(const config::Profile& profile, const RegisterValues& values);

    [[nodiscard]] bool has(const std::string& name) const;
    [[nodiscard]] bool running() const { return sequence_ != nullptr; }
    /// Only while none runs.
    void start(const std::string& name, const Cause& cause, SteadyTime now);
    /// Why the last sequence ended early; asking takes it away.
    std::optional<Error> take_error();

    /// What a wait for values waits for, else nullptr: only what is read from now on counts, so reading must
    /// go on while next() is asked again.
    [[nodiscard]] const config::Conditions* awaited() const;
    [[nodiscard]] bool waits_for_values() const { return awaited() != nullptr; }

    /// For the grace of state rules; a running sequence counts as writing now.
    [[nodiscard]] SequenceMoments moments(SteadyTime now) const;

    std::optional<WriteJob> next(SteadyTime now) override;
    void written(SteadyTime at) override;
    void refused(const Error& error, SteadyTime now) override;
    /// Ends a sequence under way.
    void restart() override;
    [[nodiscard]] std::optional<SteadyTime> due() const override;

  private:
    void advance(SteadyTime now);
    void leave_step();
    bool skips(const config::Conditions& when);
    bool pass(const config::WaitStep& step, SteadyTime now);
    bool pass(const config::WaitUntilStep& step, SteadyTime now);
    bool pass(const config::WriteStep& step, SteadyTime now);
    [[nodiscard]] bool came(const config::Conditions& awaited) const;
    void end(std::optional<Error> error, SteadyTime now);
    Result<WriteJob> job_of(const config::WriteStep& step) const;

    const config::Profile& profile_;
    const RegisterValues& values_;
    const config::Sequence* sequence_ = nullptr;
    std::string name_;
    Cause cause_;
    std::size_t step_ = 0;
    std::optional<SteadyTime> step_began_;  ///< of a step that waits
    bool entered_ = false;                  ///< the step's condition was asked, and held
    SequenceMoments ended_;
    std::optional<Error> error_;
};

}  // namespace busbar::adapters
