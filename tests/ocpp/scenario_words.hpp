// SPDX-License-Identifier: Apache-2.0
// The words of the scenario language for settings and for what a charger shows, and the other way round.
#pragma once

#include <string>
#include <string_view>

#include "tests/ocpp/bench.hpp"

namespace busbar::ocpp::test {

/// False: there is no such setting.
bool apply_setting(const std::string& name, const std::string& value, Settings& settings,
                   Capabilities& capabilities, DeviceIdentity& identity);

/// "C2 energy=1000 power=7200 connector=2": changes that charger. "" or what is wrong.
std::string apply_charger_words(std::string_view words, std::deque<FakeCharger>& chargers, SteadyTime now,
                                int& connector);

/// The connector in "... connector=2"; 1 where none is named.
int connector_in(std::string_view words);

std::string describe(const Seen& seen);
/// "sign ORGANISATION", "signed", "install", "list", "delete".
std::string describe(const CertificateQuestion& question);

/// Empty: the words say nothing.
std::optional<CertificateAnswer> certificate_answer(std::string_view words);
bool apply_link_words(std::string_view words, LinkSecurity& link);

}  // namespace busbar::ocpp::test
