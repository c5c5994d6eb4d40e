// SPDX-License-Identifier: Apache-2.0
// One full look at a charger through a profile that is being written: what each register says, and what the
// profile makes of it. It only ever reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/charger.hpp"
#include "adapters/paced_registers.hpp"
#include "adapters/read_list.hpp"
#include "adapters/register_values.hpp"
#include "config/profile.hpp"

namespace busbar::adapters {

/// What became of one register of the profile.
struct TrialRow {
    std::string name;
    Span span;
    std::optional<Words> words;  ///< as they were on the wire
    std::optional<double> number;
    std::optional<std::string> text;
    std::string why;  ///< without a value: "write only", "says: not available", "exception 2", ...
};

/// One read as it was on the wire: unit and PDU in hex, without CRC and MBAP; no answer: "".
struct TrialExchange {
    std::string request;
    std::string response;
    std::string error;  ///< in words; empty: it was answered well
};

struct TrialReport {
    bool answers = false;  ///< at all
    std::vector<TrialRow> rows;
    Reading reading;  ///< without `answers` empty
    DeviceIdentity identity;
    std::vector<TrialExchange> exchanges;
};

/// Lives on the line's thread.
class ProfileTrial {
  public:
    /// `units`: the further unit ids that the profile names; where one is missing, the profile's usual one
    /// counts. `registers` outlives this.
    ProfileTrial(config::Profile profile, int unit, std::map<std::string, int> units, Registers& registers);
    ProfileTrial(const ProfileTrial&) = delete;
    ProfileTrial& operator=(const ProfileTrial&) = delete;

    /// At most one read. Done: every register was read or given up, or nobody answers, or the line cannot be
    /// opened three times in a row.
    Next step(SteadyTime now);

    [[nodiscard]] TrialReport report(SteadyTime now) const;

  private:
    Next read(const Span& span, SteadyTime now);
    Next failed(const Span& span, const ExchangeError& error, SteadyTime now);
    void note(const Span& span, const Exchange<Words>& answer);
    [[nodiscard]] TrialRow row_of(const config::Register& reg) const;
    [[nodiscard]] std::string why_not(const config::Register& reg, const Span& span) const;

    const config::Profile profile_;
    PacedRegisters line_;
    RegisterValues values_;
    ReadList reads_;
    std::optional<SteadyTime> began_;
    bool answers_ = false;
    bool done_ = false;
    int line_failures_ = 0;  ///< in a row
    std::map<Span, std::string> refusals_;
    std::vector<TrialExchange> exchanges_;
};

}  // namespace busbar::adapters
