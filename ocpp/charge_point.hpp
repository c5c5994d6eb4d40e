// SPDX-License-Identifier: Apache-2.0
// One OCPP 1.6J charge point as a state machine without sockets, clock or threads: it is told facts and the
// time, and yields effects.
//
// Use: construct with what is saved, call start(); then tell it what happens. After each call carry out
// take_effects() in order (effect.hpp), and call on_tick() when next_deadline() has come. One thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/base/reading.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/sim_identity.hpp"
#include "ocpp/bad_frames.hpp"
#include "ocpp/certificates.hpp"
#include "ocpp/clock_steps.hpp"
#include "ocpp/connector.hpp"
#include "ocpp/connector_zero.hpp"
#include "ocpp/context.hpp"
#include "ocpp/maintenance.hpp"
#include "ocpp/security_events.hpp"
#include "ocpp/security_profile.hpp"

namespace busbar::ocpp {

struct Call;
struct ConnectorInUse;
struct CallError;
struct CallResult;

struct ChargePointView {
    std::optional<RegistrationStatus> registration;  ///< empty before the first answer
    std::vector<ConnectorView> connectors;
    bool awaits_answer = false;  ///< a CALL of ours is under way
    DeviceIdentity identity{};
    Capabilities capabilities{};
    Amperes max_current{};  ///< what installation and charger allow a connector, per phase
};

class ChargePoint {
  public:
    ChargePoint(Settings settings, const Saved& saved);

    /// First of all: 0 A where no transaction goes on, the saved limit where one does.
    void start(const Now& now);

    void on_connected(const Now& now);
    void on_disconnected(const Now& now);
    /// One text message of the central system, whatever it holds.
    void on_frame(std::string_view text, const Now& now);

    void on_device(const Capabilities& capabilities, const DeviceIdentity& identity, const Now& now);
    /// For the BootNotifications to come.
    void on_sim(SimIdentity sim) { sim_ = std::move(sim); }
    /// A look at the charger, or why there was none.
    void on_reading(ConnectorId connector, const Result<Reading>& reading, const Now& now);

    /// At most this much for the connector from now on, whatever profiles allow: its part of a shared feed.
    void on_ceiling(ConnectorId connector, Amperes ceiling, const Now& now);

    /// Somebody at the gateway allows the connector this, from now on and after a restart; whatever the
    /// central system allows less still counts. A transaction goes on.
    void on_local_limit(ConnectorId connector, const LocalLimit& limit, const Now& now);

    /// Somebody wants the car to charge now: see OwnSchedule. Without a transaction nothing.
    void on_charge_now(ConnectorId connector, const Now& now);

    /// A limit to try the charger with, beside the others; gone with the process. Empty: no more.
    void on_trial_limit(ConnectorId connector, std::optional<Amperes> limit, const Now& now);

    void on_done(EffectId id, const Result<void>& result, const Now& now);
    /// The answer to FetchMessages; what was saved before it must be committed first.
    void on_messages(std::vector<QueuedMessage> page, std::size_t limit, const Now& now);

    /// How what StartTransfer began has ended.
    void on_uploaded(int attempt, const Result<void>& result, const Now& now);
    void on_log_uploaded(int attempt, const Result<void>& result, const Now& now);
    void on_downloaded(int attempt, const Result<void>& result, const Now& now);
    void on_verified(const Result<void>& result, const Now& now);
    /// No installation begins while `held`: somebody charges at another charge point of the gateway.
    void hold_installation(bool held, const Now& now);
    void on_installed(const Result<void>& result, const Now& now);

    /// The answer to AskCertificates.
    void on_certificates(const std::string& call, const CertificateAnswer& answer, const Now& now);
    /// Somebody at the gateway changed what the link shows or trusts: `what`, for a person. A newer client
    /// certificate is used at once where security profile 3 is in force.
    void on_certificates_brought(const std::string& what, const Now& now);
    /// What the link shows, or could show: before start(), on_connected(), on_certificates() and
    /// on_certificates_brought().
    void on_link_security(const LinkSecurity& link);
    /// Something outside happened that the security whitepaper has a word for.
    void on_security_event(SecurityEvent event, const Now& now);

    /// What was to be saved is not on the disk, or is again. `open_one_held`: the CALL that SendFrame gave
    /// last with after_save did not leave.
    void on_not_saved(bool open_one_held, const Now& now);
    void on_saved(const Now& now);

    /// The process ends in good order: whatever only memory holds is among the effects. Limits and
    /// transactions stay.
    void on_stop();

    void on_tick(const Now& now);
    /// Always later than the last call; empty: nothing is due.
    [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
    [[nodiscard]] Effects take_effects();

    [[nodiscard]] ChargePointView view() const;
    /// What profiles, installation and charger allow over the coming time; see composite_schedule().
    [[nodiscard]] GetCompositeScheduleConf schedule(const GetCompositeScheduleReq& request,
                                                    const Now& now) const;

  private:
    friend struct RequestHandlers;

    /// There from a Reset until the charge point that comes of it.
    static constexpr std::string_view reset_record = "reset_under_way";
    /// How long a Reset waits for the answer to StopTransaction; after it the message simply stays queued.
    static constexpr seconds reset_patience{10};
    /// And for the charger's reboot.
    static constexpr seconds reboot_patience{10};
    /// The answer to UnlockConnector leaves within this, well before a central system gives up on it.
    static constexpr seconds unlock_patience{15};

    /// UnlockConnector, not answered yet: the transaction ends first, then the lock opens.
    struct Unlocking {
        std::string call;  ///< its message id
        ConnectorId connector;
        SteadyTime since;
        std::optional<EffectId> command;
    };

    struct Restarting {
        bool hard;  ///< the charger is to be rebooted
        SteadyTime since;
        std::optional<EffectId> reboot;  ///< under way
        int retries;                     ///< left
    };

    // charge_point.cpp
    void settle(const Now& now);
    void pump(const Now& now);
    [[nodiscard]] std::optional<std::string> payload_to_send(const OutgoingCall& call, const Now& now) const;
    [[nodiscard]] std::optional<SteadyTime> heartbeat_at() const;
    void push_due_calls(const Now& now);
    void push_boot(bool triggered);
    [[nodiscard]] bool in_transaction() const;
    Connector* connector(ConnectorId id);
    void send(std::string text);

    // charging_requests.cpp
    void add_own_schedule(const Connector& one, ConnectorInUse& use, const Now& now) const;

    // long_requests.cpp
    void follow_unlocking(const Now& now);
    void answer_unlock(UnlockStatus status);
    void begin_restart(bool hard, const Now& now);
    /// True once nothing more is to be said before the restart.
    bool finish_restart(const Now& now);
    void reboot_charger();
    void on_rebooted(const Result<void>& result);

    // security_requests.cpp
    void note_start(const std::vector<Record>& saved);
    void watch_clock(const Now& now);
    void use_new_password(const std::string& password);

    // requests.cpp
    void on_request(const Call& call, const Now& now);

    // answers.cpp
    void on_result(const CallResult& result, const Now& now);
    void on_error(const CallError& error, const Now& now);
    void on_unanswered(const OutgoingCall& call, const Now& now);
    void on_status_done(const OutgoingCall& call);
    void on_boot_result(const CallResult& result, const Now& now);
    void on_start_result(const OutgoingCall& call, const CallResult& result, const Now& now);
    void on_stop_result(const OutgoingCall& call, const CallResult& result, const Now& now);
    void learn(const std::string& id_tag, const IdTagInfo& info, const Now& now);
    void on_authorize_result(const OutgoingCall& call, const CallResult& result, const Now& now);
    void on_refused(const OutgoingCall& call, const std::string& why, const Now& now);
    void give_up(const OutgoingCall& call, const std::string& why);
    void on_transaction_message_done(const OutgoingCall& call);

    Context context_;
    SimIdentity sim_;
    std::deque<Connector> connectors_;
    ConnectorZero zero_;
    Maintenance maintenance_;
    SecurityEvents security_events_;
    SecurityProfiles security_profiles_;
    Certificates certificates_;
    ClockSteps clock_steps_;
    std::optional<Restarting> restarting_;
    std::optional<Unlocking> unlocking_;
    SteadyTime last_sent_;  ///< any CALL: postpones the Heartbeat (R27)
    SteadyTime settled_at_;
    BadFrames bad_frames_;
};

}  // namespace busbar::ocpp
