// SPDX-License-Identifier: Apache-2.0
// One exchange with an OpenEVSE controller, and what each answer or notification means.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/openevse_charger.hpp"

namespace busbar::adapters {
namespace {

constexpr int failures_to_silence = 3;
constexpr long acknowledge_first = 2;      // the third parameter of SY and GY: a pulse was missed
constexpr milliseconds starts_anew{3000};  // self-tests before it answers again
constexpr seconds between_boot_unlocks{10};
constexpr long no_sensor = -2560;
constexpr double joules_per_wh = 3600;

const rapi::Message no{{"NK"}, std::nullopt, true};

}  // namespace

using config::PollClass;

const std::array<OpenEvseCharger::Query, 10> OpenEvseCharger::queries{{
    {"GC", PollClass::fast, true, &OpenEvseCharger::take_capacity},
    {"GY", PollClass::once, true, &OpenEvseCharger::take_heartbeat},
    {"GS", PollClass::fast, true, &OpenEvseCharger::take_state},
    {"G0", PollClass::fast, false, &OpenEvseCharger::take_connected},
    {"GG", PollClass::fast, false, &OpenEvseCharger::take_current},
    {"GU", PollClass::fast, false, &OpenEvseCharger::take_energy},
    {"GI", PollClass::once, false, &OpenEvseCharger::take_serial},
    {"G5", PollClass::once, false, &OpenEvseCharger::take_lock},
    {"GP", PollClass::slow, false, &OpenEvseCharger::take_temperature},
    {"GF", PollClass::slow, false, &OpenEvseCharger::take_fault_counters},
}};

OpenEvseCharger::Step OpenEvseCharger::send(const std::optional<Job>& job, const Cause& cause,
                                            SteadyTime now) {
    if (!job) return std::nullopt;
    const bool deferred_limit = job->take == &OpenEvseCharger::take_limit && cause.message_id.empty();
    return exchange(*job, deferred_limit ? limit_cause_ : cause, now);
}

/// Where answers carry no number, a late one could be taken for the next command's.
SteadyTime OpenEvseCharger::ready_at(const Job& job, SteadyTime opened) const {
    auto ready = opened + profile_.pacing.delay_after_connect;
    if (const auto last = line_.last_answer(placement_.unit)) {
        const auto& pacing = profile_.pacing;
        ready = std::max(
            ready, last->at + (last->was_write ? std::max(pacing.gap, pacing.gap_after_write) : pacing.gap));
    }
    if (!sequence_ && job.command != late_command_) ready = std::max(ready, late_until_);
    return ready;
}

Result<Next> OpenEvseCharger::exchange(const Job& job, const Cause& cause, SteadyTime now) {
    const auto opened = line_.open();
    if (!opened) return failed(opened.error(), job, now);
    if (const auto ready = ready_at(job, *opened); ready > now) return Next{false, ready};
    if (sequence_) sequence_ = static_cast<std::uint8_t>(*sequence_ % 0xFF + 1);
    const auto is_reply = [sequence = sequence_](std::string_view text) {
        const auto message = rapi::parse(text);
        return message && message->is_reply() &&
               (!message->intact || !message->sequence || message->sequence == sequence);
    };
    const auto is_intact = [](std::string_view text) { return rapi::parse(text)->intact; };
    const auto reply = line_.converse(placement_.unit, rapi::frame(job.command, sequence_), is_reply,
                                      {profile_.pacing.reply_timeout, cause}, job.intent, is_intact);
    if (!reply) return failed(reply.error(), job, now);
    return answered(job, *rapi::parse(*reply), now);
}

bool OpenEvseCharger::try_again() {
    // Firmware from before 3.0 may take a sequence id for a parameter it does not know.
    if (!present_) sequence_ = sequence_ ? std::nullopt : std::optional<std::uint8_t>(0);
    if (retries_ >= profile_.pacing.retries) return false;
    ++retries_;
    return true;
}

Result<Next> OpenEvseCharger::answered(const Job& job, const rapi::Message& reply, SteadyTime now) {
    const bool bare_no = !reply.ok() && reply.words.size() == 1;
    // A command that was damaged on its way is answered no as well.
    if (bare_no && try_again()) return Next{false, now};
    if (bare_no && job.essential && job.intent == Intent::read)
        return failed({Errc::refused, "the controller refuses $" + job.command}, job, now);
    retries_ = 0;
    failures_ = 0;
    cycle_answered_ = true;
    conclude(job, reply, now);
    return Next{false, now};
}

Result<Next> OpenEvseCharger::failed(const Error& error, const Job& job, SteadyTime now) {
    if (error.code == Errc::cancelled) return error;
    if (error.code == Errc::timeout) {
        late_command_ = job.command;
        late_until_ = now + 2 * profile_.pacing.reply_timeout;
    }
    if (job.command == "FR" && error.code == Errc::timeout) {  // it starts anew without a word
        conclude(job, rapi::Message{{"OK"}, std::nullopt, true}, now);
        return Next{false, now};
    }
    const bool passing = error.code == Errc::timeout || error.code == Errc::garbled;
    if (passing && try_again()) return Next{false, now};
    retries_ = 0;
    if (++failures_ >= failures_to_silence) present_ = false;
    if (passing && present_ && !job.essential) conclude(job, no, now);
    return Error{error.code, fmt::format("${}: {}", job.command, error.detail)};
}

void OpenEvseCharger::conclude(const Job& job, const rapi::Message& reply, SteadyTime now) {
    const auto* query = std::find_if(queries.begin(), queries.end(),
                                     [&](const Query& each) { return each.command == job.command; });
    if (query != queries.end()) {
        auto& asked = asked_.at(static_cast<std::size_t>(query - queries.begin()));
        asked.at = now;
        asked.refused = !reply.ok();
    }
    (this->*job.take)(reply, now);
}

/// What came by itself: states at once, a boot leads back to the bring-up.
void OpenEvseCharger::heed(SteadyTime now) {
    for (const auto& text : line_.take_others()) {
        const auto message = rapi::parse(text);
        if (!message || !message->intact || message->is_reply()) continue;
        const auto& what = message->words[0];
        const auto state = message->hex(0);
        if (what == "AB" && present_) {
            log_.info("charger_restarted", "the controller started anew",
                      {{"post_code", message->words.size() > 1 ? message->words[1] : ""}});
            restart(now);
        }
        if (what == "AT" && state) {
            take_status(*state, message->hex(3), now);
            if (const auto amps = message->decimal(2)) facts_.capacity = Amperes(double(*amps));
        }
        if (what == "ST" && state) take_status(*state, facts_.flags, now);
    }
}

void OpenEvseCharger::take_version(const rapi::Message& reply, SteadyTime now) {
    if (!reply.sequence) sequence_.reset();
    restart(now);
    identity_.firmware = reply.words.size() > 1 ? reply.words[1] : "";
}

void OpenEvseCharger::take_serial(const rapi::Message& reply, SteadyTime) {
    if (reply.ok() && reply.words.size() > 1) identity_.serial = reply.words[1];
}

void OpenEvseCharger::take_lock(const rapi::Message& reply, SteadyTime) {
    has_lock_ = reply.ok();
}

void OpenEvseCharger::take_capacity(const rapi::Message& reply, SteadyTime) {
    const auto pilot = reply.decimal(2);
    if (!reply.ok() || !pilot) return;
    facts_.capacity = Amperes(double(*pilot));
    const auto& limit = *profile_.limit;
    LimitBounds bounds{Amperes(limit.min_a), Amperes(limit.max_a), Amperes(limit.step_a)};
    if (const auto min = reply.decimal(0); min && *min > 0)
        bounds.min = std::max(bounds.min, Amperes(double(*min)));
    if (const auto max = reply.decimal(1); max && *max > 0)
        bounds.max = std::min(bounds.max, Amperes(double(*max)));
    limit_.set_bounds(bounds);
}

void OpenEvseCharger::take_state(const rapi::Message& reply, SteadyTime now) {
    if (const auto state = reply.hex(0)) take_status(*state, reply.hex(3), now);
}

void OpenEvseCharger::take_status(long state, std::optional<long> flags, SteadyTime now) {
    const bool changed = !facts_.state || facts_.state->value != state || facts_.flags != flags;
    facts_.state = Measured<long>{state, now};
    facts_.flags = flags;
    facts_.asleep = facts_.resting();
    if (changed) next_cycle_ = now;
    if (facts_.has(OpenEvseFlags::boot_locked) && !boot_unlock_at_) boot_unlock_at_ = now;
}

void OpenEvseCharger::take_connected(const rapi::Message& reply, SteadyTime) {
    if (const auto connected = reply.decimal(0)) facts_.connected = *connected != 0;  // 2: it cannot tell
}

void OpenEvseCharger::take_current(const rapi::Message& reply, SteadyTime now) {
    facts_.current.reset();
    facts_.voltage.reset();
    const auto milliamps = reply.decimal(0);
    const auto millivolts = reply.decimal(1);
    if (milliamps && *milliamps >= 0)
        facts_.current = Measured<Amperes>{Amperes(double(*milliamps) / 1000), now};
    if (millivolts && *millivolts > 0 && !voltage_is_ours_)
        facts_.voltage = Measured<Volts>{Volts(double(*millivolts) / 1000), now};
}

void OpenEvseCharger::take_energy(const rapi::Message& reply, SteadyTime now) {
    const auto joules = reply.decimal(0);
    const auto total = reply.decimal(1);
    const bool has_session = joules && *joules >= 0;
    const WattHours session(has_session ? double(*joules) / joules_per_wh : 0);
    if (has_session) facts_.session = Measured<WattHours>{session, now};
    if (!total || *total < 0) return;
    const auto lifetime = energy_.lifetime(session, WattHours(double(*total)), !facts_.unplugged());
    facts_.total = Measured<WattHours>{lifetime, now};
}

/// Of three sensors the hottest; most boards have one or two.
void OpenEvseCharger::take_temperature(const rapi::Message& reply, SteadyTime) {
    facts_.temperature.reset();
    for (std::size_t i = 0; i < 3; ++i) {
        const auto tenths = reply.decimal(i);
        if (!tenths || *tenths == no_sensor) continue;
        const Celsius degrees(double(*tenths) / 10);
        facts_.temperature = std::max(facts_.temperature.value_or(degrees), degrees);
    }
}

void OpenEvseCharger::take_fault_counters(const rapi::Message& reply, SteadyTime) {
    facts_.trips = {reply.hex(0), reply.hex(1), reply.hex(2)};
}

void OpenEvseCharger::take_heartbeat(const rapi::Message& reply, SteadyTime now) {
    const auto interval = reply.decimal(0);
    const auto current = reply.decimal(1);
    if (!reply.ok() || !interval || !current) return;
    heartbeat_.interval = seconds(*interval);
    heartbeat_.right = heartbeat_.interval == heartbeat_interval && *current == fallback_amps();
    heartbeat_.missed = reply.decimal(2) == acknowledge_first;
    heartbeat_.pulse_at = now;
}

/// A third of the interval leaves room for two that get lost.
void OpenEvseCharger::take_pulse(const rapi::Message& reply, SteadyTime now) {
    heartbeat_.pulse_at = now + heartbeat_.interval / 3;
    heartbeat_.missed = !reply.ok() || reply.decimal(2) == acknowledge_first;
}

void OpenEvseCharger::take_acknowledged(const rapi::Message&, SteadyTime) {
    heartbeat_.missed = false;
}

void OpenEvseCharger::take_supervision(const rapi::Message& reply, SteadyTime now) {
    heartbeat_.right = true;
    if (!reply.ok()) return;
    heartbeat_.interval = heartbeat_interval;
    heartbeat_.pulse_at = now + heartbeat_.interval / 3;
}

void OpenEvseCharger::take_voltage_set(const rapi::Message& reply, SteadyTime) {
    voltage_is_set_ = true;
    voltage_is_ours_ = reply.ok();
}

void OpenEvseCharger::take_limit(const rapi::Message& reply, SteadyTime now) {
    limit_.answered(reply, now);
}

/// $OK 1: not while there is a fault.
void OpenEvseCharger::take_boot_lock(const rapi::Message& reply, SteadyTime now) {
    boot_unlock_at_.reset();
    if (reply.ok() && reply.decimal(0).value_or(0) != 0) boot_unlock_at_ = now + between_boot_unlocks;
}

void OpenEvseCharger::take_automatic_lock(const rapi::Message&, SteadyTime) {
    lock_is_manual_ = false;
}

void OpenEvseCharger::take_order(const rapi::Message& reply, SteadyTime now) {
    const auto order = std::exchange(orders_.front(), {});
    orders_.pop_front();
    if (!reply.ok()) {
        order_refusal_ = Error{Errc::refused, "the controller refuses $" + order};
        orders_.clear();
        return;
    }
    if (order == "S5 M") lock_is_manual_ = true;
    if (order != "FR") return;
    present_ = false;
    quiet_until_ = now + starts_anew;
}

}  // namespace busbar::adapters
