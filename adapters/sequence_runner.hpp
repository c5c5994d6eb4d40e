// SPDX-License-Identifier: Apache-2.0
// Runs one named list of writes and waits of the profile at a time: wake_up, unlock, reboot, recovery.
#pragma once

#include <string>

#include "adapters/duty.hpp"
#include "adapters/profile_state.hpp"
#include "adapters/register_values.hpp"

namespace busbar::adapters {

class SequenceRunner final : public Duty {
  public:
    SequenceRunner(const config::Profile& profile, const RegisterValues& values);

    [[nodiscard]] bool has(const std::string& name) const;
    [[nodiscard]] bool running() const { return sequence_ != nullptr; }
    /// Only while none runs.
    void start(const std::string& name, const Cause& cause, SteadyTime now);
    /// Why the last sequence ended early; asking takes it away.
    std::optional<Error> take_error();

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
    std::optional<WriteJob> job_of(const config::WriteStep& step);

    const config::Profile& profile_;
    const RegisterValues& values_;
    const config::Sequence* sequence_ = nullptr;
    std::string name_;
    Cause cause_;
    std::size_t step_ = 0;
    SteadyTime wait_until_{};
    SequenceMoments ended_;
    std::optional<Error> error_;
};

}  // namespace busbar::adapters
