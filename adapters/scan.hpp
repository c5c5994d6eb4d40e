// SPDX-License-Identifier: Apache-2.0
// Finds the chargers and meters on a line: listens, tries the known models' defaults, then everything. It
// only ever reads.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/charger.hpp"
#include "adapters/line.hpp"
#include "adapters/model_check.hpp"
#include "adapters/scan_findings.hpp"
#include "adapters/scan_plan.hpp"

namespace busbar::adapters {

struct ScanOptions {
    ScanScope scope;
    bool anyway = false;    ///< go on although somebody talks on the line
    bool thorough = false;  ///< all settings, also when devices were found at one
    bool first = false;     ///< end at the first device
};

/// After the known models' defaults, all unit ids are asked at the settings where somebody answered; all
/// settings only when nobody did. A network peer that answered is asked at the usual unit ids only: most
/// ignore all others in silence, and weak ones are to be spared. Bytes on the line that make no sense are
/// listened to at other settings, to say who talks. Lives on the line's thread.
class Scan {
  public:
    /// Gives the line at this setting; the one given before is not used any more. Error: no line of this kind
    /// speaks this protocol (the setting is left out).
    using LineAt = std::function<Result<Line*>(const ScanSetting&)>;

    Scan(config::Bus bus, std::shared_ptr<const ProfileLibrary> profiles, ScanOptions options,
         LineAt line_at);

    /// At most one exchange, or 100 ms of listening.
    Next step(SteadyTime now);

    /// The person has seen enough; findings stay.
    void stop() { end(ScanEnd::stopped); }

    [[nodiscard]] const ScanFindings& findings() const { return findings_; }

  private:
    /// What a device said, in words; and its registers, when it has some.
    struct Answer {
        std::string words;
        std::optional<Words> registers;
    };

    static constexpr milliseconds listen_for{2000};
    static constexpr milliseconds listen_slice{100};

    // scan_listening.cpp
    void listen(SteadyTime now);
    Result<Line*> listening_line();
    [[nodiscard]] bool listens_elsewhere(SteadyTime now);
    void stop_listening();

    void begin(ScanPhase phase, std::vector<ScanStage> stages);
    void next_stage();
    void next_phase();
    void end(ScanEnd how);

    Result<Line*> line();
    Result<SteadyTime> ready(int unit, milliseconds gap);
    Next cannot_open(const Error& error, SteadyTime now);
    Next ask(SteadyTime now);
    Next look(SteadyTime now);
    Exchange<Answer> put(const Ask& ask);
    void conclude(const Ask& ask, const Exchange<Answer>& answer);
    void found(const Ask& ask, const Exchange<Answer>& answer);
    void garbled(const Ask& ask);
    void checked(std::vector<std::string> models, std::vector<std::string> could_be);
    void narrow();
    [[nodiscard]] ProfileLibrary models_elsewhere(int unit) const;
    [[nodiscard]] bool answers(int unit) const;  ///< at the setting under way
    [[nodiscard]] bool answers_everywhere() const;

    SettingCount& count();
    [[nodiscard]] std::optional<Ask> next_ask();
    void tell_progress(SteadyTime now);

    config::Bus bus_;
    std::shared_ptr<const ProfileLibrary> profiles_;
    ScanOptions options_;
    LineAt line_at_;
    ScanFindings findings_;

    std::optional<ScanSetting> open_at_;
    Line* line_ = nullptr;
    int open_failures_ = 0;  ///< in a row

    std::optional<SteadyTime> began_;
    SteadyTime listens_from_{};                         ///< at the setting under way
    std::optional<Heard> heard_elsewhere_;              ///< at the first of listen_at_
    std::optional<std::deque<ScanSetting>> listen_at_;  ///< still to be listened at
    std::deque<ScanStage> stages_;                      ///< the first is under way
    SteadyEpoch::duration stages_cost_{0};              ///< of all stages_
    std::size_t asked_ = 0;                             ///< of its asks
    std::deque<Ask> again_;                             ///< once more, with patience: before all others
    std::optional<Span> last_silent_;                   ///< its answer may still come
    std::set<int> unanswering_;                         ///< units that were silent, of a network peer
    ProfileLibrary twins_;                              ///< what check_ is looking for; empty: all
    std::optional<ModelCheck> check_;                   ///< of the last found
    SteadyEpoch::duration later_{0};                    ///< cost of the phases after this one
};

}  // namespace busbar::adapters
