// SPDX-License-Identifier: Apache-2.0
// What a charge point wants done. Its host carries effects out in order: bus commands first and never behind
// the disk, then one commit, then frames.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/log.hpp"
#include "gateway/base/reading.hpp"
#include "gateway/base/secret.hpp"
#include "gateway/base/trace.hpp"
#include "ocpp/certificate_work.hpp"
#include "ocpp/saved.hpp"
#include "ocpp/security_event.hpp"
#include "ocpp/transfers.hpp"

namespace busbar::ocpp {

using EffectId = std::uint64_t;

/// One text frame to the central system.
struct SendFrame {
    std::string text;
    bool after_save;  ///< must not leave before everything saved so far is on the disk
};
struct SaveRecord {
    Record record;
};
struct EraseRecord {
    std::string kind;
    std::string key;
};
struct SaveMessage {
    QueuedMessage message;
};
struct EraseMessage {
    std::int64_t seq;
};
/// Answer with ChargePoint::on_messages(): saved messages with seq > after, at most `limit`.
struct FetchMessages {
    std::int64_t after;
    std::size_t limit;
};
/// Answer with ChargePoint::on_done(id, result).
struct RunCommand {
    EffectId id;
    Command command;
    Cause cause;
};
struct StartTransfer {
    Transfer what;
};
/// The password for the central system from the next connection on; the one in use before stays to fall back
/// on until this one has worked. `reconnect`: now, once what was sent is out.
struct UsePassword {
    Secret password;
    bool reconnect;
};
/// Security profile of the link from the next connection on. `fallback`: the one that worked before, for as
/// long as this one has not. `reconnect`: now, once what was sent is out.
struct UseSecurityProfile {
    int profile;
    std::optional<int> fallback;
    bool reconnect;
};
/// Answer, later, with ChargePoint::on_certificates(call, answer).
struct AskCertificates {
    std::string call;  ///< message id of the request to answer; "" where it is our own question
    CertificateQuestion question;
};
/// For the gateway's security log.
struct LogSecurityEvent {
    SecurityEvent event;
};
struct SetPingInterval {
    seconds interval;
};
/// The central system's idea of the time, for a gateway whose clock is not synchronised.
struct OfferTime {
    UtcTime utc;
};
/// Close the link with 1000 and make this charge point anew from what is saved, as after a crash.
struct Restart {};
/// A transaction is over, for whoever looks back.
struct TransactionEnded {
    ConnectorId connector;
    std::string local_id;
    std::optional<int> id;  ///< the central system's, where it has told it by now
    std::string id_tag;
    std::optional<UtcTime> started;  ///< empty: never known
    std::optional<UtcTime> ended;
    int meter_start_wh;
    int meter_stop_wh;
    std::string_view reason;  ///< OCPP's word
};
struct Note {
    LogLevel level;
    std::string event;
    std::string text;
    std::vector<LogField> fields;
};

using Effect = std::variant<SendFrame, SaveRecord, EraseRecord, SaveMessage, EraseMessage, FetchMessages,
                            RunCommand, StartTransfer, UsePassword, UseSecurityProfile, AskCertificates,
                            LogSecurityEvent, SetPingInterval, OfferTime, Restart, TransactionEnded, Note>;
using Effects = std::vector<Effect>;

}  // namespace busbar::ocpp
