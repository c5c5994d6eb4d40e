// SPDX-License-Identifier: Apache-2.0
// What is proved of a charger at commissioning: the items, and the run through the automatic ones. Pure: it
// is told what the charge point shows, and says what limit to try.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/status_report.hpp"

namespace busbar::gateway {

enum class ItemState { open, running, passed, failed, not_applicable };

struct ChecklistItem {
    std::string name;
    bool automatic = true;
    ItemState state = ItemState::open;
    std::string code;  ///< why it stands so; words are the pages'
    std::string at;    ///< RFC 3339 of the last change; empty: never, or the time was not known
    std::string note;
};

class Checklist {
  public:
    /// All items open; `saved` is what to_json() made once, or empty.
    explicit Checklist(std::string_view saved = {});

    /// Null: there is none of that name.
    [[nodiscard]] ChecklistItem* find(std::string_view name);
    void set(std::string_view name, ItemState state, std::string code, const Now& now);
    [[nodiscard]] bool complete() const;
    /// openapi.yaml's Checklist.
    [[nodiscard]] nlohmann::ordered_json to_json(const std::string& charger) const;

  private:
    std::vector<ChecklistItem> items_;
};

/// One run; call look() each second until it is over.
class ChecklistRun {
  public:
    static constexpr seconds reading_patience{15};
    static constexpr seconds limit_patience{30};
    static constexpr seconds flow_patience{120};

    ChecklistRun(Checklist& checklist, SteadyTime began) : checklist_(checklist), step_began_(began) {}

    void look(const ChargePointReport& report, const Now& now);
    [[nodiscard]] bool over() const { return step_ >= steps; }
    [[nodiscard]] double progress() const { return static_cast<double>(step_) / steps; }
    /// To be tried on connector 1 now; empty: none.
    [[nodiscard]] std::optional<Amperes> trial() const;
    /// What runs is open again.
    void cancel(const Now& now);

  private:
    static constexpr std::size_t steps = 7;
    struct Verdict {
        ItemState state;
        std::string_view code;
    };
    [[nodiscard]] std::optional<Verdict> judge(const ChargePointReport& report, SteadyTime waited_to) const;
    [[nodiscard]] Verdict judge_trial(const ocpp::ConnectorView& view) const;

    Checklist& checklist_;
    std::size_t step_ = 0;
    SteadyTime step_began_;
    std::optional<WattHours> energy_at_;  ///< when the step began
};

}  // namespace busbar::gateway
