// SPDX-License-Identifier: Apache-2.0
// OpenEVSE's commands: checksum, words, sequence id, and a table of what each does.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "adapters/sim/openevse_box.hpp"
#include "adapters/sim/rapi_frame.hpp"

namespace busbar::sim {

namespace {

using Words = std::vector<std::string>;

constexpr int smallest_a = 6;
constexpr long acknowledgement = 165;

struct Reply {
    bool ok;
    std::string text;
};

/// The text before the checksum; empty: the checksum is wrong. None at all is accepted.
std::optional<std::string> checked(const std::string& text) {
    const auto at = text.find_first_of("^*");
    if (at == std::string::npos) {
        return text;
    }
    unsigned xored = '$';
    unsigned added = '$';
    for (const char byte : text.substr(0, at)) {
        xored ^= static_cast<unsigned char>(byte);
        added += static_cast<unsigned char>(byte);
    }
    const auto given = to_number("0x" + text.substr(at + 1, 2), 0, 0xFF);
    const unsigned expected = text[at] == '^' ? xored : added & 0xFF;
    return given && static_cast<unsigned>(*given) == expected ? std::optional(text.substr(0, at))
                                                              : std::nullopt;
}

long number(const Words& words, std::size_t at) {
    const auto value = at < words.size() ? to_number(words[at], -1'000'000, 1'000'000) : Result<long>(-1L);
    return value ? *value : -1;
}

}  // namespace

/// `words[0]` is the command itself.
struct OpenEvseCommands {
    using Run = Reply (*)(OpenEvseBox& box, const Words& words);
    struct Row {
        std::string_view name;
        bool writes;
        Run run;
    };

    static Reply state(OpenEvseBox& box, const Words&) {
        auto text = fmt::format("{:02x} 0 {:02x}", box.state(), box.pilot_state());
        if (box.options_.flags) {
            text += fmt::format(" {:04x}", box.flags());
        }
        return {true, text};
    }
    static Reply connected(OpenEvseBox& box, const Words&) {
        return {true, box.disabled_ ? "2" : box.car().plugged() ? "1" : "0"};
    }
    static Reply capacities(OpenEvseBox& box, const Words&) {
        return {true, fmt::format("{} {} {} {}", smallest_a, box.options_.hardware_max_a, box.capacity(),
                                  box.options_.stored_a)};
    }
    static Reply current(OpenEvseBox& box, const Words&) {
        const auto milliamps = box.options_.ammeter ? static_cast<int>(box.outlet_.amps()[0] * 1000) : -1;
        return {true, fmt::format("{} {}", milliamps, box.options_.voltmeter ? 230'000 : box.millivolts_)};
    }
    static Reply energy(OpenEvseBox& box, const Words&) {
        const double session_wh =
            box.plugged_before_ ? box.outlet_.metered_wh() - box.session_from_wh_ : box.session_wh_;
        const double total_wh = box.options_.energy_wh + box.added_wh_;
        return {true, fmt::format("{:.0f} {:.0f}", session_wh * 3600, total_wh)};
    }
    static Reply temperatures(OpenEvseBox&, const Words&) { return {true, "-2560 312 -2560"}; }
    static Reply fault_counters(OpenEvseBox&, const Words&) { return {true, "1 0 a"}; }
    static Reply version(OpenEvseBox& box, const Words&) { return {true, box.options_.firmware + " 5.2.1"}; }
    static Reply serial(OpenEvseBox& box, const Words&) { return {true, box.options_.serial}; }
    static Reply socket_lock(OpenEvseBox& box, const Words&) {
        return {box.options_.socket_lock,
                fmt::format("{} {}", box.lock_closed_ ? 1 : 0, box.lock_manual_ ? 'M' : 'A')};
    }
    static Reply heartbeat(OpenEvseBox& box, const Words&) {
        const auto& beat = box.heartbeat_;
        return {box.options_.heartbeats,
                fmt::format("{} {} {}", beat.interval_s, beat.fallback_a, beat.trigger)};
    }

    static Reply enable(OpenEvseBox& box, const Words&) {
        if (box.asleep_ && box.car_slept_before_) {
            box.car().wake();
        }
        box.asleep_ = box.disabled_ = false;
        return {true, ""};
    }
    static Reply disable(OpenEvseBox& box, const Words&) {
        if (box.outlet_.amps()[0] > 0) {
            ++box.opened_under_load_;
        }
        box.outlet_.cut();
        box.disabled_ = true;
        return {true, ""};
    }
    static Reply sleep(OpenEvseBox& box, const Words&) {
        box.car_slept_before_ = box.car().asleep();
        box.asleep_ = true;
        return {true, ""};
    }
    static Reply set_capacity(OpenEvseBox& box, const Words& words) {
        if (words.size() == 3 && words[2] == "M") {
            box.options_.hardware_max_a = static_cast<int>(number(words, 1));
            return {true, words[1]};
        }
        const long asked = number(words, 1);
        const long given = std::clamp<long>(asked, smallest_a, box.options_.hardware_max_a);
        if (box.fault_ == 0x0A && given > box.set_a_) {
            return {false, std::to_string(box.set_a_)};
        }
        box.set_a_ = static_cast<int>(given);
        if (words.size() == 2) {
            box.options_.stored_a = box.set_a_;
            ++box.stored_writes_;
        }
        return {given == asked, std::to_string(given)};
    }
    static Reply set_voltage(OpenEvseBox& box, const Words& words) {
        if (box.options_.voltmeter || words.size() != 2) {
            return {false, ""};
        }
        box.millivolts_ = static_cast<int>(number(words, 1));
        return {true, ""};
    }
    static Reply set_socket_lock(OpenEvseBox& box, const Words& words) {
        if (!box.options_.socket_lock || words.size() != 2) {
            return {false, ""};
        }
        if (words[1] == "M" || words[1] == "A") {
            box.lock_manual_ = words[1] == "M";
        } else if (box.lock_manual_) {
            box.lock_closed_ = words[1] == "1";
        }
        return {true, ""};
    }
    static Reply set_auth_lock(OpenEvseBox& box, const Words& words) {
        box.auth_locked_ = number(words, 1) == 1;
        return {true, ""};
    }
    static Reply clear_boot_lock(OpenEvseBox& box, const Words&) {
        if (box.fault_ != 0) {
            return {true, "1"};
        }
        box.boot_locked_ = false;
        return {true, "0"};
    }
    static Reply supervise(OpenEvseBox& box, const Words& words) {
        auto& beat = box.heartbeat_;
        if (!box.options_.heartbeats) {
            return {false, ""};
        }
        bool ok = true;
        if (words.size() == 3) {
            beat.interval_s = static_cast<int>(number(words, 1));
            beat.fallback_a = static_cast<int>(number(words, 2));
            ++box.stored_writes_;
        } else if (words.size() == 2) {
            ok = number(words, 1) == acknowledgement;
            beat.trigger = ok && beat.trigger == 2 ? 1 : beat.trigger;
        } else {
            ok = beat.trigger != 2;
        }
        beat.last_pulse = box.now();
        return {ok, fmt::format("{} {} {}", beat.interval_s, beat.fallback_a, beat.trigger)};
    }

    static constexpr std::array rows{
        Row{"GS", false, state},          Row{"G0", false, connected},      Row{"GC", false, capacities},
        Row{"GG", false, current},        Row{"GU", false, energy},         Row{"GP", false, temperatures},
        Row{"GF", false, fault_counters}, Row{"GV", false, version},        Row{"GI", false, serial},
        Row{"G5", false, socket_lock},    Row{"GY", false, heartbeat},      Row{"FE", true, enable},
        Row{"FD", true, disable},         Row{"FS", true, sleep},           Row{"SC", true, set_capacity},
        Row{"SV", true, set_voltage},     Row{"S5", true, set_socket_lock}, Row{"S4", true, set_auth_lock},
        Row{"SB", true, clear_boot_lock}, Row{"SY", true, supervise},
    };

    static Reply run(OpenEvseBox& box, const Words& words) {
        const auto* row =
            std::find_if(rows.begin(), rows.end(), [&](const Row& each) { return each.name == words[0]; });
        if (row == rows.end()) {
            return {false, ""};
        }
        if (row->writes) {
            std::string what = words[0];
            for (std::size_t i = 1; i < words.size(); ++i) {
                what += " " + words[i];
            }
            box.writes_.add(box.now(), what, static_cast<int>(number(words, 1)));
        }
        return row->run(box, words);
    }
};

std::optional<Bytes> OpenEvseBox::exchange(const Bytes& request) {
    if (!booted_) {
        return std::nullopt;
    }
    const auto text = checked(std::string(request.begin(), request.end()));
    Words words;
    std::istringstream stream(text.value_or(""));
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    std::string sequence;
    if (words.size() > 1 && words.back().starts_with(':') && options_.sequences) {
        sequence = " " + words.back();
        words.pop_back();
    }
    if (!words.empty() && words[0] == "FR") {  // the processor starts anew before it could answer
        writes_.add(now(), "FR", -1);
        boot();
        return std::nullopt;
    }
    const Reply reply = words.empty() ? Reply{false, ""} : OpenEvseCommands::run(*this, words);
    auto answer = std::string(reply.ok ? "OK" : "NK");
    if (!reply.text.empty()) {
        answer += " " + reply.text;
    }
    const auto frame = rapi_frame(answer + sequence, !options_.checksums);
    return Bytes(frame.begin(), frame.end());
}

}  // namespace busbar::sim
