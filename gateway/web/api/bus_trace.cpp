// SPDX-License-Identifier: Apache-2.0
#include "gateway/web/api/bus_trace.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "adapters/register_codec.hpp"
#include "gateway/web/api/exchange_json.hpp"

namespace busbar::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view keba_card = "RFID tag";  ///< the key of its reports

constexpr std::array<std::string_view, 4> tables{"input", "holding", "coil", "discrete"};

/// Takes `word` and one blank from the front; false: something else stands there.
bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
    return true;
}

std::optional<int> take_number(std::string_view& text) {
    int number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return number;
}

void read_span(std::string_view& text, ExchangeText& exchange) {
    for (const auto table : tables) {
        if (take(text, table)) exchange.table = table;
    }
    if (exchange.table.empty()) return;
    exchange.address = take_number(text);
    exchange.count = 1;
    if (take(text, ".."))
        exchange.count = take_number(text).value_or(*exchange.address) - *exchange.address + 1;
    if (text.starts_with(' ')) text.remove_prefix(1);
}

std::vector<std::uint16_t> words_of(const std::string& hex) {
    std::vector<std::uint16_t> words;
    for (std::size_t at = 0; at + 4 <= hex.size(); at += 5) {
        std::uint16_t word = 0;
        std::from_chars(hex.data() + at, hex.data() + at + 4, word, 16);
        words.push_back(word);
    }
    return words;
}

/// A device on a bus as the configuration has it.
struct Seat {
    const config::Charger* charger;
    const config::Profile* profile;
    std::string unit_name;
};

std::optional<Seat> seat_at(const GatewaySettings& settings, const std::string& bus, int unit) {
    const auto profile_of = [&](const std::string& id) {
        const auto found = settings.profiles.find(id);
        return found == settings.profiles.end() ? nullptr : &found->second;
    };
    for (const auto& charger : settings.config.chargers) {
        if (charger.meter && charger.meter->bus == bus && charger.meter->unit_id == unit)
            return Seat{&charger, profile_of(charger.meter->profile), ""};
        if (charger.bus != bus) continue;
        if (charger.unit_id == unit) return Seat{&charger, profile_of(charger.profile), ""};
        for (const auto& [name, id] : charger.units) {
            if (id == unit) return Seat{&charger, profile_of(charger.profile), name};
        }
    }
    return std::nullopt;
}

Json value_json(const adapters::Value& value) {
    if (value.number) return *value.number;
    return value.text ? Json(*value.text) : Json(nullptr);
}

struct Carried {
    const config::Register* reg;
    std::span<const std::uint16_t> words;
};

/// Those registers of the first connector that lie whole in what was exchanged.
std::vector<Carried> carried_by(const Seat& seat, const ExchangeText& exchange,
                                const std::vector<std::uint16_t>& words) {
    std::vector<Carried> carried;
    for (const auto& [name, reg] : seat.profile->registers) {
        const bool same_table = tables.at(static_cast<std::size_t>(reg.table)) == exchange.table;
        const int offset = reg.address - *exchange.address;
        const bool inside = offset >= 0 && offset + reg.count <= static_cast<int>(words.size());
        if (!same_table || !inside || reg.unit_name != seat.unit_name) continue;
        carried.push_back({&reg, std::span(words).subspan(static_cast<std::size_t>(offset),
                                                          static_cast<std::size_t>(reg.count))});
    }
    return carried;
}

/// A card's number, which nobody is shown.
bool is_card(const Seat& seat, const config::Register& reg) {
    const auto& cards = seat.profile->measurements.id_tag;
    return std::find(cards.begin(), cards.end(), reg.name) != cards.end();
}

void add_registers(Json& json, const Seat& seat, const ExchangeText& exchange) {
    const auto words = words_of(exchange.words);
    for (const auto& [reg, own] : carried_by(seat, exchange, words)) {
        const Json value = is_card(seat, *reg) ? Json(nullptr) : value_json(adapters::decode(*reg, own));
        json["registers"].push_back({{"name", reg->name}, {"value", value}});
    }
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

/// ms with three decimals: a frame at 115200 baud takes less than one.
Json duration_json(SteadyTime::duration taken) {
    return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(taken).count()) / 1000;
}

/// Where its words are registers of a charger that is known.
std::optional<Seat> known_seat(const TraceEvent& event, const ExchangeText& parts,
                               const GatewaySettings& settings) {
    const auto seat = parts.unit ? seat_at(settings, event.source, *parts.unit) : std::nullopt;
    const bool known = seat && seat->profile != nullptr && parts.address && !parts.words.empty();
    return known ? seat : std::nullopt;
}

Json exchange_json(const NumberedTrace& traced, const GatewaySettings& settings, const Now& now) {
    const auto& [number, event] = traced;
    const auto parts = parse_exchange(event.text);
    const auto seat = parts.unit ? seat_at(settings, event.source, *parts.unit) : std::nullopt;
    Json json{{"n", number}, {"bus", event.source}};
    json["began"] = event.began ? time_json(*event.began, now) : Json(nullptr);
    json["ended"] = time_json(event.at, now);
    json["duration_ms"] = event.began ? duration_json(event.at - *event.began) : Json(nullptr);
    json["unit_id"] = or_null(parts.unit);
    if (seat) json["charge_point"] = seat->charger->id;
    json["kind"] = event.kind == TraceKind::bus_write ? "write" : "read";
    json["table"] = or_null(parts.table);
    json["address"] = or_null(parts.address);
    json["count"] = or_null(parts.count);
    json["words"] = or_null(parts.words);
    json["error"] = or_null(parts.error);
    json["text"] = event.text;
    json["cause"] = event.cause.message_id;
    json["registers"] = Json::array();
    if (const auto known = known_seat(event, parts, settings)) add_registers(json, *known, parts);
    if (!carries_card(event, settings)) return json;
    json["words"] = nullptr;
    json["text"] = hidden_card;
    return json;
}

}  // namespace

ExchangeText parse_exchange(std::string_view text) {
    ExchangeText exchange;
    if (!take(text, "unit")) return exchange;
    exchange.unit = take_number(text);
    if (text.starts_with(' ')) text.remove_prefix(1);
    read_span(text, exchange);
    if (exchange.table.empty()) return exchange;
    if (take(text, "=") || take(text, "<-")) {
        const auto end = text.find(": ");
        exchange.words = text.substr(0, end);
        if (end != std::string_view::npos) exchange.error = text.substr(end + 2);
    } else if (take(text, ":")) {
        exchange.error = text;
    }
    return exchange;
}

bool carries_card(const TraceEvent& exchange, const GatewaySettings& settings) {
    if (exchange.text.find(keba_card) != std::string::npos) return true;
    const auto parts = parse_exchange(exchange.text);
    const auto seat = known_seat(exchange, parts, settings);
    if (!seat) return false;
    const auto words = words_of(parts.words);
    const auto carried = carried_by(*seat, parts, words);
    return std::any_of(carried.begin(), carried.end(),
                       [&](const Carried& each) { return is_card(*seat, *each.reg); });
}

Json bus_trace(const TraceRing& ring, const BusTraceQuery& query, const GatewaySettings& settings,
               const Now& now) {
    Json exchanges = Json::array();
    std::int64_t last = ring.last();
    const auto& all = ring.exchanges();
    auto one = std::partition_point(all.begin(), all.end(),
                                    [&](const auto& traced) { return traced.number <= query.after; });
    for (; one != all.end(); ++one) {
        if (!query.bus.empty() && one->event.source != query.bus) continue;
        if (exchanges.size() == query.most) {
            last = exchanges.back().at("n");
            break;
        }
        exchanges.push_back(exchange_json(*one, settings, now));
    }
    return {{"exchanges", std::move(exchanges)}, {"last", last}};
}

}  // namespace busbar::gateway
