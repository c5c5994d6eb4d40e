// SPDX-License-Identifier: Apache-2.0
#include "gateway/uplink/modem_care.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/atomic_file.hpp"
#include "gateway/uplink/power_hook.hpp"

namespace busbar::gateway {
namespace {

constexpr seconds look_interval{15};
/// A power cycle waits for capacitors and for the modem's orderly end.
constexpr milliseconds power_hook_limit{60'000};

}  // namespace

const Modems::value_type* modem_of(const Modems& modems, const std::string& interface) {
    const auto own = std::find_if(modems.begin(), modems.end(), [&](const auto& modem) {
        const auto& ports = modem.second.ports;
        return std::find(ports.begin(), ports.end(), interface) != ports.end();
    });
    if (own != modems.end()) return &*own;
    return modems.empty() ? nullptr : &*modems.begin();
}

ModemCare::ModemCare(boost::asio::io_context& loop, ModemManager& manager, config::Uplink settings,
                     std::string pin_file, UplinkEvidence evidence, const Log& log, PowerCycle power)
    : loop_(loop),
      manager_(manager),
      settings_(std::move(settings)),
      pin_file_(std::move(pin_file)),
      evidence_(std::move(evidence)),
      power_(std::move(power)),
      log_(log.with("uplink", settings_.id)),
      pins_(file_content(pin_file_)),
      ladder_(power_ || !settings_.modem_power.empty()),
      timer_(loop) {
    on_modems();
    watch();
}

ModemCare::~ModemCare() = default;

const ModemFacts* ModemCare::modem() const {
    const auto found = manager_.modems().find(path_);
    return found == manager_.modems().end() ? nullptr : &found->second;
}

std::string ModemCare::hindrance() const {
    if (!asked_.empty()) return "waits: " + asked_;
    return modem() == nullptr ? std::string() : hindrance_of(*modem());
}

void ModemCare::on_modems() {
    const auto* found = modem_of(manager_.modems(), settings_.interface);
    if (found == nullptr) {
        if (!path_.empty()) log_.warning("modem_gone", "The modem is gone.");
        path_.clear();
        pin_sent_to_.clear();
        switched_on_.clear();
        asked_.clear();
        return;
    }
    const auto& [path, modem] = *found;
    if (path != path_)
        log_.info("modem_found", "A modem is there.",
                  {{"imei", modem.imei}, {"state", std::to_string(static_cast<int>(modem.state))}});
    path_ = path;
    open_sim(path, modem);
    switch_on(path, modem);
}

void ModemCare::open_sim(const std::string& path, const ModemFacts& modem) {
    const auto decision = decide_pin(modem, settings_.pin, pins_);
    if (path == pin_sent_to_ && modem.state == ModemState::locked) {
        const bool under_way =
            pins_.outcome(modem.iccid, settings_.pin) == PinOutcome::sent && asked_.empty();
        if (under_way || decision.send) return;
    }
    if (asked_ != decision.ask) {
        asked_ = decision.ask;
        if (!asked_.empty()) log_.warning("sim_pin_needed", fmt::format("GSM waits: {}.", asked_));
    }
    if (decision.send) send_pin(path, modem.iccid);
}

/// On the disk before it is on its way: a power cut between the two must not make two tries of one.
void ModemCare::send_pin(const std::string& path, const std::string& iccid) {
    pin_sent_to_ = path;
    const bool proved = pins_.outcome(iccid, settings_.pin) == PinOutcome::right;
    if (!proved && !remember(iccid, PinOutcome::sent)) return;
    log_.info("sim_pin_sent", "The SIM wants its PIN and gets it.");
    manager_.send_pin(path, settings_.pin,
                      [this, iccid, alive = std::weak_ptr(alive_)](const Result<void>& answer) {
                          if (!alive.expired()) pin_answered(iccid, answer);
                      });
}

void ModemCare::pin_answered(const std::string& iccid, const Result<void>& answer) {
    if (answer) {
        remember(iccid, PinOutcome::right);
        return log_.info("sim_opened", "The SIM took the PIN.");
    }
    log_.error("sim_pin_failed", fmt::format("The PIN did not open the SIM: {}.", answer.error().detail));
    const bool proved = pins_.outcome(iccid, settings_.pin) == PinOutcome::right;
    if (answer.error().code == Errc::refused) {
        remember(iccid, PinOutcome::wrong);
    } else if (answer.error().code == Errc::unreachable && !proved) {
        remember(iccid, std::nullopt);
    }
    const auto* now = modem();
    const auto decision = now == nullptr ? PinDecision{} : decide_pin(*now, settings_.pin, pins_);
    asked_ = decision.ask.empty() ? answer.error().detail : decision.ask;
}

bool ModemCare::remember(const std::string& iccid, std::optional<PinOutcome> outcome) {
    if (outcome) {
        pins_.remember(iccid, settings_.pin, *outcome);
    } else {
        pins_.forget(iccid, settings_.pin);
    }
    const auto written = replace_file(pin_file_, pins_.text(), Durable::yes);
    if (!written)
        log_.error("sim_pin_not_kept",
                   fmt::format("What became of the PIN cannot be remembered: {}.", written.error().detail));
    return written.has_value();
}

/// NetworkManager does so too when it connects; before, there is neither signal nor operator to be seen.
void ModemCare::switch_on(const std::string& path, const ModemFacts& modem) {
    if (modem.state != ModemState::disabled || switched_on_ == path) return;
    switched_on_ = path;
    manager_.enable(path, true, report("switch it on"));
}

void ModemCare::watch() {
    timer_.expires_after(look_interval);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        review();
        watch();
    });
}

void ModemCare::review() {
    auto evidence = evidence_();
    const auto* now = modem();
    evidence.present = now != nullptr;
    if (now != nullptr) {
        evidence.lacks_coverage = lacks_coverage(*now);
        evidence.waits_for_person =
            now->state == ModemState::locked ||
            (now->state == ModemState::failed && now->failure == ModemFailure::sim_missing);
    }
    if (const auto step = ladder_.review(evidence, steady_now())) take(*step);
}

void ModemCare::take(ModemStep step) {
    log_.warning("modem_recovery",
                 fmt::format("The modem carries nothing; the next try is {}.", to_string(step)),
                 {{"step", std::string(to_string(step))},
                  {"times", std::to_string(ladder_.taken().at(static_cast<std::size_t>(step)))}});
    switch (step) {
        case ModemStep::reconnect:
            return manager_.disconnect(path_, report("end its connection"));
        case ModemStep::toggle:
            return manager_.enable(path_, false,
                                   [this, path = path_, alive = std::weak_ptr(alive_)](const auto& off) {
                                       if (alive.expired()) return;
                                       report("switch it off")(off);
                                       manager_.enable(path, true, report("switch it on"));
                                   });
        case ModemStep::reset:
            return manager_.reset(path_, report("reset it"));
        case ModemStep::power_cycle:
            if (settings_.modem_power.empty()) return power_(report("cut its power"));
            return run_power_hook(loop_, settings_.modem_power, "cycle", power_hook_limit,
                                  report("cut its power"));
    }
}

ModemManager::Done ModemCare::report(std::string what) {
    return [this, what = std::move(what), alive = std::weak_ptr(alive_)](const Result<void>& done) {
        if (alive.expired() || done) return;
        log_.warning("modem_refused",
                     fmt::format("The modem does not let us {}: {}.", what, done.error().detail));
    };
}

}  // namespace busbar::gateway
