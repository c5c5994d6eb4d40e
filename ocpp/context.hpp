// SPDX-License-Identifier: Apache-2.0
// What the parts of one charge point share: its settings, its keys, its queue, and the effects they yield.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ocpp/authorizer.hpp"
#include "ocpp/availability.hpp"
#include "ocpp/call_queue.hpp"
#include "ocpp/charging_profiles.hpp"
#include "ocpp/configuration.hpp"
#include "ocpp/effect.hpp"
#include "ocpp/local_limit.hpp"
#include "ocpp/own_schedule.hpp"
#include "ocpp/registration.hpp"
#include "ocpp/reservations.hpp"
#include "ocpp/security_event.hpp"
#include "ocpp/transaction_ledger.hpp"
#include "ocpp/transfer_messages.hpp"

namespace busbar::ocpp {

/// CONTRACT.md section 3.
enum class AuthorizationMode { free, remote, rfid };

/// What the gateway knows of a charge point before anything happens.
struct Settings {
    std::string id;       ///< of the charge point, as in its URL
    std::string vendor;   ///< BootNotification chargePointVendor and ...
    std::string model;    ///< ... chargePointModel, from the charger profile
    std::string version;  ///< "busbar 0.1.0"; the charger's own firmware is added where known
    AuthorizationMode mode = AuthorizationMode::remote;
    std::string id_tag;  ///< of the transactions of mode free
    int connectors = 1;
    int phases = 3;
    Volts voltage{230};
    Amperes max_current{32};
    seconds lost_after{30};
    std::map<std::string, std::string> configuration;  ///< seeds
    /// What the feed leaves each connector until on_ceiling() says otherwise; absent: no feed is shared.
    std::map<ConnectorId, Amperes> ceilings;
    ChargingTimes times{};
    std::string file_transfer_protocols;  ///< key SupportedFileTransferProtocols: "HTTPS,FTP"; "": none
    /// May this certificate (PEM) sign firmware: Accepted, InvalidCertificate or RevokedCertificate. Empty:
    /// none.
    std::function<UpdateFirmwareStatus(const std::string&)> judge_firmware_signer{};
    bool additional_root_check = false;     ///< key AdditionalRootCertificateCheck
    bool authorization_key_is_hex = false;  ///< key AuthorizationKey: 32 to 40 hex digits, else as it is
    bool security_events = true;            ///< false: they are logged and not sent
    std::string run;  ///< unique to this start of the charge point, at most 20 characters of [0-9a-z]: begins
                      ///< message ids
    std::string boot_id;  ///< of the machine: tells a loss of power from a restart of the gateway
};

struct Context {
    Context(Settings given, const Saved& saved)
        : settings(std::move(given)),
          configuration(settings.configuration, saved.records),
          profiles(saved.records),
          local_limits(saved.records),
          ledger(saved.records),
          availability(settings.connectors, saved.records),
          authorizer(saved.records),
          reservations(saved.records),
          statuses(static_cast<std::size_t>(settings.connectors)),
          calls(saved.last_seq, effects) {}

    const Settings settings;
    Effects effects;
    Configuration configuration;
    ChargingProfiles profiles;
    LocalLimits local_limits;
    TransactionLedger ledger;
    Availability availability;
    Authorizer authorizer;
    Reservations reservations;
    ConnectorStatuses statuses;  ///< of all connectors, as last derived
    CallQueue calls;
    Registration registration;
    DeviceIdentity identity;
    Capabilities capabilities;
    std::map<ConnectorId, Amperes> ceilings = settings.ceilings;  ///< of a shared feed, as they are now
    std::vector<SecurityEvent> security_events;                   ///< raised and not taken care of yet
    bool restarting = false;                                      ///< Reset: nothing new begins
    Cause cause;  ///< the request being served, for the commands it brings about

    /// At most 36 characters, unique across connections and runs (R6).
    std::string new_message_id() { return settings.run + "-" + std::to_string(++last_message_); }
    EffectId new_effect_id() { return ++last_effect_; }

    /// Our requests are heard and answered: connected and Accepted.
    [[nodiscard]] bool online() const { return registration.connected() && registration.accepted(); }

    /// What installation and charger allow one connector, per phase.
    [[nodiscard]] Amperes max_current() const {
        return std::min(settings.max_current, capabilities.max_current);
    }
    [[nodiscard]] Supply supply() const {
        return {std::min(settings.phases, capabilities.phases), settings.voltage};
    }

    [[nodiscard]] Reach reach() const { return online() ? Reach::online : Reach::offline; }
    [[nodiscard]] AuthorizationRules authorization_rules() const {
        return {configuration.boolean(Key::LocalPreAuthorize),
                configuration.boolean(Key::LocalAuthorizeOffline),
                configuration.boolean(Key::AllowOfflineTxForUnknownId),
                configuration.boolean(Key::LocalAuthListEnabled),
                configuration.boolean(Key::AuthorizationCacheEnabled)};
    }

    void run(EffectId id, Command command) { effects.emplace_back(RunCommand{id, command, cause}); }
    /// Connectors share a ceiling: within one step a limit is lowered at once, and raised behind all that is
    /// lowered, unless it was set anew meanwhile.
    void lower(EffectId id, SetLimit limit) {
        std::erase_if(raises_, [&](const Raise& one) { return one.limit.connector == limit.connector; });
        run(id, limit);
    }
    void raise(EffectId id, SetLimit limit) {
        std::erase_if(raises_, [&](const Raise& one) { return one.limit.connector == limit.connector; });
        raises_.push_back({id, limit});
    }
    void release_raises() {
        for (const auto& one : std::exchange(raises_, {})) run(one.id, one.limit);
    }
    void save(Record record) { effects.emplace_back(SaveRecord{std::move(record)}); }
    void raise_event(SecurityEventType type, std::string tech_info) {
        security_events.push_back({type, std::move(tech_info)});
    }
    void note(LogLevel level, std::string event, std::string text, std::vector<LogField> fields = {}) {
        effects.emplace_back(Note{level, std::move(event), std::move(text), std::move(fields)});
    }

  private:
    std::uint64_t last_message_ = 0;
    EffectId last_effect_ = 0;
    struct Raise {
        EffectId id;
        SetLimit limit;
    };
    std::vector<Raise> raises_;
};

}  // namespace busbar::ocpp
