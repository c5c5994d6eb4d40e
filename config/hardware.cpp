// SPDX-License-Identifier: Apache-2.0
#include "config/hardware.hpp"

#include <algorithm>
#include <cctype>

#include "config/config_sections.hpp"
#include "config/text_rules.hpp"

namespace busbar::config {
namespace {

constexpr bool is_word(std::string_view text, std::size_t most, std::string_view also) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [&](unsigned char c) {
               return std::isalnum(c) != 0 || also.find(static_cast<char>(c)) != std::string_view::npos;
           });
}

constexpr TextRule kChip{"the name of a GPIO chip, such as gpiochip0",
                         [](std::string_view text) { return is_word(text, 31, "_.-"); }};
constexpr TextRule kAbsolute{"an absolute path",
                             [](std::string_view text) { return text.size() > 1 && text.front() == '/'; }};
constexpr TextRule kPrinted{"1 to 32 characters",
                            [](std::string_view text) { return !text.empty() && characters(text) <= 32; }};
// IFNAMSIZ of linux/if.h is 16 with its final NUL.
constexpr TextRule kInterface{"1 to 15 letters, digits, '_', '.', ':' and '-'",
                              [](std::string_view text) { return is_word(text, 15, "_.:-"); }};
constexpr TextRule kSshUser{
    "1 to 32 letters, digits, '_', '.' and '-', with a letter or '_' first", [](std::string_view text) {
        return is_word(text, 32, "_.-") &&
               (std::isalpha(static_cast<unsigned char>(text.front())) != 0 || text.front() == '_');
    }};
constexpr TextRule kHostKey{"the server's key as in \"ssh-ed25519 AAAA...\"", [](std::string_view text) {
                                const auto blank = text.find(' ');
                                return blank != std::string_view::npos &&
                                       is_word(text.substr(0, blank), 64, "-@.") &&
                                       is_word(text.substr(blank + 1), 1024, "+/=");
                            }};
constexpr TextRule kSshHost{"a host name or an IP address, without '-' in front",
                            [](std::string_view text) { return is_host(text) && text.front() != '-'; }};

constexpr std::string_view kOneOfTwo = "a file stands in place of chip and line";

/// `chip` and `line`, or `file`.
void read_pin(Section& section, Pin& out) {
    section.may("active_low").flag(out.active_low);
    const bool is_file = section.has("file");
    section.need_if(!is_file, "chip", kOneOfTwo).text(out.chip, kChip);
    section.need_if(!is_file, "line", kOneOfTwo).integer(out.line, {0, 1023});
    if (is_file) section.need("file").text(out.file, kAbsolute);
}

void read_led(const Value& value, std::optional<Pin>& out) {
    if (!value.present()) return;
    value.object([&](Section& section) { read_pin(section, out.emplace()); });
}

void read_input(const Value& value, std::optional<InputPin>& out) {
    if (!value.present()) return;
    value.object([&](Section& section) {
        auto& input = out.emplace();
        input.pin.active_low = true;  // a contact to ground, with a pull-up
        read_pin(section, input.pin);
        section.may("debounce_ms").integer(input.debounce, {0, 1000});
    });
}

void read_modem_power(const Value& value, std::optional<ModemPower>& out) {
    if (!value.present()) return;
    value.object([&](Section& section) {
        auto& power = out.emplace();
        if (section.has("program")) {
            section.need("program").text(power.program, kAbsolute);
            return;
        }
        read_pin(section, power.pin.emplace());
        section.may("off_ms").integer(power.off, {100, 60'000});
    });
}

void read_port(Section& section, PrintedPort& out) {
    section.need("name").text(out.name, kPrinted);
    section.need("device").text(out.device, kAbsolute);
}

void read_hardware(Section& root, Hardware& out) {
    std::string schema;  // for editors only
    root.may("$schema").text(schema, kAnyText);
    root.may("model").text(out.model, kPrinted);
    root.may("serial_ports").each([&](const Value& item) {
        item.object([&](Section& section) { read_port(section, out.serial_ports.emplace_back()); });
    });
    root.may("leds").object([&](Section& leds) {
        read_led(leds.may("status"), out.status_led);
        read_led(leds.may("alarm"), out.alarm_led);
        read_led(leds.may("charging"), out.charging_led);
    });
    read_input(root.may("button"), out.button);
    read_input(root.may("tamper"), out.tamper);
    read_modem_power(root.may("modem_power"), out.modem_power);
    root.may("access_point").text(out.access_point, kInterface);
}

void read_support(Section& section, Support& out) {
    section.need("host").text(out.host, kSshHost);
    section.may("port").integer(out.port, {1, 65'535});
    section.need("user").text(out.user, kSshUser);
    section.need("host_key").text(out.host_key, kHostKey);
    section.need("remote_port").integer(out.remote_port, {1024, 65'535});
}

}  // namespace

Checked<Hardware> parse_hardware(std::string_view text) {
    Checked<Hardware> checked;
    read_json(text, checked.problems, [&](Section& root) { read_hardware(root, checked.value); });
    return checked;
}

Checked<Hardware> load_hardware(const std::string& file) {
    Checked<Hardware> checked;
    const auto text = read_file(file, checked.problems);
    return text ? parse_hardware(*text) : checked;
}

void read_box(Section& root, BoxSettings& out) {
    root.may("hardware").text(out.hardware, kAbsolute);
    const Value support = root.may("support");
    if (support.present())
        support.object([&](Section& section) { read_support(section, out.support.emplace()); });
}

BoxSettings box_settings_of(std::string_view text) {
    BoxSettings settings;
    std::vector<Problem> told_before;
    read_json(text, told_before, [&](Section& root) { read_box(root, settings); });
    return settings;
}

}  // namespace busbar::config
