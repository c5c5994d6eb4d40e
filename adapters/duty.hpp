// SPDX-License-Identifier: Apache-2.0
// Something a driver has to write: one job at a time, judged by its outcome.
#pragma once

#include <optional>

#include "adapters/registers.hpp"
#include "config/profile.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

struct WriteJob {
    const config::Register* reg;
    Words words;
    Cause cause;
};

/// Keeps what it has to write until written() or refused() says what became of the last job; an exchange that
/// failed is told to nobody, so that the same job comes again.
class Duty {
  public:
    Duty() = default;
    Duty(const Duty&) = delete;
    Duty& operator=(const Duty&) = delete;
    virtual ~Duty() = default;

    /// What has to be written now.
    virtual std::optional<WriteJob> next(SteadyTime now) = 0;
    /// The last job succeeded; the register values know it already.
    virtual void written(SteadyTime at) = 0;
    /// The charger answered no.
    virtual void refused(const Error& error, SteadyTime now) = 0;
    /// The charger is met for the first time, or came back: nothing written before counts.
    virtual void restart() = 0;
    /// When next() may have something, if nothing else happens.
    [[nodiscard]] virtual std::optional<SteadyTime> due() const = 0;
};

}  // namespace busbar::adapters
