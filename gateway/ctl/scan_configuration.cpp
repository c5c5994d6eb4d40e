// SPDX-License-Identifier: Apache-2.0
#include "gateway/ctl/scan_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "gateway/ctl/json_cells.hpp"

namespace busbar::ctl {
namespace {

using nlohmann::json;
using Ordered = nlohmann::ordered_json;

/// The one model that it is, or else could be; null when that is not one.
const json& model_of(const json& found) {
    static const json none;
    const json& models = list(found, "/models");
    const json& likely = models.empty() ? list(found, "/could_be") : models;
    return likely.size() == 1 ? likely.front() : none;
}

/// The buses of the report, each once: {setting, id}.
class BusEntries {
  public:
    /// `name` is the bus's id, or a line in words of the command line.
    explicit BusEntries(const std::string& name) {
        const bool is_id = !name.empty() && name.find_first_of("/:") == std::string::npos && name != "-";
        first_ = is_id ? name : "line-1";
    }

    std::string id_of(const json& setting) {
        const auto known = std::find(settings_.begin(), settings_.end(), setting);
        const auto at = static_cast<std::size_t>(known - settings_.begin());
        if (known == settings_.end()) settings_.push_back(setting);
        return at == 0 ? first_ : fmt::format("line-{}", at + 1);
    }

    [[nodiscard]] std::string lines() const {
        std::string text;
        for (std::size_t at = 0; at < settings_.size(); ++at) {
            Ordered entry{{"id", at == 0 ? first_ : fmt::format("line-{}", at + 1)}};
            for (const char* key : {"kind", "device", "host", "port", "baud", "parity", "stop_bits"}) {
                if (settings_[at].contains(key)) entry[key] = settings_[at][key];
            }
            text += "  \"buses\":    " + entry.dump() + "\n";
        }
        return text;
    }

  private:
    std::string first_;
    std::vector<json> settings_;
};

}  // namespace

std::string configuration_of(const json& scan) {
    BusEntries buses(text(at(scan, "/bus")));
    std::string chargers;
    int number = 0;
    for (const json& found : list(scan, "/found")) {
        const json& model = model_of(found);
        const json& setting = at(found, "/setting");
        if (!model.is_object() || !setting.is_object()) continue;
        const bool meter = at(model, "/kind") == "meter";
        Ordered entry;
        if (!meter) entry["id"] = fmt::format("CHARGER-{}", ++number);
        const auto bus = buses.id_of(setting);
        entry["bus"] = bus;
        entry["unit_id"] = at(found, "/unit_id");
        entry["profile"] = at(model, "/profile");
        chargers += fmt::format("  {} {}\n", meter ? "\"meter\":   " : "\"chargers\":", entry.dump());
    }
    if (chargers.empty()) return "";
    return "For the configuration (busbard --check says what else it wants):\n" + buses.lines() + chargers;
}

}  // namespace busbar::ctl
