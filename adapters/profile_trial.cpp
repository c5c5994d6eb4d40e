// SPDX-License-Identifier: Apache-2.0
// The read list of the engine, walked through once.
#include "adapters/profile_trial.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

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

ProfileTrial::ProfileTrial(config::Profile profile, int unit, std::map<std::string, int> units,
                           Registers& registers)
    : profile_(std::move(profile)),
      line_(registers, profile_.pacing),
      values_(profile_, unit, with_usual(std::move(units), profile_)),
      reads_({{&profile_, &values_}}) {}

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
    values_.store(span, *answer, now);
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
    for (const auto& missing : learned.missing) values_.mark_missing(missing.span);
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

TrialReport ProfileTrial::report(SteadyTime now) const {
    TrialReport report;
    report.answers = answers_;
    report.exchanges = exchanges_;
    for (const auto& [name, reg] : profile_.registers) report.rows.push_back(row_of(reg));
    std::stable_sort(report.rows.begin(), report.rows.end(),
                     [](const TrialRow& a, const TrialRow& b) { return a.span < b.span; });
    if (!answers_) return report;
    if (!profile_.is_meter) judge_state(report.reading, profile_, values_, std::nullopt, {}, now);
    take_measurements(report.reading, profile_.measurements, values_);
    report.identity = identify(profile_, values_);
    return report;
}

TrialRow ProfileTrial::row_of(const config::Register& reg) const {
    TrialRow row{reg.name, values_.span_of(reg), {}, {}, {}, {}};
    row.words = values_.words(row.span);
    const auto value = values_.value(reg.name);
    if (row.words && value) {
        row.number = value->number;
        row.text = value->text;
    }
    if (!row.number && !row.text) row.why = why_not(reg, row.span);
    return row;
}

std::string ProfileTrial::why_not(const config::Register& reg, const Span& span) const {
    if (reg.access == config::Access::write) return "write only";
    if (!hold(reg.when, values_)) return "this charger does not have it (when)";
    if (values_.words(span)) return "says: not available";
    const auto refused = std::find_if(refusals_.begin(), refusals_.end(),
                                      [&](const auto& entry) { return inside(span, entry.first); });
    return refused == refusals_.end() ? "not asked" : refused->second;
}

}  // namespace busbar::adapters
