// SPDX-License-Identifier: Apache-2.0
#include "tests/ocpp/scenario_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ocpp/frame.hpp"
#include "tests/ocpp/scenario_words.hpp"

namespace busbar::ocpp::test {
namespace {

using Runner = ScenarioRunner;

struct Verb {
    std::string_view word;
    void (Runner::*play)(std::string_view rest);
};

constexpr std::array verbs{
    Verb{"set", &Runner::set},
    Verb{"charger", &Runner::charger},
    Verb{"connect", &Runner::connect},
    Verb{"disconnect", &Runner::disconnect},
    Verb{"boot", &Runner::boot},
    Verb{"csms", &Runner::csms},
    Verb{"raw", &Runner::raw},
    Verb{">", &Runner::expect_frame},
    Verb{"confirmed", &Runner::expect_confirmation},
    Verb{"<", &Runner::answer},
    Verb{"limit", &Runner::expect_limit},
    Verb{"wake", &Runner::expect_wake},
    Verb{"phases", &Runner::expect_phases},
    Verb{"unlock", &Runner::expect_unlock},
    Verb{"transfer", &Runner::expect_transfer},
    Verb{"transferred", &Runner::end_transfer},
    Verb{"reboot", &Runner::expect_reboot},
    Verb{"refresh", &Runner::expect_refresh},
    Verb{"restart", &Runner::expect_restart},
    Verb{"quiet", &Runner::quiet},
    Verb{"kill", &Runner::kill},
    Verb{"power-cut", &Runner::power_cut},
    Verb{"charge-now", &Runner::charge_now},
    Verb{"asks", &Runner::expect_question},
    Verb{"told", &Runner::answer_question},
    Verb{"profile", &Runner::expect_profile},
    Verb{"link", &Runner::link_shows},
    Verb{"event", &Runner::raise},
    Verb{"password", &Runner::password},
    Verb{"stored", &Runner::stored},
};

double seconds_of(SteadyTime at) {
    return std::chrono::duration<double>(at - test_start).count();
}

bool array_contains(const Json& got, const Json& wanted) {
    return got.size() == wanted.size() && std::equal(got.begin(), got.end(), wanted.begin(), contains);
}

bool object_contains(const Json& got, const Json& wanted) {
    return std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& item) {
        const auto found = got.find(item.key());
        if (item.value().is_null()) return found == got.end();
        return found != got.end() && contains(*found, item.value());
    });
}

}  // namespace

bool contains(const Json& got, const Json& wanted) {
    if (wanted == "*") return true;
    if (wanted.is_object() && got.is_object()) return object_contains(got, wanted);
    if (wanted.is_array() && got.is_array()) return array_contains(got, wanted);
    return got == wanted;
}

std::string run_scenario(const std::string& path) {
    const std::string name = path.substr(path.rfind('/') + 1);
    try {
        ScenarioRunner().play(read_script(path));
    } catch (const ScriptError& error) {
        return fmt::format("{}:{}: {}", name, error.line, error.what);
    }
    return {};
}

void ScenarioRunner::play(const std::vector<Line>& lines) {
    for (const auto& line : lines) play_line(line);
    no_more();
}

void ScenarioRunner::play_line(const Line& line) {
    line_ = line.number;
    if (line.at) {
        const SteadyTime when = test_start + *line.at;
        if (when < bench().time()) fail("time goes back");
        if (when > bench().time()) no_more();
        bench().advance_to(when);
    }
    const auto verb =
        std::find_if(verbs.begin(), verbs.end(), [&](const Verb& one) { return one.word == line.verb; });
    if (verb == verbs.end()) fail("there is no verb '" + line.verb + "'");
    (this->*verb->play)(line.rest);
    if (bench_ && !bench_->complaints.empty()) fail(bench_->complaints.front());
}

void ScenarioRunner::fail(const std::string& what) const {
    throw ScriptError{line_, what};
}

Json ScenarioRunner::parse_json(std::string_view text) const {
    if (text.empty()) return Json::object();
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) fail(fmt::format("this is not JSON: {}", text));
    return json;
}

Bench& ScenarioRunner::bench() {
    if (bench_) return *bench_;
    bench_ = std::make_unique<Bench>(settings_, security_events_);
    bench_->capabilities = capabilities_;
    bench_->identity = identity_;
    bench_->sim = sim_;
    bench_->clock_known = clock_known_;
    bench_->poll_interval = poll_;
    bench_->unlock_fails = unlock_fails_;
    bench_->failing_reboots = failing_reboots_;
    bench_->failing_switches = failing_switches_;
    bench_->power_up();
    for (int id = 1; id <= settings_.connectors; ++id) {
        const auto first = take_command<SetLimit>("0 A at start");
        if (first.limit != Amperes(0)) fail("a charge point starts with 0 A");
    }
    return *bench_;
}

void ScenarioRunner::no_more() {
    if (bench().seen.empty()) return;
    const Seen& seen = bench().seen.front();
    fail(fmt::format("at {:.3f} there was also: {}", seconds_of(seen.at), describe(seen)));
}

Seen ScenarioRunner::take_seen(const std::string& wanted) {
    auto& seen = bench().seen;
    if (seen.empty()) fail(fmt::format("expected {}, and nothing happened", wanted));
    const Seen first = seen.front();
    seen.pop_front();
    if (first.at != bench().time()) {
        fail(
            fmt::format("expected {}, but at {:.3f} came {}", wanted, seconds_of(first.at), describe(first)));
    }
    return first;
}

template <class Wanted>
Wanted ScenarioRunner::take_command(const std::string& wanted) {
    const Seen seen = take_seen(wanted);
    const auto* command = std::get_if<Command>(&seen.what);
    if (command == nullptr || !std::holds_alternative<Wanted>(*command)) {
        fail(fmt::format("expected {}, but came {}", wanted, describe(seen)));
    }
    return std::get<Wanted>(*command);
}

Json ScenarioRunner::take_frame(const std::string& wanted) {
    const Seen seen = take_seen(wanted);
    const auto* text = std::get_if<std::string>(&seen.what);
    if (text == nullptr) fail(fmt::format("expected {}, but came {}", wanted, describe(seen)));
    return parse_json(*text);
}

/// Commands that the request brings about leave for the bus before the answer does; they are looked at next.
Json ScenarioRunner::take_answer(std::string_view wanted) {
    auto& seen = bench().seen;
    const auto frame = std::find_if(seen.begin(), seen.end(), [](const Seen& one) {
        return std::holds_alternative<std::string>(one.what);
    });
    if (frame == seen.end()) fail(fmt::format("expected {}, and no answer came", wanted));
    const Json json = parse_json(std::get<std::string>(frame->what));
    seen.erase(frame);
    return json;
}

void ScenarioRunner::set(std::string_view rest) {
    if (bench_) fail("settings stand above everything else");
    const std::string name(take_word(rest));
    const std::string value(rest);
    if (name == "clock") {
        clock_known_ = value == "known";
    } else if (name == "security_events") {
        security_events_ = value == "told";
    } else if (name == "poll") {
        poll_ = value == "off" ? std::nullopt : std::optional(seconds(std::stoi(value)));
    } else if (name == "unlock" && value == "fails") {
        unlock_fails_ = capabilities_.unlock = true;
    } else if (name == "failing_reboots") {
        failing_reboots_ = std::stoi(value);
    } else if (name == "failing_switches") {
        failing_switches_ = std::stoi(value);
    } else if (name == "sim") {
        sim_ = {std::string(take_word(rest)), std::string(rest)};
    } else if (find_key(name) != nullptr) {
        settings_.configuration[name] = value;
    } else if (!apply_setting(name, value, settings_, capabilities_, identity_)) {
        fail("there is no setting " + name);
    }
}

void ScenarioRunner::charger(std::string_view rest) {
    no_more();
    int connector = 1;
    const auto problem = apply_charger_words(rest, bench().chargers, bench().time(), connector);
    if (!problem.empty()) fail(problem);
    bench().look(connector);
}

void ScenarioRunner::connect(std::string_view) {
    no_more();
    bench().connect();
}

void ScenarioRunner::disconnect(std::string_view) {
    no_more();
    bench().disconnect();
}

/// The usual beginning in one line: connected, accepted, and every status told.
void ScenarioRunner::boot(std::string_view) {
    connect({});
    const BootNotificationConf accepted{utc_at(bench().time()), 86'400, RegistrationStatus::Accepted};
    const std::map<std::string, std::string> answers{{"BootNotification", to_text(encode(accepted))},
                                                     {"StatusNotification", "{}"}};
    while (!bench().seen.empty()) {
        const auto* text = std::get_if<std::string>(&bench().seen.front().what);
        const Json call = text == nullptr ? Json() : parse_json(*text);
        const auto answer = call.is_array() ? answers.find(call.at(2)) : answers.end();
        if (answer == answers.end()) return;
        used_ids_.insert(call.at(1).get<std::string>());
        bench().seen.pop_front();
        bench().receive(result_frame(call.at(1).get<std::string>(), answer->second));
    }
}

void ScenarioRunner::csms(std::string_view rest) {
    no_more();
    const auto [request, wanted] = split_exchange(rest);
    std::string_view payload = request;
    const std::string action(take_word(payload));
    const std::string id = "csms-" + std::to_string(++requests_);
    bench().receive(call_frame(id, action, to_text(parse_json(payload))));
    if (wanted == "nothing") return no_more();

    const Json frame = take_answer(wanted);
    std::string_view words = wanted;
    const bool error = take_word(words) == "error";
    const Json expected =
        error ? Json{4, id, std::string(words), "*", Json::object()} : Json{3, id, parse_json(wanted)};
    if (!contains(frame, expected)) fail(fmt::format("expected {}, got {}", wanted, to_text(frame)));
}

void ScenarioRunner::raw(std::string_view rest) {
    no_more();
    const auto [text, wanted] = split_exchange(rest);
    bench().receive(std::string(text));
    if (wanted == "later") return;
    if (wanted == "nothing") return no_more();
    const Json frame = take_answer(wanted);
    if (!contains(frame, parse_json(wanted))) {
        fail(fmt::format("expected {}, got {}", wanted, to_text(frame)));
    }
}

void ScenarioRunner::expect_frame(std::string_view rest) {
    const std::string wanted(rest);
    const std::string label(rest.front() == '[' ? take_word(rest) : std::string_view());
    const std::string action(take_word(rest));
    const Json payload = parse_json(rest);
    const Json frame = take_frame(wanted);
    if (!contains(frame, Json{2, "*", action, payload})) {
        fail(fmt::format("expected {}, got {}", wanted, to_text(frame)));
    }
    last_id_ = frame.at(1);
    check_id(label, last_id_);
}

void ScenarioRunner::expect_confirmation(std::string_view rest) {
    const std::string wanted(rest);
    const std::string id(take_word(rest));
    const Json frame = take_frame(wanted);
    if (!contains(frame, Json{3, id, parse_json(rest)})) {
        fail(fmt::format("expected {}, got {}", wanted, to_text(frame)));
    }
}

/// A message repeats its id only where the script gives both the same label.
void ScenarioRunner::check_id(const std::string& label, const std::string& id) {
    const bool fresh = used_ids_.insert(id).second;
    if (label.empty() || labels_.count(label) == 0) {
        if (!fresh) fail("the message id " + id + " was used before");
        if (!label.empty()) labels_[label] = id;
    } else if (labels_.at(label) != id) {
        fail(fmt::format("the message id is {}, but {} had {}", id, label, labels_.at(label)));
    }
}

void ScenarioRunner::answer(std::string_view rest) {
    no_more();
    std::string id = last_id_;
    if (rest.front() == '[') {
        const std::string label(take_word(rest));
        if (labels_.count(label) == 0) fail("there was no " + label);
        id = labels_.at(label);
    }
    std::string_view words = rest;
    if (take_word(words) == "error") {
        return bench().receive(fmt::format(R"([4,"{}","{}","",{{}}])", id, words));
    }
    bench().receive(result_frame(id, to_text(parse_json(rest))));
}

void ScenarioRunner::expect_limit(std::string_view rest) {
    const double amperes = std::stod(std::string(take_word(rest)));
    const auto command = take_command<SetLimit>(fmt::format("a limit of {} A", amperes));
    const int connector = connector_in(rest);
    if (command.limit != Amperes(amperes) || command.connector != connector) {
        fail(fmt::format("the limit is {} A on connector {}", command.limit.value(), command.connector));
    }
}

void ScenarioRunner::expect_wake(std::string_view rest) {
    if (take_command<WakeUp>("a wake-up").connector != connector_in(rest)) fail("another connector wakes");
}

void ScenarioRunner::expect_phases(std::string_view rest) {
    const int phases = std::stoi(std::string(take_word(rest)));
    const auto command = take_command<SetPhases>(fmt::format("{} phases", phases));
    if (command.phases != phases || command.connector != connector_in(rest)) {
        fail(fmt::format("connector {} is switched to {} phases", command.connector, command.phases));
    }
}

void ScenarioRunner::expect_unlock(std::string_view rest) {
    if (take_command<Unlock>("an unlock").connector != connector_in(rest)) fail("another connector unlocks");
}

void ScenarioRunner::expect_transfer(std::string_view rest) {
    const Seen seen = take_seen(std::string(rest));
    if (describe(seen) != rest) fail(fmt::format("expected {}, but came {}", rest, describe(seen)));
}

/// "transferred", or "transferred timeout" and other codes of an Error.
void ScenarioRunner::end_transfer(std::string_view rest) {
    no_more();
    const bool final = rest == "invalid";
    const auto error = Error{final ? Errc::invalid : Errc::timeout, std::string(rest)};
    bench().end_transfer(rest.empty() ? Result<void>{} : Result<void>(error));
}

void ScenarioRunner::expect_reboot(std::string_view) {
    take_command<Reboot>("a reboot of the charger");
}

void ScenarioRunner::expect_refresh(std::string_view rest) {
    if (take_command<Refresh>("a refresh").connector != connector_in(rest)) fail("another connector is read");
}

/// The charge point wants to be made anew: the link is closed, it starts from the store, at 0 A.
void ScenarioRunner::expect_restart(std::string_view) {
    const Seen seen = take_seen("a restart");
    if (!std::holds_alternative<Restart>(seen.what)) fail("expected a restart, but came " + describe(seen));
}

void ScenarioRunner::quiet(std::string_view) {
    no_more();
}

void ScenarioRunner::kill(std::string_view) {
    no_more();
    bench().power_up();
}

void ScenarioRunner::power_cut(std::string_view) {
    no_more();
    bench().power_up(true);
}

void ScenarioRunner::stored(std::string_view rest) {
    const auto wanted = std::stoul(std::string(rest));
    const auto got = bench().store.messages().size();
    if (got != wanted) fail(fmt::format("the store holds {} messages", got));
}

}  // namespace busbar::ocpp::test
