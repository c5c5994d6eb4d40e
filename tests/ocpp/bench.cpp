// SPDX-License-Identifier: Apache-2.0
#include "tests/ocpp/bench.hpp"

#include <algorithm>
#include <utility>

namespace busbar::ocpp::test {
namespace {

using std::chrono::duration_cast;

/// Those of one kind, in order.
template <class Kind>
std::vector<Kind> pick(const Effects& effects) {
    std::vector<Kind> picked;
    for (const auto& effect : effects) {
        if (const auto* one = std::get_if<Kind>(&effect)) picked.push_back(*one);
    }
    return picked;
}

}  // namespace

UtcTime utc_at(SteadyTime at) {
    using std::chrono::sys_days, std::chrono::year, std::chrono::hours;
    return sys_days(year(2026) / 11 / 22) + hours(12) + duration_cast<milliseconds>(at - test_start);
}

Now now_at(SteadyEpoch::duration since_start) {
    const SteadyTime at = test_start + since_start;
    return {at, utc_at(at)};
}

Bench::Bench(Settings settings) : settings_(std::move(settings)) {
    chargers.resize(static_cast<std::size_t>(settings_.connectors));
    for (auto& charger : chargers) charger.silent = "not connected yet";
}

Now Bench::now() const {
    if (clock_known) return {steady_, utc_at(steady_)};
    if (!utc_offset_) return {steady_, std::nullopt};
    return {steady_, UtcTime(*utc_offset_ + duration_cast<milliseconds>(steady_.time_since_epoch()))};
}

void Bench::power_up(bool machine_too) {
    if (machine_too) ++boots_;
    Settings settings = settings_;
    settings.run = "run" + std::to_string(++runs_);
    settings.boot_id = "boot" + std::to_string(boots_);
    linked_ = false;
    next_poll_ = steady_;
    charge_point_ = std::make_unique<ChargePoint>(std::move(settings), store.load());
    charge_point_->on_sim(sim);
    charge_point_->on_device(capabilities, identity, now());
    charge_point_->start(now());
    settle();
}

void Bench::connect() {
    linked_ = true;
    charge_point_->on_connected(now());
    settle();
}

void Bench::disconnect() {
    linked_ = false;
    charge_point_->on_disconnected(now());
    settle();
}

void Bench::receive(const std::string& frame) {
    if (dead()) return;
    charge_point_->on_frame(frame, now());
    settle();
}

void Bench::end_transfer(const Result<void>& result) {
    if (dead()) return;
    const Now at = now();
    auto& point = *charge_point_;
    if (const auto* upload = std::get_if<UploadDiagnostics>(&*transfer_)) {
        point.on_uploaded(upload->attempt, result, at);
    } else if (const auto* download = std::get_if<DownloadFirmware>(&*transfer_)) {
        point.on_downloaded(download->attempt, result, at);
    } else if (const auto* log = std::get_if<UploadLog>(&*transfer_)) {
        point.on_log_uploaded(log->attempt, result, at);
    } else if (std::holds_alternative<VerifyFirmware>(*transfer_)) {
        point.on_verified(result, at);
    } else {
        point.on_installed(result, at);
    }
    settle();
}

void Bench::look(ConnectorId connector) {
    if (dead()) return;
    charge_point_->on_reading(connector, chargers.at(static_cast<std::size_t>(connector) - 1).look(steady_),
                              now());
    settle();
}

void Bench::charge_now(ConnectorId connector) {
    if (dead()) return;
    charge_point_->on_charge_now(connector, now());
    settle();
}

void Bench::advance_to(SteadyTime when) {
    while (!dead()) {
        const SteadyTime due = charge_point_->next_deadline().value_or(SteadyTime::max());
        const SteadyTime poll = poll_interval ? next_poll_ : SteadyTime::max();
        const SteadyTime next = std::min(due, poll);
        if (next > when) break;
        steady_ = std::max(steady_, next);
        if (poll <= due) {
            next_poll_ = poll + *poll_interval;
            for (int id = 1; id <= settings_.connectors; ++id) look(id);
        } else {
            ++ticks;
            charge_point_->on_tick(now());
            settle();
        }
    }
    steady_ = std::max(steady_, when);
}

bool Bench::step() {
    if (steps_left == 0) {
        charge_point_.reset();
        return false;
    }
    --steps_left;
    ++steps_done;
    return true;
}

void Bench::settle() {
    for (int turns = 0; !dead(); ++turns) {
        const Effects effects = charge_point_->take_effects();
        if (effects.empty()) break;
        if (turns == 1000) {
            complaints.emplace_back("effects without end");
            break;
        }
        if (!carry_out(effects)) return;
    }
    if (!dead()) check_deadline();
}

/// False: the process died on the way, or began anew.
bool Bench::carry_out(const Effects& effects) {
    if (!carry_out_commands(effects)) return false;
    if (!carry_out_frames(effects, true)) return false;
    if (std::any_of(effects.begin(), effects.end(), FakeStore::concerns) && !step()) return false;
    store.commit(effects);
    if (!carry_out_frames(effects, false)) return false;
    if (!pick<Restart>(effects).empty()) {
        seen.push_back({steady_, Restart{}});
        power_up();
        return false;
    }
    carry_out_rest(effects);
    return true;
}

bool Bench::carry_out_commands(const Effects& effects) {
    for (const auto& run : pick<RunCommand>(effects)) {
        if (!step()) return false;
        if (!std::holds_alternative<Refresh>(run.command) || !poll_interval) {
            seen.push_back({steady_, run.command});
        }
    }
    for (const auto& start : pick<StartTransfer>(effects)) {
        transfer_ = start.what;
        seen.push_back({steady_, start.what});
    }
    return true;
}

/// A frame that needs the commit holds back those behind it.
bool Bench::carry_out_frames(const Effects& effects, bool before_commit) {
    bool needs_commit = false;
    for (const auto& frame : pick<SendFrame>(effects)) {
        needs_commit = needs_commit || frame.after_save;
        if (needs_commit == before_commit) continue;
        if (!linked_) complaints.push_back("a frame without a link: " + frame.text);
        if (!step()) return false;
        seen.push_back({steady_, frame.text});
    }
    return true;
}

Result<void> Bench::outcome(const Command& command) {
    const bool stuck = unlock_fails && std::holds_alternative<Unlock>(command);
    const bool deaf = std::holds_alternative<Reboot>(command) && failing_reboots > 0;
    if (deaf) --failing_reboots;
    const bool welded = std::holds_alternative<SetPhases>(command) && failing_switches > 0;
    if (welded) --failing_switches;
    return stuck || deaf || welded ? Result<void>(Error{Errc::refused, "no"}) : Result<void>{};
}

void Bench::carry_out_rest(const Effects& effects) {
    for (const auto& note : pick<Note>(effects)) notes.push_back(note.event);
    for (const auto& use : pick<UsePassword>(effects)) {
        password = use.password.reveal();
        if (use.reconnect) disconnect();
    }
    for (const auto& ping : pick<SetPingInterval>(effects)) ping_interval = ping.interval;
    for (const auto& offer : pick<OfferTime>(effects)) {
        utc_offset_ = offer.utc.time_since_epoch() - duration_cast<milliseconds>(steady_.time_since_epoch());
    }
    for (const auto& fetch : pick<FetchMessages>(effects)) {
        charge_point_->on_messages(store.page(fetch), fetch.limit, now());
    }
    for (const auto& run : pick<RunCommand>(effects)) {
        const auto done = outcome(run.command);
        if (const auto* set = std::get_if<SetPhases>(&run.command)) {
            auto& face = chargers.at(static_cast<std::size_t>(set->connector) - 1).face;
            face.phases = done ? std::optional(set->phases) : std::nullopt;
        }
        charge_point_->on_done(run.id, done, now());
        const auto* refresh = std::get_if<Refresh>(&run.command);
        if (refresh == nullptr || !poll_interval) continue;
        const auto index = static_cast<std::size_t>(refresh->connector) - 1;
        charge_point_->on_reading(refresh->connector, chargers.at(index).look(steady_), now());
    }
}

void Bench::check_deadline() {
    const auto deadline = charge_point_->next_deadline();
    if (deadline && *deadline <= steady_) complaints.emplace_back("next_deadline() is not in the future");
}

}  // namespace busbar::ocpp::test
