// SPDX-License-Identifier: Apache-2.0
#include "tests/ocpp/scenario_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "tests/ocpp/scenario_script.hpp"

namespace busbar::ocpp::test {
namespace {

struct Setting {
    std::string_view name;
    void (*apply)(const std::string& value, Settings&, Capabilities&, DeviceIdentity&);
};

AuthorizationMode mode_of(const std::string& word) {
    if (word == "free") return AuthorizationMode::free;
    return word == "rfid" ? AuthorizationMode::rfid : AuthorizationMode::remote;
}

std::chrono::minutes minutes_of(const std::string& clock) {
    return std::chrono::hours(std::stoi(clock)) + std::chrono::minutes(std::stoi(clock.substr(3)));
}

/// "22:00-05:30", on every day, in UTC.
ChargingHours hours_of(const std::string& span) {
    const auto dash = std::min(span.find('-'), span.size() - 1);
    return ChargingHours({{0x7F, minutes_of(span.substr(0, dash)), minutes_of(span.substr(dash + 1))}},
                         [](UtcTime) { return seconds(0); });
}

const std::array settings_table{
    Setting{"mode", [](auto& value, auto& settings, auto&, auto&) { settings.mode = mode_of(value); }},
    Setting{"id_tag", [](auto& value, auto& settings, auto&, auto&) { settings.id_tag = value; }},
    Setting{"vendor", [](auto& value, auto& settings, auto&, auto&) { settings.vendor = value; }},
    Setting{"model", [](auto& value, auto& settings, auto&, auto&) { settings.model = value; }},
    Setting{"version", [](auto& value, auto& settings, auto&, auto&) { settings.version = value; }},
    Setting{"connectors", [](auto& value, auto& s, auto&, auto&) { s.connectors = std::stoi(value); }},
    Setting{"phases", [](auto& value, auto& settings, auto&, auto&) { settings.phases = std::stoi(value); }},
    Setting{"max_current", [](auto& value, auto& settings, auto&,
                              auto&) { settings.max_current = Amperes(std::stod(value)); }},
    Setting{"lost_after", [](auto& value, auto& settings, auto&,
                             auto&) { settings.lost_after = seconds(std::stoi(value)); }},
    Setting{"off_peak", [](auto& value, auto& s, auto&, auto&) { s.times.off_peak = hours_of(value); }},
    Setting{"random_delay",
            [](auto& value, auto& s, auto&, auto&) {
                s.times.random_delay = seconds(std::stoi(value));
                if (!s.times.random) s.times.random = [] { return 0.5; };
            }},
    Setting{"random", [](auto& value, auto& s, auto&,
                         auto&) { s.times.random = [always = std::stod(value)] { return always; }; }},
    Setting{"delay_central_system",
            [](auto& value, auto& s, auto&, auto&) { s.times.delay_central_system = value == "yes"; }},
    Setting{"wake_up", [](auto& value, auto&, auto& can, auto&) { can.wake_up = value == "yes"; }},
    Setting{"hex_key",
            [](auto& value, auto& s, auto&, auto&) { s.authorization_key_is_hex = value == "yes"; }},
    Setting{"switch_phases",
            [](auto& value, auto&, auto& can, auto&) { can.switch_phases = value == "yes"; }},
    Setting{"unlock", [](auto& value, auto&, auto& can, auto&) { can.unlock = value != "no"; }},
    Setting{"one_root", [](auto& value, auto& s, auto&, auto&) { s.additional_root_check = value == "yes"; }},
    Setting{"transfers", [](auto& value, auto& s, auto&, auto&) { s.file_transfer_protocols = value; }},
    Setting{"signer",
            [](auto& value, auto& s, auto&, auto&) {
                s.judge_firmware_signer = [trusted = value](const std::string& pem) {
                    return pem == trusted ? UpdateFirmwareStatus::Accepted
                                          : UpdateFirmwareStatus::InvalidCertificate;
                };
            }},
    Setting{"reboot", [](auto& value, auto&, auto& can, auto&) { can.reboot = value == "yes"; }},
    Setting{"serial", [](auto& value, auto&, auto&, auto& identity) { identity.serial = value; }},
    Setting{"firmware", [](auto& value, auto&, auto&, auto& identity) { identity.firmware = value; }},
};

const std::map<std::string_view, CpState> states{
    {"unknown", CpState::unknown},
    {"A", CpState::A},
    {"B1", CpState::B1},
    {"B2", CpState::B2},
    {"C1", CpState::C1},
    {"C2", CpState::C2},
    {"D", CpState::D},
    {"E", CpState::E},
    {"F", CpState::F},
};

const std::map<std::string_view, FaultCode> faults{
    {"ConnectorLockFailure", FaultCode::ConnectorLockFailure},
    {"GroundFailure", FaultCode::GroundFailure},
    {"HighTemperature", FaultCode::HighTemperature},
    {"InternalError", FaultCode::InternalError},
    {"OtherError", FaultCode::OtherError},
    {"OverCurrentFailure", FaultCode::OverCurrentFailure},
    {"PowerSwitchFailure", FaultCode::PowerSwitchFailure},
};

/// GroundFailure:12:leak
Fault fault_of(const std::string& word) {
    const auto first = word.find(':');
    const auto second = word.find(':', first + 1);
    return {faults.at(word.substr(0, first)), word.substr(first + 1, second - first - 1),
            word.substr(second + 1)};
}

/// "none": the register cannot be read now.
void set_energy(const std::string& value, FakeCharger& charger, SteadyTime now) {
    const bool readable = value != "none";
    charger.set_energy(readable ? std::optional(std::stod(value)) : std::nullopt, now);
}

struct Field {
    std::string_view name;
    void (*apply)(const std::string& value, FakeCharger&, SteadyTime);
};

const std::array fields{
    Field{"energy", set_energy},
    Field{"power", [](auto& value, auto& charger, auto) { charger.power = std::stod(value); }},
    Field{"i1", [](auto& value, auto& charger, auto) { charger.current[0] = std::stod(value); }},
    Field{"i2", [](auto& value, auto& charger, auto) { charger.current[1] = std::stod(value); }},
    Field{"i3", [](auto& value, auto& charger, auto) { charger.current[2] = std::stod(value); }},
    Field{"u1", [](auto& value, auto& charger, auto) { charger.voltage[0] = std::stod(value); }},
    Field{"card", [](auto& value, auto& charger, auto) { charger.face.id_tag = value; }},
    Field{"fault", [](auto& value, auto& charger, auto) { charger.face.fault = fault_of(value); }},
    Field{"phases", [](auto& value, auto& charger, auto) { charger.face.phases = std::stoi(value); }},
    Field{"finished", [](auto& value, auto& charger, auto) { charger.face.finished = value == "yes"; }},
    Field{"locked_out", [](auto& value, auto& charger, auto) { charger.face.locked_out = value == "yes"; }},
    Field{"derated", [](auto& value, auto& charger, auto) { charger.face.derated = value == "yes"; }},
};

template <class Table>
auto find_named(const Table& table, std::string_view name) {
    return std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
}

/// A new face; measured values stay, but no power flows through an open contactor.
void show_state(FakeCharger& charger, CpState state) {
    charger.silent.clear();
    charger.face = Reading{};
    charger.face.state = state;
    if (state == CpState::C2) return;
    if (charger.power) charger.power = 0;
    for (auto& current : charger.current) {
        if (current) current = 0;
    }
}

struct Describe {
    std::string operator()(const std::string& frame) const { return frame; }
    std::string operator()(const Restart&) const { return "restart"; }
    std::string operator()(const Command& command) const { return std::visit(*this, command); }
    std::string operator()(const SetLimit& set) const {
        return fmt::format("limit {} connector={}", set.limit.value(), set.connector);
    }
    std::string operator()(const WakeUp& wake) const {
        return fmt::format("wake connector={}", wake.connector);
    }
    std::string operator()(const Unlock& unlock) const {
        return fmt::format("unlock connector={}", unlock.connector);
    }
    std::string operator()(const Reboot&) const { return "reboot"; }
    std::string operator()(const Transfer& transfer) const { return std::visit(*this, transfer); }
    std::string operator()(const UploadDiagnostics& upload) const {
        return fmt::format("upload {} {}", upload.location, upload.file_name);
    }
    std::string operator()(const UploadLog& upload) const {
        return fmt::format("upload {} {}", upload.location, upload.file_name);
    }
    std::string operator()(const VerifyFirmware& verify) const {
        return fmt::format("verify {}", verify.signature);
    }
    std::string operator()(const DownloadFirmware& download) const {
        return fmt::format("download {}", download.location);
    }
    std::string operator()(const InstallFirmware&) const { return "install"; }
    std::string operator()(const Refresh& refresh) const {
        return fmt::format("refresh connector={}", refresh.connector);
    }
    std::string operator()(const SetPhases& set) const {
        return fmt::format("phases {} connector={}", set.phases, set.connector);
    }
};

}  // namespace

bool apply_setting(const std::string& name, const std::string& value, Settings& settings,
                   Capabilities& capabilities, DeviceIdentity& identity) {
    const auto setting = find_named(settings_table, name);
    if (setting == settings_table.end()) return false;
    setting->apply(value, settings, capabilities, identity);
    return true;
}

int connector_in(std::string_view words) {
    constexpr std::string_view name = "connector=";
    const auto at = words.find(name);
    return at == std::string_view::npos ? 1 : std::stoi(std::string(words.substr(at + name.size())));
}

std::string apply_charger_words(std::string_view words, std::deque<FakeCharger>& chargers, SteadyTime now,
                                int& connector) {
    connector = connector_in(words);
    FakeCharger& charger = chargers.at(static_cast<std::size_t>(connector) - 1);
    charger.count(now);
    const std::string_view first = take_word(words);
    if (first == "silent") {
        charger.silent = words.empty() ? "timeout" : words;
        return {};
    }
    const auto state = states.find(first);
    if (state == states.end()) return fmt::format("there is no state {}", first);
    show_state(charger, state->second);
    while (!words.empty()) {
        const std::string_view word = take_word(words);
        const auto split = std::min(word.find('='), word.size());
        if (word.substr(0, split) == "connector") continue;
        const auto field = find_named(fields, word.substr(0, split));
        if (field == fields.end() || split == word.size()) return fmt::format("what is {}?", word);
        field->apply(std::string(word.substr(split + 1)), charger, now);
    }
    return {};
}

std::string describe(const CertificateQuestion& question) {
    static constexpr std::array<std::string_view, 5> names{"sign", "signed", "delete", "list", "install"};
    const auto* wish = std::get_if<MakeSigningRequest>(&question);
    const std::string name(names.at(question.index()));
    return wish == nullptr || wish->organisation.empty() ? name : name + ' ' + wish->organisation;
}

std::optional<CertificateAnswer> certificate_answer(std::string_view words) {
    const auto kind = take_word(words);
    if (kind == "csr") return SigningRequestMade{std::string(words)};
    if (kind == "nothing") return std::vector<CertificateHashData>{};
    if (kind == "hash") return std::vector{CertificateHashData{HashAlgorithm::SHA256, "aa", "bb", words}};
    const auto status = take_word(words);
    const std::string why(words);
    if (kind == "signed") {
        const bool good = status == "Accepted";
        return CertificateSignedVerdict{
            good ? CertificateSignedStatus::Accepted : CertificateSignedStatus::Rejected, why};
    }
    if (kind == "deleted") {
        if (status == "NotFound") return DeleteCertificateStatus::NotFound;
        return status == "Failed" ? DeleteCertificateStatus::Failed : DeleteCertificateStatus::Accepted;
    }
    if (kind != "installed") return std::nullopt;
    if (status == "Failed") return InstallVerdict{InstallCertificateStatus::Failed, why};
    if (status == "Rejected") return InstallVerdict{InstallCertificateStatus::Rejected, why, true};
    return InstallVerdict{InstallCertificateStatus::Accepted, why};
}

bool apply_link_words(std::string_view words, LinkSecurity& link) {
    const auto what = take_word(words);
    if (what == "profile") {
        link.profile = std::stoi(std::string(words));
    } else if (what == "certificate") {
        const auto from = parse_iso8601(take_word(words));
        const auto until = parse_iso8601(words);
        if (!from || !until) return false;
        link.client = {*from, *until};
    } else if (what == "waiting") {
        link.waiting_from = parse_iso8601(words);
    } else {
        return false;
    }
    return true;
}

std::string describe(const Seen& seen) {
    return std::visit(Describe{}, seen.what);
}

}  // namespace busbar::ocpp::test
