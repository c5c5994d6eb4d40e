// SPDX-License-Identifier: Apache-2.0
// Who may charge, and who may stop: the mode's own tag, a card, a remote request (CONTRACT.md section 3).
#include "ocpp/connector.hpp"
#include "ocpp/json_bridge.hpp"

namespace busbar::ocpp {

bool Connector::can_start_remotely() const {
    return transaction() == nullptr && !authorization_ && !faulted() && operative();
}

Admission Connector::admission(const Presented& who) const {
    return context_.reservations.admission(id_, who, context_.statuses);
}

void Connector::authorize(std::string id_tag, std::optional<ChargingProfile> profile, bool ask_first,
                          const Now& now, bool remote) {
    authorization_ =
        Authorization{std::move(id_tag), std::move(profile), now.steady, false, std::nullopt, remote};
    const std::string& tag = authorization_->id_tag;
    if (!ask_first) return admit(presented(tag, std::nullopt), now);
    const Decision decision =
        context_.authorizer.decide(tag, context_.authorization_rules(), context_.reach(), now.utc);
    if (decision.verdict == Verdict::refuse) return refuse(decision.reason);
    if (decision.verdict == Verdict::accept) {
        return admit(presented(tag, decision.parent, decision.source != Source::neither), now);
    }
    ask(tag, Question::Purpose::start);
    settle(now);
}

/// The tag is good; what is left is whether the connector is kept for somebody else.
void Connector::admit(const Presented& who, const Now& now) {
    const Admission verdict = admission(who);
    if (verdict == Admission::ask_for_parent && context_.online()) {
        ask(authorization_->id_tag, Question::Purpose::start);
    } else if (verdict != Admission::accept) {
        refuse("The connector is reserved for somebody else.");
    } else {
        authorization_->granted = true;
        authorization_->since = now.steady;
        if (who.parent_id_tag) authorization_->parent = IdToken(*who.parent_id_tag);
    }
    settle(now);
}

void Connector::refuse(std::string_view why) {
    context_.note(LogLevel::info, "authorization_refused", std::string(why),
                  {{"connector", std::to_string(id_)}});
    authorization_.reset();
}

void Connector::ask(const std::string& id_tag, Question::Purpose purpose) {
    question_ = Question{context_.new_message_id(), id_tag, purpose};
    context_.calls.push({question_->call, "Authorize", to_text(encode(AuthorizeReq{id_tag})), false, id_, 0});
}

std::optional<std::string> Connector::asked_about(const std::string& call) const {
    return question_ && question_->call == call ? std::optional(question_->id_tag) : std::nullopt;
}

void Connector::on_authorize_answer(const std::string& call, const std::optional<IdTagInfo>& info,
                                    const Now& now) {
    if (!question_ || question_->call != call) return;
    const Question question = *std::exchange(question_, std::nullopt);
    if (question.purpose == Question::Purpose::stop) return on_stop_answered(question, info, now);
    on_start_answered(question, info, now);
}

void Connector::on_start_answered(const Question& question, const std::optional<IdTagInfo>& info,
                                  const Now& now) {
    if (!authorization_ || authorization_->granted) return;
    if (info && info->status != AuthorizationStatus::Accepted) {
        refuse("The central system refuses the tag: " + std::string(name_of(info->status)));
    } else if (info) {
        return admit(presented(question.id_tag, info->parentIdTag, true), now);
    } else {
        const Decision decision = context_.authorizer.decide(question.id_tag, context_.authorization_rules(),
                                                             Reach::offline, now.utc);
        if (decision.verdict == Verdict::accept) {
            return admit(presented(question.id_tag, decision.parent, true), now);
        }
        refuse("Nobody can be asked about the tag. " + std::string(decision.reason));
    }
    settle(now);
}

void Connector::watch_card(const Reading& reading, const Now& now) {
    const std::string card = reading.id_tag.value_or("");
    const bool shown = card != card_ && !card.empty();
    card_ = card;
    if (shown && context_.settings.mode == AuthorizationMode::rfid) on_card(card, now);
}

void Connector::on_card(const std::string& card, const Now& now) {
    const Transaction* running = transaction();
    if (running == nullptr) {
        if (can_start_remotely()) authorize(card, std::nullopt, true, now);
        return;
    }
    const Decision decision = context_.authorizer.decide_stop(
        card, {running->id_tag, running->parent}, context_.authorization_rules(), context_.reach(), now.utc);
    if (decision.verdict == Verdict::accept) return stop_by_tag(card, now);
    if (decision.verdict == Verdict::ask && !question_) return ask(card, Question::Purpose::stop);
    context_.note(LogLevel::info, "stop_refused", std::string(decision.reason),
                  {{"connector", std::to_string(id_)}});
}

void Connector::on_stop_answered(const Question& question, const std::optional<IdTagInfo>& info,
                                 const Now& now) {
    const Transaction* running = transaction();
    if (running == nullptr) return;
    const TagGroup group{running->id_tag, running->parent};
    const bool may = info ? answer_may_stop(group, *info)
                          : context_.authorizer
                                    .decide_stop(question.id_tag, group, context_.authorization_rules(),
                                                 Reach::offline, now.utc)
                                    .verdict == Verdict::accept;
    if (may) return stop_by_tag(question.id_tag, now);
    context_.note(LogLevel::info, "stop_refused", "The tag is not of the transaction's group.",
                  {{"connector", std::to_string(id_)}});
}

void Connector::stop_by_tag(const std::string& id_tag, const Now& now) {
    Transaction* running = transaction();
    if (!stop_ && !equals_ignoring_case(running->id_tag, id_tag)) running->stopped_by = id_tag;
    stop(Reason::Local, now);
}

void Connector::expire_authorization(SteadyTime now) {
    if (!authorization_ || !authorization_->granted || plugged() || !reading_) return;
    if (now < authorization_->since + context_.configuration.interval(Key::ConnectionTimeOut)) return;
    context_.note(LogLevel::info, "authorization_expired",
                  "No cable was plugged in within ConnectionTimeOut.", {{"connector", std::to_string(id_)}});
    authorization_.reset();
}

}  // namespace busbar::ocpp
