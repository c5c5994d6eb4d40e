// SPDX-License-Identifier: Apache-2.0
// Counting what models come with, and writing it down in that order.
#include "adapters/scan_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "adapters/read_list.hpp"
#include "adapters/register_values.hpp"
#include "adapters/scan_hello.hpp"

namespace busbar::adapters {
namespace {

using config::BusKind;
using config::Parity;
using config::Profile;
using config::Protocol;

// A unit id that models come with, or that installers number their boxes with, gets time to answer; for all
// 247 at every setting a slow box's time would make a quarter of an hour of it.
constexpr milliseconds usual_timeout{250};
constexpr milliseconds swept_timeout{100};
constexpr milliseconds network_timeout{300};  // beyond a converter there may be a line
constexpr int last_low_unit = 16;

constexpr std::array<int, 8> baud_rates{9600, 19200, 38400, 57600, 115200, 4800, 2400, 1200};
struct Frame {
    Parity parity;
    int stop_bits;
};
// Without parity 2 stop bits: a box with 1 hears them as a pause, and is heard all the same.
constexpr std::array<Frame, 3> frames{{{Parity::even, 1}, {Parity::none, 2}, {Parity::odd, 1}}};

/// Where boxes on a network are found that have a unit id of their own: evcc's and vendors' defaults.
constexpr std::array<int, 8> network_units{1, 255, 247, 100, 50, 180, 200, 2};

bool is_network(BusKind kind) {
    return kind == BusKind::tcp || kind == BusKind::rtu_over_tcp || kind == BusKind::keba_udp;
}

/// Of a maker's protocol as its documents have it; RAPI and KEBA boxes have no unit id, and are unit 1 to us.
int last_unit(const ScanSetting& setting) {
    static constexpr std::array<std::pair<Protocol, int>, 4> of_maker{
        {{Protocol::abl, 16}, {Protocol::evcc1, 8}, {Protocol::rapi, 1}, {Protocol::keba, 1}}};
    for (const auto& [protocol, last] : of_maker) {
        if (protocol == setting.protocol) return last;
    }
    return setting.bus.kind == BusKind::tcp ? 255 : 247;
}

/// The kinds of bus that one serial device can be.
BusKind serial_kind_of(const Profile& profile, BusKind own) {
    const auto& kinds = profile.bus_kinds;
    if (std::find(kinds.begin(), kinds.end(), own) != kinds.end()) return own;
    const auto other =
        std::find_if(kinds.begin(), kinds.end(), [](BusKind kind) { return !is_network(kind); });
    return other == kinds.end() ? own : *other;
}

/// The line with this model's usual settings; what the model does not say is as the bus has it.
ScanSetting setting_of(const config::Bus& bus, const Profile& profile, const ScanScope& scope) {
    ScanSetting setting{bus, profile.protocol};
    if (is_network(bus.kind) || scope.own_setting_only) return setting;
    setting.bus.kind = serial_kind_of(profile, bus.kind);
    setting.bus.baud = profile.baud.value_or(bus.baud);
    setting.bus.parity = profile.parity.value_or(bus.parity);
    setting.bus.stop_bits = profile.stop_bits.value_or(bus.stop_bits);
    return setting;
}

/// The unit ids that models come with, most common first.
std::vector<int> default_units(const ProfileLibrary& profiles, const ScanSetting& setting) {
    std::map<int, int> counts;
    for (const auto& [id, profile] : profiles) {
        if (fits(profile, setting)) ++counts[profile.default_unit_id];
    }
    std::vector<int> units;
    units.reserve(counts.size());
    for (const auto& [unit, count] : counts) units.push_back(unit);
    std::stable_sort(units.begin(), units.end(), [&](int a, int b) { return counts.at(a) > counts.at(b); });
    return units;
}

class UnitOrder {
  public:
    UnitOrder(const ScanSetting& setting, const ScanScope& scope)
        : last_(last_unit(setting)), seen_(scope.taken), only_(scope.only) {}

    void add(int unit) {
        const bool wanted = only_.empty() || only_.contains(unit);
        const bool asks = wanted && unit >= 1 && unit <= last_;  // 0 is everybody, and answers nobody
        if (asks && seen_.insert(unit).second) units_.push_back(unit);
    }
    template <class List>
    void add_all(const List& list) {
        for (const int unit : list) add(unit);
    }
    void add_up_to(int last) {
        for (int unit = 1; unit <= last; ++unit) add(unit);
    }
    [[nodiscard]] const std::vector<int>& units() const { return units_; }
    [[nodiscard]] int last() const { return last_; }

  private:
    int last_;
    std::set<int> seen_;
    std::set<int> only_;
    std::vector<int> units_;
};

std::vector<int> usual_units(const ScanSetting& setting, const ProfileLibrary& profiles,
                             const ScanScope& scope) {
    UnitOrder order(setting, scope);
    if (is_network(setting.bus.kind)) order.add_all(network_units);
    order.add_all(default_units(profiles, setting));
    order.add_up_to(last_low_unit);
    return order.units();
}

std::vector<int> other_units(const std::vector<int>& usual, const ScanSetting& setting,
                             const ScanScope& scope) {
    ScanScope without = scope;
    without.taken.insert(usual.begin(), usual.end());
    UnitOrder order(setting, without);
    order.add_up_to(order.last());
    return order.units();
}

/// Anybody answers a read of holding register 0, be it with exception 2.
void ask_anybody(ScanStage& stage, const std::vector<int>& units, milliseconds reply_timeout) {
    const bool network = is_network(stage.setting.bus.kind);
    for (const int unit : units) {
        stage.asks.push_back(
            {{unit, config::Table::holding, 0, 1}, network ? network_timeout : reply_timeout});
    }
}

std::vector<ScanSetting> all_settings(const config::Bus& bus, Protocol protocol) {
    std::vector<ScanSetting> settings;
    for (const int baud : baud_rates) {
        for (const auto& frame : frames) {
            ScanSetting setting{bus, protocol};
            setting.bus.baud = baud;
            setting.bus.parity = frame.parity;
            setting.bus.stop_bits = frame.stop_bits;
            settings.push_back(std::move(setting));
        }
    }
    return settings;
}

ScanStage& stage_at(std::vector<ScanStage>& stages, const ScanSetting& setting) {
    const auto found = std::find_if(stages.begin(), stages.end(),
                                    [&](const ScanStage& stage) { return stage.setting == setting; });
    if (found != stages.end()) return *found;
    stages.push_back({setting, {}});
    return stages.back();
}

/// Models of one setting and unit often look at the same register: asked once, with the patience of the most
/// patient.
void add_ask(ScanStage& stage, const Ask& ask) {
    const auto known = std::find_if(stage.asks.begin(), stage.asks.end(),
                                    [&](const Ask& each) { return each.span == ask.span; });
    if (known == stage.asks.end()) {
        stage.asks.push_back(ask);
    } else {
        known->reply_timeout = std::max(known->reply_timeout, ask.reply_timeout);
    }
}

/// What a model answers. A box that sleeps takes the first ask as a wake-up: it gets two.
void ask_model(ScanStage& stage, const Profile& profile, int unit) {
    const bool hello = speaks_messages(profile.protocol);
    const auto span = hello ? Span{unit, config::Table::holding, 0, 1} : probe_of(profile, unit);
    if (span.unit != unit) return;
    add_ask(stage, {span, profile.pacing.reply_timeout});
    const auto same = std::count_if(stage.asks.begin(), stage.asks.end(),
                                    [&](const Ask& each) { return each.span == span; });
    if (profile.pacing.send_twice && same < 2) stage.asks.push_back({span, profile.pacing.reply_timeout});
}

void ask_models(ScanStage& stage, const std::vector<int>& units, const ProfileLibrary& profiles) {
    for (const int unit : units) {
        for (const auto& [id, profile] : profiles) {
            if (fits(profile, stage.setting)) ask_model(stage, profile, unit);
        }
    }
}

/// Boxes that only listen are found by nobody.
bool answers(const Profile& profile) {
    return profile.protocol != Protocol::frames;
}

std::set<Protocol> protocols_on(const config::Bus& bus, const ProfileLibrary& profiles) {
    std::set<Protocol> protocols;
    for (const auto& [id, profile] : profiles) {
        if (answers(profile) && fits(profile, {bus, profile.protocol})) protocols.insert(profile.protocol);
    }
    if (bus.kind != BusKind::serial && bus.kind != BusKind::keba_udp) protocols.insert(Protocol::modbus);
    return protocols;
}

/// Where a model is asked for by default: what comes out of the box, if the person does not know better.
int first_unit(const Profile& profile, const ScanScope& scope) {
    const bool usual = scope.only.empty() || scope.only.contains(profile.default_unit_id);
    return usual ? profile.default_unit_id : *scope.only.begin();
}

std::string_view behind(const ScanSetting& setting) {
    static constexpr std::array<std::string_view, 6> names{"",           ", ABL",      ", OpenEVSE RAPI",
                                                           ", ABL EVCC", ", KEBA UDP", ""};
    if (setting.protocol == Protocol::modbus && setting.bus.kind == BusKind::ascii) return ", Modbus ASCII";
    return names.at(static_cast<std::size_t>(setting.protocol));
}

std::string_view name(Parity parity) {
    static constexpr std::array<std::string_view, 3> names{"no", "even", "odd"};
    return names.at(static_cast<std::size_t>(parity));
}

}  // namespace

std::string to_text(const ScanSetting& setting) {
    const auto& bus = setting.bus;
    if (is_network(bus.kind)) return fmt::format("{} port {}{}", bus.host, bus.port, behind(setting));
    return fmt::format("{} baud, {} parity, {} stop bit{}{}", bus.baud, name(bus.parity), bus.stop_bits,
                       bus.stop_bits == 1 ? "" : "s", behind(setting));
}

std::vector<ScanSetting> listening_settings(const config::Bus& bus) {
    std::vector<ScanSetting> settings;
    if (is_network(bus.kind)) return settings;
    for (const int baud : {9600, 19200, 38400, 115200}) {
        for (const auto& frame : {frames[0], frames[1]}) {
            ScanSetting setting{bus, Protocol::modbus};
            setting.bus.kind = BusKind::rtu;
            setting.bus.baud = baud;
            setting.bus.parity = frame.parity;
            setting.bus.stop_bits = 1;
            if (setting.bus != bus) settings.push_back(std::move(setting));
        }
    }
    return settings;
}

bool fits(const Profile& profile, const ScanSetting& setting) {
    const auto& kinds = profile.bus_kinds;
    return profile.protocol == setting.protocol &&
           std::find(kinds.begin(), kinds.end(), setting.bus.kind) != kinds.end();
}

Span whole_block(const Profile& profile, const RegisterValues& values, const Span& span) {
    for (const auto& block : profile.read_limits.blocks) {
        const Span whole{values.unit_of(block.unit_name), block.table, block.address, block.count};
        const bool inside = whole.unit == span.unit && whole.table == span.table &&
                            whole.address <= span.address &&
                            span.address + span.count <= whole.address + whole.count;
        if (inside) return whole;
    }
    return span;
}

Span probe_of(const Profile& profile, int unit) {
    const RegisterValues values(profile, unit, {});
    for (const auto& condition : profile.identify) {
        const auto* reg = values.find(condition.reg);
        const bool readable = reg != nullptr && reg->access != config::Access::write;
        if (readable && reg->unit_name.empty()) return whole_block(profile, values, values.span_of(*reg));
    }
    return ReadList({{&profile, &values}}).probe();
}

std::vector<ScanStage> plan_known_models(const config::Bus& bus, const ProfileLibrary& profiles,
                                         const ScanScope& scope) {
    std::vector<ScanStage> stages;
    const ScanSetting own{bus, Protocol::modbus};
    for (const auto& [id, profile] : profiles) {
        auto setting = setting_of(bus, profile, scope);
        if (!answers(profile) || !fits(profile, setting)) continue;
        const int unit = first_unit(profile, scope);
        if (unit < 1 || unit > last_unit(setting) || scope.taken.contains(unit)) continue;
        ask_model(stage_at(stages, setting), profile, unit);
    }
    std::stable_sort(stages.begin(), stages.end(), [&](const ScanStage& a, const ScanStage& b) {
        const auto rank = [&](const ScanStage& stage) {
            return std::tuple(stage.setting == own, stage.setting.bus.kind == bus.kind, stage.asks.size());
        };
        return rank(a) > rank(b);
    });
    if (bus.kind == BusKind::serial || bus.kind == BusKind::keba_udp) return stages;
    if (stages.empty() || stages.front().setting != own) stages.insert(stages.begin(), {own, {}});
    ask_anybody(stages.front(), usual_units(own, profiles, scope), usual_timeout);
    return stages;
}

ScanStage plan_units(const ScanSetting& setting, const ProfileLibrary& profiles, const ScanScope& scope) {
    ScanStage stage{setting, {}};
    const auto usual = usual_units(setting, profiles, scope);
    if (setting.protocol != Protocol::modbus) {
        ask_models(stage, usual, profiles);
        return stage;
    }
    ask_anybody(stage, usual, usual_timeout);
    ask_anybody(stage, other_units(usual, setting, scope), swept_timeout);
    return stage;
}

std::vector<ScanStage> plan_sweep(const config::Bus& bus, const ProfileLibrary& profiles,
                                  const ScanScope& scope) {
    std::vector<ScanStage> stages;
    if (is_network(bus.kind) || scope.own_setting_only) {
        for (const auto protocol : protocols_on(bus, profiles)) {
            stages.push_back(plan_units({bus, protocol}, profiles, scope));
        }
        return stages;
    }
    if (bus.kind == BusKind::serial) {
        for (const auto& setting : all_settings(bus, Protocol::abl)) {
            stages.push_back(plan_units(setting, profiles, scope));
        }
        return stages;
    }
    std::vector<ScanStage> rest;
    for (const auto& setting : all_settings(bus, Protocol::modbus)) {
        const auto units = usual_units(setting, profiles, scope);
        ask_anybody(stages.emplace_back(ScanStage{setting, {}}), units, usual_timeout);
        ask_anybody(rest.emplace_back(ScanStage{setting, {}}), other_units(units, setting, scope),
                    swept_timeout);
    }
    stages.insert(stages.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    return stages;
}

SteadyEpoch::duration cost_of(const ScanStage& stage) {
    SteadyEpoch::duration cost{0};
    const bool network = is_network(stage.setting.bus.kind);
    // Request and the answer that is waited for are 8 and 7 bytes of 11 bits.
    const auto wire = network ? SteadyEpoch::duration(0)
                              : SteadyEpoch::duration(15 * 11 * 1'000'000LL / stage.setting.bus.baud);
    for (const auto& ask : stage.asks) cost += ask.reply_timeout + wire;
    return cost;
}

SteadyEpoch::duration cost_of(const std::vector<ScanStage>& stages) {
    SteadyEpoch::duration cost{0};
    for (const auto& stage : stages) cost += cost_of(stage);
    return cost;
}

}  // namespace busbar::adapters
