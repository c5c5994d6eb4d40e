// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/conversation.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "tests/fuzz/expect.hpp"

namespace busbar::fuzz {
namespace {

using ocpp::test::Bench;

constexpr int most_lines = 40;
constexpr int most_ticks = 300;         ///< of a conversation
constexpr int most_served = 1000;       ///< effects one line may bring about
constexpr std::size_t most_rows = 500;  ///< of all kinds together
constexpr Amperes most_current{16};
constexpr seconds least_message_timeout{1};
constexpr seconds unlock_patience{15};

ocpp::Settings settings() {
    ocpp::Settings settings;
    settings.id = "CP1";
    settings.vendor = "Vendor";
    settings.model = "Model";
    settings.version = "busbar 0.1.0";
    settings.mode = ocpp::AuthorizationMode::rfid;
    settings.id_tag = "FREE";
    settings.connectors = 2;
    settings.max_current = most_current;
    settings.file_transfer_protocols = "HTTPS,FTP";
    return settings;
}

Capabilities capabilities() {
    Capabilities all;
    all.connectors = 2;
    all.max_current = Amperes(20);
    all.wake_up = all.reboot = all.unlock = all.card_reader = true;
    return all;
}

/// The number `text` begins with, at most `most`; 0 where there is none.
double number_of(std::string_view text, double most) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number > most ? most : number;
}

std::string_view take_word(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    const auto word = text.substr(0, std::min(text.find(' '), text.size()));
    text.remove_prefix(word.size());
    return word;
}

std::string confirmation(const std::string& action, int transaction_id) {
    if (action == "BootNotification")
        return R"({"status":"Accepted","currentTime":"2026-11-22T12:00:00Z","interval":300})";
    if (action == "Heartbeat") return R"({"currentTime":"2026-11-22T12:00:00Z"})";
    if (action == "Authorize") return R"({"idTagInfo":{"status":"Accepted"}})";
    if (action == "StartTransaction")
        return fmt::format(R"({{"idTagInfo":{{"status":"Accepted"}},"transactionId":{}}})", transaction_id);
    return "{}";
}

}  // namespace

Conversation::Conversation(Answers answers) : answers_(answers), bench_(settings()), ticks_left_(most_ticks) {
    bench_.capabilities = capabilities();
    bench_.poll_interval =
        std::chrono::hours(24 * 365);  // readings come by the script and when they are asked for
    bench_.power_up();
    bench_.connect();
    serve();
}

void Conversation::run(std::string_view script) {
    for (int lines = 0; !script.empty() && lines < most_lines; ++lines) step(take_line(script));
}

void Conversation::step(std::string_view line) {
    struct Verb {
        char sign;
        void (Conversation::*act)(std::string_view rest);
    };
    static constexpr std::array verbs{
        Verb{'<', &Conversation::answer},       Verb{'!', &Conversation::refuse},
        Verb{'=', &Conversation::receive_raw},  Verb{'@', &Conversation::look},
        Verb{'.', &Conversation::pass},         Verb{'+', &Conversation::connect},
        Verb{'-', &Conversation::disconnect},   Verb{'%', &Conversation::cut_power},
        Verb{'^', &Conversation::end_transfer}, Verb{'$', &Conversation::toggle_clock},
        Verb{'?', &Conversation::jam_lock},     Verb{'&', &Conversation::put_record},
    };
    if (line.empty()) return;
    const auto* verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const Verb& one) { return one.sign == line.front(); });
    if (verb == verbs.end()) {
        request(line);
    } else {
        (this->*verb->act)(line.substr(1));
    }
    serve();
    check();
}

void Conversation::request(std::string_view line) {
    const auto action = take_word(line);
    receive_raw(fmt::format(R"([2,"c{}","{}",{}])", ++requests_, action, line.empty() ? "{}" : line));
}

/// Exactly one answer at once to what wants one; UnlockConnector may take its time.
void Conversation::receive_raw(std::string_view text) {
    if (!bench_.linked()) connect({});
    const ocpp::Frame frame = ocpp::parse_frame(text);
    const auto* call = std::get_if<ocpp::Call>(&frame);
    const auto* bad = std::get_if<ocpp::BadFrame>(&frame);
    const std::string id = call != nullptr ? call->id : bad != nullptr && bad->answer ? bad->id : "";
    const int before = owed_[id];
    const bool silent = may_be_silent();
    if (!id.empty()) ++owed_[id];
    const auto* result = std::get_if<ocpp::CallResult>(&frame);
    const auto* error = std::get_if<ocpp::CallError>(&frame);
    const std::string answered = result != nullptr ? result->id : error != nullptr ? error->id : "";
    if (open_ && open_->id == answered) open_.reset();
    bench_.receive(std::string(text));
    serve();
    if (silent && owed_[id] > before) --owed_[id];
    const bool later = owed_[id] > before && call != nullptr && call->action == "UnlockConnector";
    if (later && !unlocking_since_) unlocking_since_ = bench_.time();
    expect(later || owed_[id] <= before, "a call is answered", text);
}

void Conversation::answer(std::string_view payload) {
    if (open_) receive_raw(fmt::format(R"([3,"{}",{}])", open_->id, payload));
}

void Conversation::refuse(std::string_view rest) {
    if (open_) receive_raw(fmt::format(R"([4,"{}",{}])", open_->id, rest));
}

/// "1C 4140 e1000 #CARD": connector 1 charges with 4140 W at 1000 Wh, a card is shown.
void Conversation::look(std::string_view words) {
    static constexpr std::string_view states = "?ABbCcDEF";
    const auto face = take_word(words);
    if (face.size() < 2) return;
    const ConnectorId connector = face[0] == '2' ? 2 : 1;
    auto& charger = bench_.chargers.at(static_cast<std::size_t>(connector) - 1);
    charger.count(bench_.time());
    charger.silent.clear();
    charger.face = {};
    const auto state = std::min(states.find(face[1]), states.size());
    charger.face.state = state == states.size() ? CpState::unknown : static_cast<CpState>(state);
    while (!words.empty()) show(take_word(words), charger);
    bench_.look(connector);
}

void Conversation::show(std::string_view word, ocpp::test::FakeCharger& charger) {
    if (word.empty()) return;
    const auto rest = word.substr(1);
    auto& face = charger.face;
    if (word[0] >= '0' && word[0] <= '9') charger.power = number_of(word, 1e6);
    if (word[0] == 'e') charger.set_energy(number_of(rest, 1e18), bench_.time());
    if (word[0] == '#') face.id_tag = std::string(rest);
    if (word[0] == 'x') face.fault = Fault{FaultCode::GroundFailure, std::string(rest), std::string(rest)};
    if (word[0] == 's') charger.silent = "timeout";
    face.auth_wait = face.auth_wait || word[0] == 'w';
    face.locked_out = face.locked_out || word[0] == 'l';
    face.finished = face.finished || word[0] == 'f';
    face.derated = face.derated || word[0] == 'd';
}

void Conversation::pass(std::string_view time) {
    const SteadyTime end = bench_.time() + seconds(static_cast<int>(std::max(number_of(time, 1e6), 0.0)));
    while (bench_.time() < end && ticks_left_-- > 0) {
        bench_.advance_to(std::min(end, bench_.charge_point().next_deadline().value_or(end)));
        serve();
    }
}

void Conversation::connect(std::string_view) {
    if (bench_.linked()) return;
    bench_.connect();
    serve();
}

void Conversation::disconnect(std::string_view) {
    if (!bench_.linked()) return;
    bench_.disconnect();
    serve();
    forget_link();
}

void Conversation::cut_power(std::string_view words) {
    bench_.power_up(!words.empty());
    forget_link();
}

void Conversation::end_transfer(std::string_view why_not) {
    if (!transfer_begun_) return;
    bench_.end_transfer(why_not.empty() ? Result<void>()
                                        : Result<void>(Error{Errc::timeout, std::string(why_not)}));
}

void Conversation::toggle_clock(std::string_view) {
    bench_.clock_known = !bench_.clock_known;
}

void Conversation::jam_lock(std::string_view) {
    bench_.unlock_fails = !bench_.unlock_fails;
}

/// Damage to the store: it comes to light at the next start.
void Conversation::put_record(std::string_view record) {
    const auto kind = std::string(take_word(record));
    const auto key = std::string(take_word(record));
    if (!record.empty()) record.remove_prefix(1);
    bench_.store.commit({ocpp::SaveRecord{{kind, key, std::string(record)}}});
}

void Conversation::serve() {
    for (int served = 0; !bench_.seen.empty(); ++served) {
        expect(served < most_served, "a line brings about a bounded number of effects");
        const auto seen = bench_.seen.front();
        bench_.seen.pop_front();
        if (const auto* frame = std::get_if<std::string>(&seen.what)) hear(*frame, seen.at);
        if (const auto* command = std::get_if<Command>(&seen.what)) hear_command(*command);
        transfer_begun_ = transfer_begun_ || std::holds_alternative<ocpp::Transfer>(seen.what);
        if (std::holds_alternative<ocpp::Restart>(seen.what)) forget_link();
    }
}

void Conversation::hear(const std::string& text, SteadyTime at) {
    const ocpp::Frame frame = ocpp::parse_frame(text);
    if (const auto* call = std::get_if<ocpp::Call>(&frame)) return hear_call(*call, at);
    if (const auto* result = std::get_if<ocpp::CallResult>(&frame)) return hear_answer(result->id);
    if (const auto* error = std::get_if<ocpp::CallError>(&frame)) return hear_answer(error->id);
    expect(false, "what leaves is a frame", text);
}

void Conversation::hear_call(const ocpp::Call& call, SteadyTime at) {
    expect(!open_ || at >= open_->since + least_message_timeout, "one CALL is open at a time", call.action);
    expect(call.id.find("$") == std::string::npos && !call.action.empty(), "a CALL is complete", call.id);
    open_ = Open{call.id, at};
    if (answers_ == Answers::scripted) return;
    if (call.action == "StartTransaction") ++transactions_;
    receive_raw(ocpp::result_frame(call.id, confirmation(call.action, transactions_)));
}

void Conversation::hear_answer(const std::string& id) {
    auto& owed = owed_[id];
    expect(owed > 0, "a call is answered once", id);
    --owed;
    if (owed == 0) unlocking_since_.reset();
}

void Conversation::hear_command(const Command& command) const {
    const auto* set = std::get_if<SetLimit>(&command);
    if (set == nullptr) return;
    expect(set->limit >= Amperes(0) && set->limit <= most_current, "a limit is from 0 A to max_current",
           fmt::format("{} A", set->limit.value()));
}

void Conversation::forget_link() {
    owed_.clear();
    unlocking_since_.reset();
    open_.reset();
}

/// Rejected: neither calls nor answers until the interval is over.
bool Conversation::may_be_silent() const {
    return const_cast<Bench&>(bench_).charge_point().view().registration ==  // NOLINT: a view changes nothing
           ocpp::RegistrationStatus::Rejected;
}

void Conversation::check() const {
    if (!bench_.complaints.empty()) expect(false, "the core keeps its promises", bench_.complaints.front());
    expect(!unlocking_since_ || bench_.time() <= *unlocking_since_ + unlock_patience,
           "UnlockConnector is answered in time");
    expect(bench_.store.load().records.size() <= most_rows, "the store is bounded");
}

}  // namespace busbar::fuzz
