// SPDX-License-Identifier: Apache-2.0
// Verbs of a golden conversation about the gateway: passwords, certificates, profiles, events.
#include <fmt/format.h>

#include "tests/ocpp/scenario_runner.hpp"
#include "tests/ocpp/scenario_words.hpp"

namespace busbar::ocpp::test {

/// "asks sign ORGANISATION", "asks install", ...: what the gateway is asked about certificates, oldest first.
void ScenarioRunner::expect_question(std::string_view rest) {
    auto& questions = bench().questions;
    if (questions.empty()) fail(fmt::format("expected to be asked {}, and was not", rest));
    const auto got = describe(questions.front().question);
    if (got != rest) fail(fmt::format("was asked {}", got));
}

/// "told csr TEXT", "told signed Accepted", "told signed Rejected WHY", "told installed Rejected", ...
void ScenarioRunner::answer_question(std::string_view rest) {
    no_more();
    if (bench().questions.empty()) fail("nobody asked");
    const auto answer = certificate_answer(rest);
    if (!answer) fail(fmt::format("what is the answer {}?", rest));
    bench().answer_certificates(*answer);
}

/// "profile 3 fallback 2", "profile 2": what the link uses from its next connection on.
void ScenarioRunner::expect_profile(std::string_view rest) {
    const auto& use = bench().profile;
    auto got = std::to_string(use.profile);
    if (use.fallback) got += fmt::format(" fallback {}", *use.fallback);
    if (got != rest) fail("the link uses profile " + got);
}

/// "link profile 3", "link certificate FROM UNTIL", "link waiting FROM": told with the next connection or
/// answer.
void ScenarioRunner::link_shows(std::string_view rest) {
    if (!apply_link_words(rest, bench().link)) fail("what is that of a link?");
}

void ScenarioRunner::raise(std::string_view rest) {
    no_more();
    SecurityEventType type{};
    const std::string word(take_word(rest));
    if (!boost::describe::enum_from_string(word.c_str(), type)) fail("there is no event " + word);
    bench().raise({type, std::string(rest)});
}

void ScenarioRunner::password(std::string_view rest) {
    if (bench().password != rest) fail("the password of the link is " + bench().password);
}

void ScenarioRunner::charge_now(std::string_view rest) {
    no_more();
    bench().charge_now(connector_in(rest));
}

}  // namespace busbar::ocpp::test
