// SPDX-License-Identifier: Apache-2.0
// One question a protocol.
#include "adapters/scan_hello.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "adapters/evcc1_frame.hpp"
#include "adapters/keba_report.hpp"
#include "adapters/openevse_rapi.hpp"

namespace busbar::adapters {
namespace {

using config::Protocol;

/// `understand` gives the answer's words; garbled: it is damaged.
struct Hello {
    Protocol protocol;
    std::string (*request)(int unit);
    bool (*is_reply)(std::string_view message, int unit);
    Exchange<std::string> (*understand)(const std::string& message);
};

Exchange<std::string> as_it_is(const std::string& message) {
    return message;
}

/// GV: "OK 7.1.3 5.2.1", firmware and protocol; firmware that does not know it says NK, and is there too.
bool is_rapi_reply(std::string_view text, int /*unit*/) {
    const auto message = rapi::parse(text);
    return message && message->is_reply();
}

Exchange<std::string> rapi_words(const std::string& text) {
    const auto message = rapi::parse(text);
    if (message && message->intact) return fmt::format("${}", fmt::join(message->words, " "));
    return ExchangeError{{Errc::garbled, "an answer with a wrong checksum"}};
}

bool is_evcc1_reply(std::string_view text, int unit) {
    const auto reply = parse_evcc1_reply(text);
    return reply && reply->address == unit && reply->command == static_cast<int>(Evcc1Command::firmware);
}

constexpr std::array<Hello, 3> hellos{{
    {Protocol::rapi, [](int /*unit*/) { return rapi::frame("GV"); }, &is_rapi_reply, &rapi_words},
    {Protocol::evcc1, [](int unit) { return evcc1_request(unit, Evcc1Command::firmware); }, &is_evcc1_reply,
     &as_it_is},
    {Protocol::keba, [](int /*unit*/) { return std::string("report 1"); },
     [](std::string_view text, int /*unit*/) { return keba_report_number(text) == 1; }, &as_it_is},
}};

const Hello* hello_of(Protocol protocol) {
    const auto* found = std::find_if(hellos.begin(), hellos.end(),
                                     [&](const Hello& hello) { return hello.protocol == protocol; });
    return found == hellos.end() ? nullptr : found;
}

/// An adapter without a switch for it gives back what we send.
bool is_echo(std::string_view message, std::string_view request) {
    return !message.empty() && request.starts_with(message);
}

}  // namespace

bool speaks_messages(Protocol protocol) {
    return hello_of(protocol) != nullptr;
}

Exchange<std::string> say_hello(FrameLine& line, Protocol protocol, int unit, const Terms& terms) {
    const auto* hello = hello_of(protocol);
    if (hello == nullptr) return ExchangeError{{Errc::unsupported, "nobody answers in this protocol"}};
    const auto request = hello->request(unit);
    line.take_others();
    const auto reply = line.converse(
        unit, request, [&](std::string_view message) { return hello->is_reply(message, unit); }, terms);
    if (reply) return hello->understand(*reply);
    if (reply.error().code != Errc::timeout) return reply.error();
    for (const auto& message : line.take_others()) {
        if (!is_echo(message, request)) return ExchangeError{{Errc::garbled, "something that is no answer"}};
    }
    return reply.error();
}

}  // namespace busbar::adapters
