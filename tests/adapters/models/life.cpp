// SPDX-License-Identifier: Apache-2.0
// The loop of a bus with one charger on it.
#include "life.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace busbar::adapters::models {
namespace {

constexpr milliseconds back_off{1000};
constexpr milliseconds poll_interval{1500};

config::Profile parsed(const std::string& id) {
    std::ifstream file(BUSBAR_SOURCE_DIR "/config/chargers/" + id + ".json");
    std::ostringstream text;
    text << file.rdbuf();
    auto checked = config::parse_profile(text.str());
    if (!checked.ok()) throw std::runtime_error(id + ": " + checked.problems.front().text);
    return std::move(checked.value);
}

const config::Profile& shipped(const std::string& id) {
    static std::map<std::string, config::Profile> profiles;
    const auto known = profiles.find(id);
    return known == profiles.end() ? profiles.emplace(id, parsed(id)).first->second : known->second;
}

Placement placement(const Model& model) {
    Placement made;
    made.unit = model.unit;
    made.units = {{"station", 200}};
    made.poll_interval = poll_interval;
    return made;
}

}  // namespace

Life::Life(const Model& row)
    : model(row),
      box(model, now),
      charger(std::make_unique<ProfileCharger>(shipped(row.id), placement(row), box,
                                               Log([this](const LogRecord& record) {
                                                   if (record.level <= LogLevel::warning)
                                                       warnings.push_back(to_line(record));
                                               }))) {}

void Life::run(SteadyEpoch::duration time) {
    for (const auto until = now + time; now < until;) {
        const auto step = charger->poll(now);
        now = step ? std::max(now, std::min(step->at, until)) : std::min(until, now + back_off);
        box.settle();
    }
}

bool Life::limit(double amperes) {
    for (;;) {
        const auto step = charger->execute(SetLimit{1, Amperes(amperes)}, {}, now);
        box.settle();
        if (!step || step->done) return step.has_value();
        now = std::max(now, step->at);
    }
}

Reading Life::reading() const {
    const auto readings = charger->snapshot();
    return readings.empty() ? Reading{} : readings.front();
}

double Life::most_offered_in(SteadyEpoch::duration time) {
    box.most_offered = 0;
    run(time);
    return box.most_offered;
}

std::string Life::complaints() const {
    std::string all;
    for (const auto& [what, times] : box.complaints) all += what + " (" + std::to_string(times) + " times)\n";
    for (const auto& [address, times] : box.probes) {
        if (times > 1)
            all += "asked " + std::to_string(times) + " times for " + std::to_string(address) + "\n";
    }
    return all;
}

}  // namespace busbar::adapters::models
