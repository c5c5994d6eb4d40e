// SPDX-License-Identifier: Apache-2.0
// One full look at a charger through a profile that is being written: what each register says, and what the
// profile makes of it. It only ever reads.
#pragma once

#include <deque>
#include <map>
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
    int connector = 1;  ///< what connectors share is connector 1's
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

/// What the profile makes of one connector.
struct TrialConnector {
    int number = 1;
    bool answers = false;  ///< something of its own was read
    Reading reading;       ///< without `answers` empty
};

struct TrialReport {
    bool answers = false;                    ///< at all
    std::vector<TrialRow> rows;              ///< of connectors that answer, and of the first
    std::vector<TrialConnector> connectors;  ///< 1, 2, ...
    DeviceIdentity identity;
    std::vector<TrialExchange> exchanges;
};

/// Where a charger is tried. `units` are the further unit ids that the profile names; where one is missing,
/// the profile's usual one counts. Without `connectors`: as many as the profile knows by their registers'
/// places, or by the unit ids that are known.
struct TrialPlace {
    int unit = 1;
    std::map<std::string, int> units{};
    std::optional<int> connectors{};
};

/// How many connectors are tried.
int connectors_at(const TrialPlace& place, const config::Profile& profile);

/// Error (invalid): a register of a connector that is tried is at a unit whose id nobody said.
Result<void> check_units(const TrialPlace& place, const config::Profile& profile);

/// Lives on the line's thread.
class ProfileTrial {
  public:
    /// check_units() found nothing wrong. `registers` outlives this.
    ProfileTrial(const config::Profile& profile, const TrialPlace& place, Registers& registers);
    ProfileTrial(const ProfileTrial&) = delete;
    ProfileTrial& operator=(const ProfileTrial&) = delete;

    /// At most one read. Done: every register was read or given up, or nobody answers, or the line cannot be
    /// opened three times in a row.
    Next step(SteadyTime now);

    [[nodiscard]] TrialReport report(SteadyTime now) const;

  private:
    struct Connector {
        Connector(config::Profile own, const TrialPlace& place, const std::deque<Connector>& before);
        config::Profile profile;  ///< as this connector sees it
        RegisterValues values;
    };

    static std::deque<Connector> connectors_of(const config::Profile& profile, const TrialPlace& place);
    static std::vector<ReadList::View> views_of(const std::deque<Connector>& connectors);

    void add_rows(TrialReport& report) const;
    [[nodiscard]] bool is_its_own(const config::Register& reg, std::size_t at) const;
    [[nodiscard]] bool has_answered(std::size_t at) const;
    Next read(const Span& span, SteadyTime now);
    Next failed(const Span& span, const ExchangeError& error, SteadyTime now);
    void note(const Span& span, const Exchange<Words>& answer);
    [[nodiscard]] TrialRow row_of(const config::Register& reg, std::size_t at) const;
    [[nodiscard]] std::string why_not(const config::Register& reg, const Span& span,
                                      const RegisterValues& values) const;

    std::deque<Connector> connectors_;
    PacedRegisters line_;
    ReadList reads_;
    std::optional<SteadyTime> began_;
    bool answers_ = false;
    bool done_ = false;
    int line_failures_ = 0;  ///< in a row
    std::map<Span, std::string> refusals_;
    std::vector<TrialExchange> exchanges_;
};

}  // namespace busbar::adapters
