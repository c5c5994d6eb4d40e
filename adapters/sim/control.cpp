// SPDX-License-Identifier: Apache-2.0
// The control language.
#include "adapters/sim/control.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

namespace busbar::sim {

namespace {

using Words = std::vector<std::string>;

constexpr long most_faults = 1'000'000;

Result<Bytes> to_bytes(std::string_view hex) {
    if (hex == "-") {
        return Bytes{};
    }
    Bytes bytes;
    for (std::size_t at = 0; at < hex.size(); at += 2) {
        const auto byte = to_number(fmt::format("0x{}", hex.substr(at, 2)), 0, 0xFF);
        if (!byte || at + 1 == hex.size()) {
            return Error{Errc::invalid,
                         fmt::format("'{}' is not pairs of hex digits, nor - for no card", hex)};
        }
        bytes.push_back(static_cast<std::uint8_t>(*byte));
    }
    return bytes;
}

}  // namespace

/// What a verb works on. `words` are its arguments after the unit, as many as its usage names.
struct ControlVerbs {
    struct Call {
        Control& control;
        Station* station;  ///< set for verbs that name a unit
        const Words& words;
        SteadyTime now;

        [[nodiscard]] Box& box() const { return station->box(); }
    };
    using Answer = Result<std::string>;  ///< JSON or nothing

    struct Verb {
        std::string_view name;
        std::string_view arguments;  ///< as the usage prints them; UNIT is always the first
        Answer (*run)(const Call& call);
    };

    template <class Use>
    static Answer with_number(std::string_view word, long minimum, long maximum, Use use) {
        const auto number = to_number(word, minimum, maximum);
        if (!number) {
            return number.error();
        }
        return use(*number);
    }

    static Answer done(const Result<void>& result) { return result ? Answer{""} : Answer{result.error()}; }

    static Answer plug(const Call& call) {
        call.box().car().plug();
        return "";
    }
    static Answer unplug(const Call& call) {
        call.box().car().unplug();
        return "";
    }
    static Answer battery(const Call& call) {
        return with_number(call.words[0], 0, 1'000'000, [&call](long wh) -> Answer {
            call.box().car().set_battery(double(wh));
            return "";
        });
    }
    static Answer sleep(const Call& call) {
        call.box().car().sleep_when_paused();
        return "";
    }
    static Answer fault(const Call& call) { return done(call.box().fault(call.words[0])); }
    static Answer clear(const Call& call) {
        call.box().clear_fault();
        return "";
    }
    static Answer lock(const Call& call) {
        return with_number(call.words[0], 0, 1,
                           [&call](long locked) { return done(call.box().lock(locked == 1)); });
    }
    static Answer power_cycle(const Call& call) {
        call.box().power_cycle();
        return "";
    }
    template <int LineFaults::*Count>
    static Answer count(const Call& call) {
        return with_number(call.words[0], 0, most_faults, [&call](long number) -> Answer {
            call.station->faults().*Count = int(number);
            return "";
        });
    }
    static Answer delay(const Call& call) {
        return with_number(call.words[0], 0, 60'000, [&call](long by) {
            return with_number(call.words[1], 0, most_faults, [&call, by](long count) -> Answer {
                call.station->faults().late_by = milliseconds(by);
                call.station->faults().late = int(count);
                return "";
            });
        });
    }
    static Answer silent(const Call& call) {
        return with_number(call.words[0], 0, 1, [&call](long on) -> Answer {
            call.station->faults().silent = on == 1;
            return "";
        });
    }
    static Answer babble(const Call& call) {
        return with_number(call.words[0], 0, 1, [&call](long on) -> Answer {
            call.control.line_.babble(on == 1, call.now);
            return "";
        });
    }
    static Answer card(const Call& call) {
        const auto uid = to_bytes(call.words[0]);
        return uid ? done(call.box().card(*uid)) : Answer{uid.error()};
    }
    static Answer show(const Call& call) { return call.station->show(call.now).dump(); }
    static Answer writes(const Call& call) { return call.box().writes().dump(); }
    static Answer quit(const Call& call) {
        call.control.quit_ = true;
        return "";
    }

    static constexpr std::array verbs{
        Verb{"plug", "UNIT", plug},
        Verb{"unplug", "UNIT", unplug},
        Verb{"battery", "UNIT WH", battery},
        Verb{"sleep", "UNIT", sleep},
        Verb{"fault", "UNIT NAME", fault},
        Verb{"clear", "UNIT", clear},
        Verb{"lock", "UNIT 0|1", lock},
        Verb{"power_cycle", "UNIT", power_cycle},
        Verb{"drop", "UNIT N", count<&LineFaults::drop>},
        Verb{"garble", "UNIT N", count<&LineFaults::garble>},
        Verb{"dirt", "UNIT N", count<&LineFaults::dirty>},
        Verb{"foreign", "UNIT N", count<&LineFaults::foreign>},
        Verb{"twice", "UNIT N", count<&LineFaults::twice>},
        Verb{"delay", "UNIT MS N", delay},
        Verb{"silent", "UNIT 0|1", silent},
        Verb{"babble", "0|1", babble},
        Verb{"card", "UNIT HEX", card},
        Verb{"show", "UNIT", show},
        Verb{"writes", "UNIT", writes},
        Verb{"quit", "", quit},
    };

    static const Verb* find(std::string_view name) {
        for (const Verb& verb : verbs) {
            if (verb.name == name) {
                return &verb;
            }
        }
        return nullptr;
    }

    static std::string known() {
        std::string names;
        for (const Verb& verb : verbs) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", verb.name);
        }
        return names;
    }
};

namespace {

Words split(std::string_view text) {
    std::istringstream stream{std::string(text)};
    Words words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

Result<std::string> run(const ControlVerbs::Verb& verb, Words words, Control& control, Line& line,
                        SteadyTime now) {
    if (words.size() != split(verb.arguments).size()) {
        return Error{Errc::invalid, fmt::format("usage: {} {}", verb.name, verb.arguments)};
    }
    if (!verb.arguments.starts_with("UNIT")) {
        return verb.run({control, nullptr, words, now});
    }
    const auto unit = to_number(words[0], 0, 255);
    Station* station = unit ? line.find(int(*unit)) : nullptr;
    if (station == nullptr) {
        return Error{Errc::invalid, fmt::format("no unit '{}' on this line", words[0])};
    }
    words.erase(words.begin());
    station->box().advance(now);
    return verb.run({control, station, words, now});
}

}  // namespace

std::string Control::answer(std::string_view request, SteadyTime now) {
    Words words = split(request);
    if (words.empty()) {
        return "error an empty line; write VERB UNIT ARGUMENTS";
    }
    const ControlVerbs::Verb* verb = ControlVerbs::find(words[0]);
    if (verb == nullptr) {
        return fmt::format("error unknown verb '{}'; known: {}", words[0], ControlVerbs::known());
    }
    words.erase(words.begin());
    const auto result = run(*verb, std::move(words), *this, line_, now);
    if (!result) {
        return "error " + result.error().detail;
    }
    return result->empty() ? "ok" : "ok " + *result;
}

}  // namespace busbar::sim
