// SPDX-License-Identifier: Apache-2.0
// Who may charge: the mode's own tag, a card, a remote request (CONTRACT.md section 3).
#include "ocpp/connector.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

bool Connector::can_start_remotely() const {
    return transaction() == nullptr && !authorization_ && !faulted();
}

void Connector::authorize(std::string id_tag, std::optional<ChargingProfile> profile, bool ask,
                          const Now& now) {
    authorization_ = Authorization{std::move(id_tag), !ask, now.steady, std::move(profile)};
    if (!ask) return settle(now);
    if (!context_.online()) return on_authorize_answer(std::nullopt, now);
    const AuthorizeReq request{authorization_->id_tag};
    context_.calls.push({context_.new_message_id(), "Authorize", to_text(encode(request)), false, id_, 0});
    settle(now);
}

void Connector::on_authorize_answer(const std::optional<IdTagInfo>& info, const Now& now) {
    if (!authorization_ || authorization_->granted) return;
    const bool accepted = info ? info->status == AuthorizationStatus::Accepted
                               : context_.configuration.boolean(Key::AllowOfflineTxForUnknownId);
    if (accepted) {
        authorization_->granted = true;
        authorization_->since = now.steady;
    } else {
        context_.note(LogLevel::info, "authorization_refused",
                      info ? "The central system refuses the tag." : "Nobody can be asked about the tag.",
                      {{"connector", std::to_string(id_)}});
        authorization_.reset();
    }
    settle(now);
}

void Connector::watch_card(const Reading& reading, const Now& now) {
    const std::string card = reading.id_tag.value_or("");
    const bool shown = card != card_ && !card.empty();
    card_ = card;
    if (!shown || context_.settings.mode != AuthorizationMode::rfid) return;
    if (const Transaction* running = transaction()) {
        if (equals_ignoring_case(running->id_tag, card)) stop(Reason::Local, now);
    } else if (!authorization_ && !faulted()) {
        authorize(card, std::nullopt, true, now);
    }
}

void Connector::expire_authorization(SteadyTime now) {
    if (!authorization_ || !authorization_->granted || plugged() || !reading_) return;
    if (now < authorization_->since + context_.configuration.interval(Key::ConnectionTimeOut)) return;
    context_.note(LogLevel::info, "authorization_expired",
                  "No cable was plugged in within ConnectionTimeOut.", {{"connector", std::to_string(id_)}});
    authorization_.reset();
}

}  // namespace busbar::ocpp
