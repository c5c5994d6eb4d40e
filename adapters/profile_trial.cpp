// SPDX-License-Identifier: Apache-2.0
// The read list of the engine, walked through once.
#include "adapters/profile_trial.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "adapters/connector_profile.hpp"
#include "adapters/modbus_pdu.hpp"
#include "adapters/profile_conditions.hpp"
#include "adapters/profile_measurements.hpp"
#include "adapters/profile_state.hpp"

namespace busbar::adapters {
namespace {

constexpr int most_line_failures = 3;
constexpr int exception_flag = 0x80;

std::map<std::string, int> with_usual(std::map<std::string, int> units, const config::Profile& profile) {
    for (const auto& [name, usual] : profile.units) {
        if (usual) units.emplace(name, *usual);
    }
    return units;
}

std::string hex(int unit, const Bytes& pdu) {
    return fmt::format("{:02X} {:02X}", unit, fmt::join(pdu, " "));
}

/// The answer that these words came from.
Bytes answer_pdu(const Span& span, const Words& words) {
    Bytes pdu{read_request(span).front(), 0};
    const bool bits = span.table == config::Table::coil || span.table == config::Table::discrete;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!bits) {
            pdu.push_back(static_cast<std::uint8_t>(words[i] >> 8U));
            pdu.push_back(static_cast<std::uint8_t>(words[i] & 0xFFU));
            continue;
        }
        if (i % 8 == 0) pdu.push_back(0);
        if (words[i] != 0) pdu.back() = static_cast<std::uint8_t>(pdu.back() | 1U << i % 8);
    }
    pdu[1] = static_cast<std::uint8_t>(pdu.size() - 2);
    return pdu;
}

bool inside(const Span& inner, const Span& outer) {
    return inner.unit == outer.unit && inner.table == outer.table && inner.address >= outer.address &&
           inner.address + inner.count <= outer.address + outer.count;
}

}  // namespace

int connectors_at(const TrialPlace& place, const config::Profile& profile) {
    const auto& known = profile.connectors;
    const int most = std::max(known.most, 1);
    if (place.connectors) return std::clamp(*place.connectors, 1, most);
    if (known.units.empty()) return most;
    const auto units = with_usual(place.units, profile);
    const auto named = std::count_if(known.units.begin(), known.units.end(),
                                     [&](const auto& entry) { return units.contains(entry.second); });
    return 1 + static_cast<int>(named);
}

Result<void> check_units(const TrialPlace& place, const config::Profile& profile) {
    const auto units = with_usual(place.units, profile);
    for (int n = 1; n <= connectors_at(place, profile); ++n) {
        for (const auto& [name, reg] : connector_profile(profile, n).registers) {
            if (reg.unit_name.empty() || units.contains(reg.unit_name)) continue;
            return Error{Errc::invalid, fmt::format("register {} is at the unit '{}', whose id nobody said: "
                                                    "give it, as in --units {}=2",
                                                    name, reg.unit_name, reg.unit_name)};
        }
    }
    return {};
}

ProfileTrial::ProfileTrial(const config::Profile& profile, const TrialPlace& place, Registers& registers)
    : connectors_(connectors_of(profile, place)),
      line_(registers, connectors_.front().profile.pacing),
      reads_(views_of(connectors_)) {}

std::deque<ProfileTrial::Connector> ProfileTrial::connectors_of(const config::Profile& profile,
                                                                const TrialPlace& place) {
    std::deque<Connector> connectors;
    for (int n = 1; n <= connectors_at(place, profile); ++n) {
        connectors.emplace_back(connector_profile(profile, n), place, connectors);
    }
    return connectors;
}

/// The values keep the address of their profile, and share the words of the first connector.
ProfileTrial::Connector::Connector(config::Profile own, const TrialPlace& place,
                                   const std::deque<Connector>& before)
    : profile(std::move(own)),
      values(before.empty() ? RegisterValues(profile, place.unit, with_usual(place.units, profile))
                            : RegisterValues(profile, before.front().values)) {}

std::vector<ReadList::View> ProfileTrial::views_of(const std::deque<Connector>& connectors) {
    std::vector<ReadList::View> views;
    views.reserve(connectors.size());
    for (const auto& each : connectors) views.push_back({&each.profile, &each.values});
    return views;
}

Next ProfileTrial::step(SteadyTime now) {
    if (!began_) began_ = now;
    const auto span = answers_ ? reads_.next(ReadList::Scope::everything, *began_) : reads_.probe();
    if (done_ || !span) {
        done_ = true;
        return {true, now};
    }
    const auto at = line_.ready_at(*span, false);
    if (!at) {
        refusals_[*span] = at.error().detail;
        done_ = ++line_failures_ >= most_line_failures;
        return {done_, done_ ? now : now + 1s};
    }
    line_failures_ = 0;
    if (*at > now) return {false, *at};
    return read(*span, now);
}

Next ProfileTrial::read(const Span& span, SteadyTime now) {
    const auto answer = line_.read(span, {}, now);
    note(span, answer);
    if (!answer) return failed(span, answer.error(), now);
    answers_ = true;
    refusals_.erase(span);
    connectors_.front().values.store(span, *answer, now);
    reads_.answered(span);
    return {false, now};
}

Next ProfileTrial::failed(const Span& span, const ExchangeError& error, SteadyTime now) {
    if (line_.try_again(error)) return {false, now};
    refusals_[span] =
        error.code == Errc::refused ? fmt::format("exception {}", error.exception) : error.detail;
    const bool refused = is_final_refusal(error);
    if (refused) answers_ = true;
    if (!answers_) {
        done_ = true;
        return {true, now};
    }
    const auto learned = refused ? reads_.refused(span, now) : reads_.failed(span, now, error.hung_up);
    for (const auto& missing : learned.missing) connectors_.front().values.mark_missing(missing.span);
    return {done_, now};
}

void ProfileTrial::note(const Span& span, const Exchange<Words>& answer) {
    const auto request = read_request(span);
    TrialExchange exchange{hex(span.unit, request), "", ""};
    if (answer) {
        exchange.response = hex(span.unit, answer_pdu(span, *answer));
    } else {
        exchange.error = answer.error().detail;
        if (answer.error().code == Errc::refused) {
            exchange.response = hex(span.unit, {static_cast<std::uint8_t>(request.front() | exception_flag),
                                                static_cast<std::uint8_t>(answer.error().exception)});
        }
    }
    exchanges_.push_back(std::move(exchange));
}

/// Not the same place as that of a connector before it.
bool ProfileTrial::is_its_own(const config::Register& reg, std::size_t at) const {
    if (at == 0) return true;
    const auto& first = connectors_.front();
    return connectors_[at].values.span_of(reg) != first.values.span_of(first.profile.registers.at(reg.name));
}

bool ProfileTrial::has_answered(std::size_t at) const {
    const auto& each = connectors_[at];
    const auto& registers = each.profile.registers;
    return std::any_of(registers.begin(), registers.end(), [&](const auto& entry) {
        return is_its_own(entry.second, at) && each.values.words(each.values.span_of(entry.second));
    });
}

void ProfileTrial::add_rows(TrialReport& report) const {
    for (std::size_t at = 0; at < connectors_.size(); ++at) {
        if (at > 0 && !has_answered(at)) continue;
        for (const auto& [name, reg] : connectors_[at].profile.registers) {
            if (is_its_own(reg, at)) report.rows.push_back(row_of(reg, at));
        }
    }
    std::stable_sort(report.rows.begin(), report.rows.end(), [](const TrialRow& a, const TrialRow& b) {
        return std::tie(a.connector, a.span) < std::tie(b.connector, b.span);
    });
}

TrialReport ProfileTrial::report(SteadyTime now) const {
    TrialReport report;
    report.answers = answers_;
    report.exchanges = exchanges_;
    add_rows(report);
    for (std::size_t at = 0; at < connectors_.size(); ++at) {
        const auto& [profile, values] = connectors_[at];
        TrialConnector connector{static_cast<int>(at) + 1, answers_ && has_answered(at), {}};
        if (connector.answers) {
            if (!profile.is_meter) judge_state(connector.reading, profile, values, std::nullopt, {}, now);
            take_measurements(connector.reading, profile.measurements, values);
        }
        report.connectors.push_back(std::move(connector));
    }
    if (answers_) report.identity = identify(connectors_.front().profile, connectors_.front().values);
    return report;
}

TrialRow ProfileTrial::row_of(const config::Register& reg, std::size_t at) const {
    const auto& values = connectors_[at].values;
    TrialRow row{static_cast<int>(at) + 1, reg.name, values.span_of(reg), {}, {}, {}, {}};
    row.words = values.words(row.span);
    const auto value = values.value(reg.name);
    if (row.words && value) {
        row.number = value->number;
        row.text = value->text;
    }
    if (!row.number && !row.text) row.why = why_not(reg, row.span, values);
    return row;
}

std::string ProfileTrial::why_not(const config::Register& reg, const Span& span,
                                  const RegisterValues& values) const {
    if (reg.access == config::Access::write) return "write only";
    if (!hold(reg.when, values)) return "this charger does not have it (when)";
    if (values.words(span)) return "says: not available";
    const auto refused = std::find_if(refusals_.begin(), refusals_.end(),
                                      [&](const auto& entry) { return inside(span, entry.first); });
    return refused == refusals_.end() ? "not asked" : refused->second;
}

}  // namespace busbar::adapters
