// SPDX-License-Identifier: Apache-2.0
// Keeps the settings that make up a limit in force, for drivers that have commands instead of registers.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "gateway/base/trace.hpp"

namespace busbar::adapters {

/// One setting at its wanted value; `id` is the driver's.
struct Setting {
    int id = 0;
    int value = 0;
    bool optional = false;  ///< a box that refuses it is not asked again, and nothing depends on it
    friend bool operator==(const Setting&, const Setting&) = default;
};

/// How what the box shows compares to what it should hold.
enum class Seen {
    as_wanted,
    less,  ///< it offers less than it should
    more,  ///< it offers more than it should
};

/// Nothing is written before something is wanted. A setting that the box does not keep is corrected within a
/// budget of 4 writes in 30 s, and after three corrections in vain only if the box offers more than it
/// should.
class KeptSettings {
  public:
    explicit KeptSettings(Log log) : log_(std::move(log)) {}

    /// Wanted from now on, to be written in this order; the next waits until the one before was taken.
    void want(std::vector<Setting> settings, const Cause& cause);
    /// A look at setting `id` that was taken after its last write.
    void show(int id, Seen seen);

    /// What is to be written now, with its cause.
    struct Job {
        Setting setting;
        Cause cause;
    };
    std::optional<Job> next(SteadyTime now);
    /// The outcome of the last job.
    void written(SteadyTime at);
    void refused(const Error& error, SteadyTime now);

    /// The box may have lost everything.
    void restart();

    [[nodiscard]] bool in_force() const;
    /// The box's no to what was wanted last; asking takes it away.
    std::optional<Error> take_refusal();

  private:
    struct Kept {
        std::optional<int> value;  ///< as last written
        std::optional<int> given_up;
        Seen seen = Seen::as_wanted;
        int corrections = 0;
        SteadyTime not_before{};  ///< after a refusal
    };

    [[nodiscard]] bool settled(const Setting& setting) const;
    bool worth_correcting(const Kept& kept, SteadyTime now);

    Log log_;
    std::vector<Setting> wanted_;
    Cause cause_;
    bool cause_pending_ = false;
    std::map<int, Kept> kept_;
    std::optional<Setting> current_;
    std::deque<SteadyTime> writes_;  ///< of the last 30 s
    std::optional<Error> refusal_;
    bool told_refused_ = false;
};

}  // namespace busbar::adapters
